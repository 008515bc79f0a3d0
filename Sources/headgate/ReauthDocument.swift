// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import JSON
import Reporting
import Status
import Store

/// What came of re-authorising a connection, for people and machines.
struct ReauthDocument: Sendable {
    enum Outcome: String {
        case reauthorised, refused, doubtful
        /// Ready, or in need of a later try; the former app goes on.
        case waiting
    }

    let connection: Connection
    let clientKey: String
    let proof: RotationProof
    var outcome: Outcome
    /// The former app, where another takes over.
    var formerKey: String?
    var readiness: [String: Reauth.Readiness] = [:]
    var lost: [String: Range<Timestamp>] = [:]
    /// When to run the same again.
    var until: Timestamp?
    /// Whether the new app is ready and only the former one has something to finish.
    var isReady = false
    var formerForgotten = false
    var reminder: CredentialPlace?

    init(_ connection: Connection, clientKey: String, _ proof: RotationProof) {
        self.connection = connection
        self.clientKey = clientKey
        self.proof = proof
        switch proof.outcome {
        case .proven: outcome = .reauthorised
        case .refused: outcome = .refused
        case .doubtful: outcome = .doubtful
        }
    }

    private var read: [String] {
        proof.lines.first { $0.connection == connection.key }?.read ?? []
    }

    /// Why it did not come about.
    private var why: (words: String, remedy: Remedy?)? {
        guard outcome != .reauthorised else { return nil }
        if let reason = proof.reason { return (reason.words, reason.remedy) }
        for (stream, readiness) in readiness.sorted(by: { $0.key < $1.key }) {
            if case .failed(let words, let remedy) = readiness { return ("\(stream): \(words)", remedy) }
        }
        if isReady { return ("the former app has not collected everything yet that only it is given", nil) }
        return outcome == .waiting
            ? ("the source allows the next try later", nil) : ("no stream could be read", nil)
    }

    // MARK: for machines

    var value: Value {
        let key = connection.key
        return members(
            ("schema", 1),
            ("outcome", .string(outcome.rawValue)),
            ("customer", .string(key.customer)),
            ("connection", .string(key.connection)),
            ("tenant", .string(connection.tenant)),
            ("clientKey", .string(clientKey)),
            ("formerClientKey", .text(formerKey)),
            ("why", .text(why?.words)),
            ("remedy", why?.remedy?.json ?? .null),
            ("until", .time(until)),
            ("read", .array(read.map { .string($0) })),
            (
                "streams",
                .array(
                    readiness.sorted { $0.key < $1.key }.map { stream, readiness in
                        let (word, words): (String, String?) =
                            switch readiness {
                            case .ready: ("ready", nil)
                            case .wait: ("wait", nil)
                            case .failed(let words, _): ("failed", words)
                            }
                        return members(
                            ("id", .string(stream)),
                            ("result", .string(word)),
                            ("words", .text(words))
                        )
                    }
                )
            ),
            (
                "lost",
                .array(
                    lost.sorted { $0.key < $1.key }.map { stream, span in
                        members(
                            ("stream", .string(stream)),
                            ("from", .time(span.lowerBound)),
                            ("to", .time(span.upperBound))
                        )
                    }
                )
            ),
            ("formerForgotten", .bool(formerForgotten)),
            ("reminder", reminder.map(RotationDocument.value) ?? .null)
        )
    }

    // MARK: for people

    func lines(_ style: Style) -> [String] {
        let key = connection.key
        guard outcome == .reauthorised else {
            var lines = ["\(key) is not re-authorised: \(why?.words ?? "it could not be proven")"]
            for (stream, readiness) in readiness.sorted(by: { $0.key < $1.key }) {
                if case .failed(let words, _) = readiness { lines.append("  \(stream): \(words)") }
            }
            lines.append("Nothing was changed here: it goes on with what it has.")
            if let until {
                lines.append(
                    isReady
                        ? "The new app is ready. Run the same again when status says \"caught up to\" later than "
                            + "\(until.clockText) UTC, so that nothing is lost."
                        : "Run the same again after \(until.clockText) UTC."
                )
            } else if let remedy = why?.remedy {
                lines += RemedyText.lines(remedy, style: style, indent: "  ")
            }
            return lines
        }
        var lines = ["\(key) is re-authorised for the same tenant \(connection.tenant)"]
        if let formerKey, !formerKey.isEmpty {
            lines.append("  the app \(clientKey) takes over from \(formerKey)")
        }
        if !read.isEmpty { lines.append("  read from \(read.joined(separator: ", "))") }
        for (stream, readiness) in readiness.sorted(by: { $0.key < $1.key }) {
            if case .failed(let words, _) = readiness { lines.append("  \(stream) stays behind: \(words)") }
        }
        for (stream, span) in lost.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "  \(stream): what was between \(span.lowerBound) and \(span.upperBound) is lost; it is on record "
                    + "as a gap"
            )
        }
        lines.append("The host looks at it at once; what blocked it is cleared when a cycle succeeds.")
        if formerForgotten { lines.append("The former credential is forgotten here.") }
        if let reminder {
            lines.append("Delete the former one at its provider" + (reminder.path.map { ": \($0)" } ?? ""))
            if let link = reminder.link { lines.append("  \(link)") }
        }
        return lines
    }
}
