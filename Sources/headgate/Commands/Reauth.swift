// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import Status
import Store
import Terminal

extension Command {
    static let reauth = Command(
        name: "reauth",
        synopsis: "CUSTOMER/CONNECTION CREDENTIAL [--client-key ID] [--expires DATE] [--json]",
        summary: "gives a connection a new credential or app for the same tenant",
        help: """
            For a connection whose credential or app does not work any more. The tenant stays the same, or nothing is
            changed; progress and history stay. What blocked it is cleared by the next cycle that succeeds, which the
            host begins at once.

            With a new credential of the same app every connection of that app is tested with it first. With --client-key
            another app takes over: it is tested, what the streams need at the source is prepared for it, each stream
            that collects today is read once, and then the connection is moved (exit 5 where it fails, and 4 where it
            has to wait; the former app goes on meanwhile).

              --client-key ID  the new app; without a credential where other connections use that app already
              --expires DATE   the day on which a secret ends, as its provider says
              --json           for machines; docs/schemas/reauth.json describes it

            One credential:

            """ + CredentialFlags.help,
        options: CredentialFlags.options.union(["--client-key", "--expires"]),
        flags: CredentialFlags.flags.union(["--json"]),
        words: 1...1
    ) { invocation in
        let arguments = invocation.arguments
        let key = try Selection(naming: arguments.words[0]).one()
        let clientKey = try arguments.value("--client-key")
        let expires = try arguments.value("--expires").map { try Moments.day($0, for: "--expires") }
        let desk = try Desk.required(invocation)
        guard let connection = try await desk.ledger.connection(key) else {
            throw StoreFailure.missing("connection \(key)")
        }
        guard !connection.isDraft else {
            throw Stop(.usage, "\(key) is a draft: finish it with headgate connection add --answers FILE.")
        }
        let offered = try CredentialFlags.offered(arguments)
        let wiring = try await Wiring(desk, invocation.place)
        let progress = ProgressLine()
        let turn = ReauthTurn(rotation: wiring.rotation(desk), ledger: desk.ledger) { progress.show($0) }
        let document: ReauthDocument
        if let clientKey {
            document = try await turn.move(connection, to: clientKey, offered, expires: expires)
        } else {
            guard let offered else {
                throw Stop(
                    .inputNeeded,
                    "Give the new credential: --secret-file FILE, --secret-stdin, --secret-ref REFERENCE, "
                        + "--certificate FILE or --federated-token-file FILE. Nothing was changed."
                )
            }
            document = try await turn.renew(connection, offered, expires: expires)
        }
        progress.clear()
        if arguments.has("--json") {
            invocation.output.json(document.value)
        } else {
            for line in document.lines(Live(invocation.output).style()) { invocation.output.line(line) }
        }
        switch document.outcome {
        case .reauthorised: return .done
        case .refused: return .checkFailed
        case .doubtful, .waiting: return .waiting
        }
    }
}

/// One re-authorisation from what a person gives to what came of it.
struct ReauthTurn: Sendable {
    let rotation: Rotation
    let ledger: any Ledger
    let progress: @Sendable (String) -> Void

    /// Brings a new credential of the same app into use.
    func renew(_ connection: Connection, _ offered: OfferedCredential, expires: Timestamp?) async throws
        -> ReauthDocument
    {
        let key = connection.key
        var subject = try await rotation.subject(of: key)
        subject = try await rotation.stage(offered, for: subject, declaredExpiry: expires)
        let proof = try await rotation.prove(subject, progress: progress)
        var document = ReauthDocument(connection, clientKey: subject.registration.clientKey, proof)
        guard proof.outcome == .proven else {
            // Whoever re-authorises gives the credential again; nothing half-known is left behind.
            _ = try await rotation.drop(subject)
            return document
        }
        let isDead = try await isRefused(subject)
        var swapped = try await rotation.swap(subject)
        let former = swapped.registration.former
        // What its provider refuses is of no use to anybody.
        if isDead { swapped = try await rotation.drop(swapped) }
        document.reminder = former.flatMap { rotation.place(of: $0, in: swapped) }
        document.formerForgotten = isDead
        return document
    }

    private func isRefused(_ subject: RotationSubject) async throws -> Bool {
        for key in subject.connections.flatMap(\.streamKeys) {
            let cause = try await ledger.facts(of: key).cause
            if let cause, cause.faultClass == .auth, cause.confirmed { return true }
        }
        return false
    }

    /// Moves the connection to another app.
    func move(
        _ connection: Connection,
        to clientKey: String,
        _ offered: OfferedCredential?,
        expires: Timestamp?
    ) async throws -> ReauthDocument {
        let reauth = Reauth(rotation)
        let app = try await reauth.look(
            connection.key,
            clientKey: clientKey,
            offered,
            declaredExpiry: expires
        )
        do {
            let document = try await take(app, connection, reauth)
            if document.outcome != .reauthorised { try await reauth.abandon(app) }
            return document
        } catch {
            try await reauth.abandon(app)
            throw error
        }
    }

    private func take(_ app: NewApp, _ connection: Connection, _ reauth: Reauth) async throws
        -> ReauthDocument
    {
        func document(_ proof: RotationProof) -> ReauthDocument {
            var document = ReauthDocument(connection, clientKey: app.registration.clientKey, proof)
            document.formerKey = app.formerKey
            return document
        }
        let first = try await reauth.prove(app, reads: false, progress: progress)
        guard first.outcome == .proven else { return document(first) }
        let readiness = try await reauth.prepare(app)
        let second = try await reauth.prove(app, reads: true, progress: progress)
        var result = document(second)
        result.readiness = readiness
        guard second.outcome == .proven else { return result }
        guard second.lines.contains(where: { !$0.read.isEmpty }) else {
            // Nothing collected before, so that nothing had to be read; something has to be now.
            result.outcome = readiness.values.contains { $0.isWaiting } ? .waiting : .refused
            result.until = readiness.values.compactMap(\.until).min()
            return result
        }
        let (lost, wait) = try await reauth.cost(app, readiness)
        if let wait {
            result.outcome = .waiting
            result.until = wait
            result.isReady = true
            return result
        }
        result.formerForgotten = try await reauth.move(app, lost: lost)
        result.lost = lost
        return result
    }
}

extension Reauth.Readiness {
    fileprivate var isWaiting: Bool { until != nil }

    fileprivate var until: Timestamp? {
        if case .wait(let until) = self { until } else { nil }
    }
}
