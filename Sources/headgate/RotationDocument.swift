// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import JSON
import Reporting
import Status
import Store

/// What a rotation would do or has done, for people and machines.
struct RotationDocument: Sendable {
    enum Outcome: String {
        case planned, rotated, refused, doubtful, dropped
        /// There was no old credential to forget.
        case nothing
    }

    let outcome: Outcome
    let subjects: [RotationSubject]
    let rotation: Rotation
    let proof: RotationProof?
    /// Where the former credential is to be deleted by a person.
    var reminder: CredentialPlace?
    var formerKind: Store.Credential.Kind?
    /// The kind of a new credential that is at hand already.
    var givenKind: Store.Credential.Kind?

    /// What would be done; `given` is the kind of a new credential that was handed over.
    init(
        planned subjects: [RotationSubject],
        _ rotation: Rotation,
        with given: Store.Credential.Kind? = nil
    ) {
        givenKind = given
        outcome = .planned
        self.subjects = subjects
        self.rotation = rotation
        proof = nil
    }

    /// What was done.
    init(_ result: RotationTurn.Result, _ rotation: Rotation) {
        outcome = Outcome(rawValue: result.outcome.rawValue) ?? .nothing
        subjects = [result.subject]
        self.rotation = rotation
        proof = result.proof
        guard result.outcome == .rotated else { return }
        reminder = result.former.flatMap { rotation.place(of: $0, in: result.subject) }
        formerKind = result.former?.kind
    }

    // MARK: for machines

    var value: Value {
        members(
            ("schema", 1),
            ("outcome", .string(outcome.rawValue)),
            (
                "why",
                outcome == .refused || outcome == .doubtful
                    ? proof?.reason.map { .string($0.words) } ?? .null : .null
            ),
            ("registrations", .array(subjects.map(value))),
            ("reminder", reminder.map(Self.value) ?? .null)
        )
    }

    static func value(_ place: CredentialPlace) -> Value {
        members(("label", .string(place.label)), ("where", .text(place.path)), ("link", .text(place.link)))
    }

    private func value(_ subject: RotationSubject) -> Value {
        let registration = subject.registration
        return members(
            ("cloud", .string(registration.cloud)),
            ("tenant", .string(registration.tenant)),
            ("clientKey", .string(registration.clientKey)),
            ("current", registration.current.map(Self.value) ?? .null),
            ("staged", registration.staged.map(Self.value) ?? .null),
            ("former", registration.former.map(Self.value) ?? .null),
            ("connections", .array(subject.connections.map { value($0.key) })),
            ("elsewhere", .array(subject.elsewhere.map { .string($0.description) }))
        )
    }

    private static func value(_ credential: Store.Credential) -> Value {
        members(
            ("kind", .string(credential.kind.rawValue)),
            ("version", .int(Int64(credential.version))),
            ("expiresAt", .time(credential.expiresAt)),
            ("source", .string(credential.expirySource.rawValue)),
            ("added", .time(credential.added))
        )
    }

    private func value(_ key: ConnectionKey) -> Value {
        let line = proof?.lines.first { $0.connection == key }
        var (verdict, cause, words): (String?, Cause?, String?) = (nil, nil, nil)
        switch line?.verdict {
        case .proven?: verdict = "proven"
        case .refused(let found)?: (verdict, cause, words) = ("refused", found, found.message)
        case .stillFailing(let found)?: (verdict, cause, words) = ("still-failing", found, found.message)
        case .doubtful(let said)?: (verdict, words) = ("doubtful", said)
        case .untested(let said)?: (verdict, words) = ("untested", said)
        case nil: break
        }
        return members(
            ("customer", .string(key.customer)),
            ("connection", .string(key.connection)),
            ("verdict", .text(verdict)),
            ("words", .text(words)),
            ("cause", cause?.json ?? .null),
            ("read", .array((line?.read ?? []).map { .string($0) }))
        )
    }

    // MARK: for people

    func lines(_ style: Style) -> [String] {
        var lines: [String] = []
        for subject in subjects {
            lines += head(subject)
            lines += subject.connections.map { "  " + words($0.key) }
            lines += subject.elsewhere.map { "  the same app, with a credential of its own here: \($0)" }
            if outcome == .planned { lines += plan(subject) }
        }
        guard let subject = subjects.first, outcome != .planned else { return lines }
        switch outcome {
        case .rotated: lines += rotated(subject)
        case .refused:
            lines.append("Nothing was changed: the credential in use stays in use.")
            if var remedy = proof?.reason?.remedy {
                remedy.next = "headgate rotate \(name(subject)) --secret-file FILE"
                lines += RemedyText.lines(remedy, style: style, indent: "  ")
            }
        case .doubtful:
            lines += [
                "The credential in use stays in use; the new one waits beside it.",
                "Try again with: headgate rotate \(name(subject))",
            ]
        case .dropped: lines.append("The old credential is forgotten here.")
        case .nothing: lines.append("There is no old credential to forget.")
        case .planned: break
        }
        return lines
    }

    private func head(_ subject: RotationSubject) -> [String] {
        let registration = subject.registration
        let kind = registration.current?.kind.rawValue ?? "credential"
        let app = registration.clientKey.isEmpty ? "" : " of the app \(registration.clientKey)"
        let verb =
            switch outcome {
            case .rotated: "rotated: the new \(kind)\(app) is in use"
            case .refused: "refused: the new credential\(app) does not prove itself"
            case .doubtful: "not told: the new credential\(app) could not be tried to its proof"
            case .planned, .dropped, .nothing: "the \(kind)\(app)" + Self.end(registration.current)
            }
        return [verb]
    }

    private func words(_ key: ConnectionKey) -> String {
        guard let line = proof?.lines.first(where: { $0.connection == key }) else { return "used by \(key)" }
        switch line.verdict {
        case .proven:
            return "\(key): proven, "
                + (line.read.isEmpty ? "by its token" : "read from \(line.read.joined(separator: ", "))")
        case .refused(let cause): return "\(key): refused: \(cause.message)"
        case .stillFailing(let cause):
            return "\(key): did not collect before and does not work now: \(cause.message)"
        case .doubtful(let words): return "\(key): not told: \(words)"
        case .untested(let words): return "\(key): not tested: \(words)"
        }
    }

    private func plan(_ subject: RotationSubject) -> [String] {
        var lines: [String] = []
        if subject.registration.staged != nil {
            lines.append("  a new one waits beside it to be proven: headgate rotate \(name(subject))")
        } else {
            if subject.registration.former != nil {
                lines.append("  its old one is still kept here: headgate rotate \(name(subject)) --drop-old")
            }
            let count = subject.connections.count
            if let givenKind {
                let tested = count == 1 ? "the connection is" : "all \(count) connections are"
                let former = subject.registration.current?.kind.rawValue ?? "credential"
                lines.append(
                    "  the \(givenKind.rawValue) given would come into use once \(tested) tested with it; the \(former)"
                        + " in use is kept beside it"
                )
                return lines
            }
            lines.append(
                "  to be done: make a new one"
                    + (subject.registration.current.flatMap { rotation.place(of: $0, in: subject) }
                        .flatMap(\.path).map { " (\($0))" } ?? "")
                    + ", then headgate rotate \(name(subject)) --secret-file FILE; "
                    + (count == 1 ? "the connection is" : "all \(count) connections are")
                    + " tested with it first"
            )
        }
        return lines
    }

    private func rotated(_ subject: RotationSubject) -> [String] {
        var lines: [String] = []
        if subject.registration.current?.expiresAt == nil, subject.registration.current?.kind == .secret {
            lines.append(
                "  When it ends is not known: give --expires DATE next time, so that you are told in time."
            )
        }
        let kind = formerKind?.rawValue ?? "credential"
        if let former = subject.registration.former {
            let until = former.expiresAt.map { "until it ends on \($0.day)" } ?? "until you say otherwise"
            lines.append(
                "  The old \(kind) is kept here \(until); forget it with: headgate rotate \(name(subject)) --drop-old"
            )
        } else if formerKind != nil {
            lines.append("  The old \(kind) is forgotten here.")
        }
        for key in subject.elsewhere {
            lines.append("Then the same for another tenant: headgate rotate \(key)")
        }
        guard let reminder else { return lines }
        let after = subject.elsewhere.isEmpty ? "Delete" : "Only after that delete"
        lines.append("\(after) the old \(kind) at its provider" + (reminder.path.map { ": \($0)" } ?? ""))
        if let link = reminder.link { lines.append("  \(link)") }
        return lines
    }

    private func name(_ subject: RotationSubject) -> String {
        subject.connections.first?.key.description ?? "CUSTOMER/CONNECTION"
    }

    private static func end(_ credential: Store.Credential?) -> String {
        guard let credential, let end = credential.expiresAt else { return ": when it ends is not known" }
        return " ends on \(end.day)" + (credential.expirySource == .declared ? ", as declared" : "")
    }
}
