// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
import Crypto
import JSON
import Probing
import Source
package import Status
import Store

/// Gives a connection another app for the same tenant; cursor and history stay, causes are cleared by proof only.
///
/// Look, prove, prepare, move: the source is not changed before the new app has proven itself, and the connection is not
/// moved before it has read once. Until then it goes on with what it has.
package struct Reauth: Sendable {
    private let rotation: Rotation

    /// Works on what `rotation` works on.
    package init(_ rotation: Rotation) { self.rotation = rotation }

    private var ledger: any Ledger { rotation.ledger }
    private var time: any TimeSource { rotation.time }

    /// Looks at a new Client Key with its credential; throws ``CredentialRefused`` with everything that is wrong.
    package func look(
        _ key: ConnectionKey,
        clientKey: String,
        _ offered: OfferedCredential?,
        declaredExpiry: Timestamp? = nil
    ) async throws -> NewApp {
        guard let connection = try await ledger.connection(key) else {
            throw StoreFailure.missing("connection \(key)")
        }
        return try NewApp(
            connection,
            clientKey: clientKey,
            offered,
            looked: try await offered?.looked(),
            declaredExpiry: declaredExpiry,
            definition: try rotation.shelf.usable(for: connection),
            among: try await Registry(ledger),
            newID: Random.uuid(),
            now: time.now
        )
    }

    /// Tests the connection with the new app; with `reads` each stream that collects today must be read once.
    ///
    /// The secret is in the vault from here on; ``abandon(_:)`` takes it out again.
    package func prove(
        _ app: NewApp,
        reads: Bool,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> RotationProof {
        try await keep(app)
        return try await Proving(
            ledger: ledger,
            shelf: rotation.shelf,
            maker: rotation.maker,
            vault: rotation.vault
        ).proof(of: [app.connection], by: app.registration, reads: reads, progress: progress)
    }

    private func keep(_ app: NewApp) async throws {
        guard let secret = app.offered?.kept, let slot = app.registration.current?.slot else { return }
        try await rotation.vault.ensure(secret, app.registration.id, slot)
    }

    /// Forgets the new app's secret, where it did not come to be used.
    package func abandon(_ app: NewApp) async throws {
        guard !app.isKnown,
            try await !ledger.registrations().contains(where: { $0.id == app.registration.id })
        else { return }
        for slot in CredentialSlot.allCases { try await rotation.vault.remove(app.registration.id, slot) }
    }

    /// What came of preparing one stream for the new app.
    package enum Readiness: Sendable, Equatable {
        /// It stands; with the time at which it was begun, as far as we did that.
        case ready(begun: Timestamp?)
        /// The source allows the next try only then.
        case wait(until: Timestamp)
        case failed(String, Remedy?)
    }

    /// Sees to it that every stream's preparation stands for the new app, such as its subscription.
    ///
    /// That a person gives the app is their word for one try even where the source lists it as disabled.
    package func prepare(_ app: NewApp) async throws -> [String: Readiness] {
        let examiner = Examiner(
            ledger: ledger,
            shelf: rotation.shelf,
            maker: rotation.maker,
            credentials: Credentials(rotation.vault)
        )
        let subject = try await examiner.subject(of: app.connection, by: app.registration)
        var found: [String: Readiness] = [:]
        for stream in subject.streams {
            let key = StreamKey(
                customer: app.connection.key.customer,
                connection: app.connection.key.connection,
                stream: stream.id
            )
            found[stream.id] = .ready(begun: nil)
            for step in stream.before {
                let readiness = try await prepare(
                    SourceStep(session: subject.session, stream: stream, key: key, step: step),
                    app
                )
                guard case .ready = readiness else {
                    found[stream.id] = readiness
                    break
                }
                if step.id == stream.keepsFrom { found[stream.id] = readiness }
            }
        }
        return found
    }

    private func prepare(_ source: SourceStep, _ app: NewApp) async throws -> Readiness {
        let step = source.step
        let scope = scope(of: step, app)
        let begun = try await ledger.begun(step: step.id, scope: scope, stream: source.key)
        switch try await source.look() {
        case .stands: return .ready(begun: begun)
        case .failed(let trouble): return .failed(trouble.words, trouble.remedy)
        case .missing, .refused: break
        }
        guard !step.hasSideEffect || !app.connection.noChanges else {
            return .failed("\(step.title): not there yet, and this connection may change nothing", nil)
        }
        let now = time.now
        if let interval = step.minInterval, let begun, now - begun < interval.every, now >= begun {
            return .wait(until: begun + interval.every)
        }
        // The time is on disk before the request goes out, as in every cycle.
        if step.minInterval != nil {
            try await ledger.write([.stream(source.key, .begin(step: step.id, scope: scope, at: now))])
        }
        if let trouble = try await source.make() { return .failed(trouble.words, trouble.remedy) }
        return .ready(begun: step.minInterval == nil ? nil : now)
    }

    private func scope(of step: BeforeStep, _ app: NewApp) -> StepScope {
        switch step.minInterval?.scope {
        case .connection?: .connection
        case .registration?: .registration(app.registration.id)
        case .stream?, nil: .stream
        }
    }

    /// What moving now would cost: spans that neither app is given any more, by stream; and until when it is better to
    /// wait, because the former app still collects them.
    package func cost(_ app: NewApp, _ readiness: [String: Readiness]) async throws -> (
        lost: [String: Range<Timestamp>], wait: Timestamp?
    ) {
        let working = try await Proving.working(app.connection, ledger)
        var lost: [String: Range<Timestamp>] = [:]
        var wait: Timestamp?
        for (choice, key) in zip(app.connection.streams, app.connection.streamKeys) {
            guard case .ready(let begun?)? = readiness[choice.stream] else { continue }
            let facts = try await ledger.facts(of: key)
            guard let mark = facts.watermark ?? facts.coveredFrom else { continue }
            let from = mark.rounded(downTo: .minutes(1))
            let to = begun.rounded(downTo: .minutes(1))
            // Waiting costs nothing, so that even the begun minute is waited for.
            if working.contains(choice.stream), mark < begun {
                wait = max(wait ?? to, to + .minutes(1))
            }
            if from < to { lost[choice.stream] = from..<to }
        }
        return (lost, wait)
    }

    /// Moves the connection to the new app in one transaction, writes down what is lost, and forgets the former app where
    /// nobody uses it any more; says whether it did.
    package func move(_ app: NewApp, lost: [String: Range<Timestamp>]) async throws -> Bool {
        try await keep(app)
        // What a person decided meanwhile stands.
        guard var connection = try await ledger.connection(app.connection.key) else {
            throw StoreFailure.missing("connection \(app.connection.key) any more")
        }
        connection.registration = app.registration.id
        connection.credentials = app.connection.credentials
        var changes: [LedgerChange] = app.isKnown ? [] : [.registration(app.registration)]
        changes.append(.connection(connection))
        let others = try await ledger.connections().filter { $0.key != connection.key }
        let isOrphan = app.former.map { former in !others.contains { $0.registration == former.id } } ?? false
        if let former = app.former, isOrphan { changes.append(.removeRegistration(former.id)) }
        for (choice, key) in zip(connection.streams, connection.streamKeys) {
            if let span = lost[choice.stream] { changes += try await losing(span, of: key) }
            changes.append(.wake(key))
        }
        try await ledger.write(changes)
        try await keep(app)
        if let former = app.former, isOrphan {
            for slot in CredentialSlot.allCases { try await rotation.vault.remove(former.id, slot) }
        }
        return isOrphan
    }

    private func losing(_ span: Range<Timestamp>, of key: StreamKey) async throws -> [LedgerChange] {
        var facts = try await ledger.facts(of: key)
        facts.keptSince = span.upperBound
        facts.losingSince = nil
        let gap = Gap(
            stream: key,
            kind: .span,
            from: span.lowerBound,
            to: span.upperBound,
            cause: facts.cause?.faultClass ?? .subscription,
            how: "the source kept nothing for the new app",
            detected: time.now,
            recoverableUntil: nil,
            lost: true
        )
        let row = CoverageRow(stream: key, from: span.lowerBound, to: span.upperBound, state: .gap)
        return [.stream(key, .facts(facts)), .stream(key, .coverage(row)), .stream(key, .openGap(gap))]
    }
}
