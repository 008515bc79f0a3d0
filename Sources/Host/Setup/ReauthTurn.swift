// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
import Status
package import Store

/// One re-authorisation from what a person gives to what came of it.
package struct ReauthTurn: Sendable {
    /// What came of it.
    package enum Outcome: String, Sendable {
        case reauthorised
        case refused
        /// It could not be told now.
        case doubtful
        /// The new app is ready, or needs a later try; the former one goes on.
        case waiting
    }

    /// How the connection stands afterwards, and why.
    package struct Result: Sendable {
        package let connection: Connection
        package let clientKey: String
        /// The former app, where another takes over.
        package internal(set) var formerKey: String?
        package let proof: RotationProof
        package internal(set) var outcome: Outcome
        /// How what each stream needs at the source stands for the new app.
        package internal(set) var readiness: [String: Reauth.Readiness] = [:]
        /// What neither app was given, by stream; it is on record as gaps.
        package internal(set) var lost: [String: Range<Timestamp>] = [:]
        /// Whether what is lost by moving was not agreed to, so that nothing was moved.
        package internal(set) var asksForLoss = false
        /// When to do the same again.
        package internal(set) var until: Timestamp?
        /// Whether the new app is ready and only the former one has something to finish.
        package internal(set) var isReady = false
        package internal(set) var isFormerForgotten = false
        /// Where the former credential is deleted at its provider.
        package internal(set) var place: CredentialPlace?

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

        /// Why it did not come about; `nil` where it did.
        package var why: (words: String, remedy: Remedy?)? {
            guard outcome != .reauthorised else { return nil }
            if let reason = proof.reason { return (reason.words, reason.remedy) }
            for (stream, readiness) in readiness.sorted(by: { $0.key < $1.key }) {
                if case .failed(let words, let remedy) = readiness { return ("\(stream): \(words)", remedy) }
            }
            if asksForLoss { return ("what only the former app can fetch yet would be lost", nil) }
            if isReady {
                return ("the former app has not collected everything yet that only it is given", nil)
            }
            return outcome == .waiting
                ? ("the source allows the next try later", nil) : ("no stream could be read", nil)
        }
    }

    private let rotation: Rotation
    private let progress: @Sendable (String) -> Void

    /// A turn on what `rotation` works on.
    package init(_ rotation: Rotation, progress: @escaping @Sendable (String) -> Void = { _ in }) {
        self.rotation = rotation
        self.progress = progress
    }

    /// Brings a new credential of the same app into use, for every connection of that app.
    package func renew(_ connection: Connection, _ offered: OfferedCredential, expires: Timestamp? = nil)
        async throws -> Result
    {
        let subject = try await rotation.subject(of: connection.key)
        // What its provider refuses is of no use to anybody.
        let isDead = try await isRefused(subject)
        let turn = RotationTurn(rotation, drops: isDead, progress: progress)
        let rotated = try await turn.run(subject, offered, expires: expires)
        var result = Result(
            connection,
            clientKey: subject.registration.clientKey,
            rotated.proof ?? RotationProof(lines: [])
        )
        // Whoever re-authorises gives the credential again; nothing half-known is left behind.
        if rotated.outcome == .doubtful { _ = try await rotation.drop(rotated.subject) }
        guard rotated.outcome == .rotated else { return result }
        result.place = rotated.former.flatMap { rotation.place(of: $0, in: rotated.subject) }
        result.isFormerForgotten = isDead
        return result
    }

    private func isRefused(_ subject: RotationSubject) async throws -> Bool {
        for key in subject.connections.flatMap(\.streamKeys) {
            let cause = try await rotation.ledger.facts(of: key).cause
            if let cause, cause.faultClass == .auth, cause.confirmed { return true }
        }
        return false
    }

    /// Moves the connection to another app of the same tenant; where something is lost by it, only with `acceptsLoss`.
    package func move(
        _ connection: Connection,
        to clientKey: String,
        _ offered: OfferedCredential?,
        expires: Timestamp? = nil,
        acceptsLoss: Bool = false
    ) async throws -> Result {
        let reauth = Reauth(rotation)
        let app = try await reauth.look(
            connection.key,
            clientKey: clientKey,
            offered,
            declaredExpiry: expires
        )
        do {
            let result = try await take(app, connection, reauth, acceptsLoss)
            if result.outcome != .reauthorised { try await reauth.abandon(app) }
            return result
        } catch {
            try await reauth.abandon(app)
            throw error
        }
    }

    private func take(
        _ app: NewApp,
        _ connection: Connection,
        _ reauth: Reauth,
        _ acceptsLoss: Bool
    ) async throws -> Result {
        func result(_ proof: RotationProof) -> Result {
            var result = Result(connection, clientKey: app.registration.clientKey, proof)
            result.formerKey = app.formerKey
            return result
        }
        let first = try await reauth.prove(app, reads: false, progress: progress)
        guard first.outcome == .proven else { return result(first) }
        let readiness = try await reauth.prepare(app)
        let second = try await reauth.prove(app, reads: true, progress: progress)
        var found = result(second)
        found.readiness = readiness
        guard second.outcome == .proven else { return found }
        guard second.lines.contains(where: { !$0.read.isEmpty }) else {
            // Nothing collected before, so that nothing had to be read; something has to be now.
            found.until = readiness.values.compactMap(\.until).min()
            found.outcome = found.until == nil ? .refused : .waiting
            return found
        }
        let (lost, wait) = try await reauth.cost(app, readiness)
        if let wait {
            found.outcome = .waiting
            found.until = wait
            found.isReady = true
            return found
        }
        found.lost = lost
        guard lost.isEmpty || acceptsLoss else {
            found.outcome = .waiting
            found.asksForLoss = true
            return found
        }
        found.isFormerForgotten = try await reauth.move(app, lost: lost)
        try await CredentialEnds.note(second, in: rotation.ledger)
        return found
    }
}

extension Reauth.Readiness {
    fileprivate var until: Timestamp? {
        if case .wait(let until) = self { until } else { nil }
    }
}
