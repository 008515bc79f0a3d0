// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
import Delivering
import JSON
import Probing
package import Source
package import Status
package import Store

/// Takes one connection off as a person wants it: says what stays, stops what was prepared, forgets what nobody needs.
package struct Removing: Sendable {
    let home: Home
    let ledger: any Ledger
    let vault: Vault
    let shelf: Shelf
    let maker: SessionMaker
    let time: any TimeSource

    /// Removes from the home that `ledger` and `vault` belong to.
    package init(
        home: Home,
        ledger: any Ledger,
        vault: Vault,
        shelf: Shelf,
        maker: SessionMaker,
        time: any TimeSource
    ) {
        self.home = home
        self.ledger = ledger
        self.vault = vault
        self.shelf = shelf
        self.maker = maker
        self.time = time
    }

    /// What taking it off would leave; changes nothing.
    package func plan(_ key: ConnectionKey) async throws -> RemovalPlan {
        let all = try await ledger.connections()
        let selection = Selection("\(key)")
        guard let connection = try selection?.connections(among: all).first else {
            throw StoreFailure.missing("connection \(key)")
        }
        let registrations = try await ledger.registrations()
        let registration = registrations.first { $0.id == connection.registration }
        let definition = try? shelf.definition(connection.connector)
        let folder = "\(key.customer)/\(key.connection)/"
        return RemovalPlan(
            connection: connection,
            registration: registration,
            place: definition.flatMap { CredentialPlace(field: "clientKey", connection, $0, maker) },
            others: all.filter { $0.registration == connection.registration && $0.key != key }.map(\.key),
            elsewhere: registration?.elsewhere(all, registrations) ?? [],
            prepared: definition.map { Self.prepared(connection, $0) } ?? [],
            archive: "\(home.archive)/\(folder)",
            archiveFiles: try await ledger.files(Archive.destination).count { $0.hasPrefix(folder) },
            gaps: try await ledger.gaps(.connection(key), openOnly: false).count
        )
    }

    private static func prepared(_ connection: Connection, _ definition: Definition)
        -> [RemovalPlan.Prepared]
    {
        guard !connection.isDraft, !connection.noChanges else { return [] }
        return connection.streams.flatMap { choice in
            (definition.stream(choice.stream)?.before ?? []).filter(\.hasSideEffect).map { step in
                RemovalPlan.Prepared(
                    stream: choice.stream,
                    title: step.title,
                    canBeTakenBack: step.undo != nil
                )
            }
        }
    }

    /// Takes back at the source what was prepared for the connection's streams, and says what came of each.
    ///
    /// The streams are paused first, so that no cycle makes anew what is taken back; where something fails they go on.
    /// Throws where the definition or the credential cannot be had.
    package func stop(
        _ plan: RemovalPlan,
        by person: String,
        progress: @Sendable (String) -> Void = { _ in }
    ) async throws -> [Stopped] {
        let connection = plan.connection
        let definition = try shelf.usable(for: connection)
        let examiner = Examiner(
            ledger: ledger,
            shelf: shelf,
            maker: maker,
            credentials: Credentials(vault)
        )
        let subject = try await examiner.subject(of: connection)
        if let trouble = subject.credentialTrouble { throw CredentialRefused(trouble) }
        let held = try await pause(connection, by: person)
        var stopped: [Stopped] = []
        for (choice, key) in zip(connection.streams, connection.streamKeys) {
            guard let stream = definition.stream(choice.stream) else { continue }
            for step in stream.before where step.undo != nil {
                progress("\(key): stopping")
                let source = SourceStep(session: subject.session, stream: stream, key: key, step: step)
                let outcome: (Stopped.Outcome, String?) =
                    switch try await source.takeBack() {
                    case .done: (.stopped, nil)
                    case .absent: (.absent, nil)
                    case .failed(let trouble): (.failed, trouble.words)
                    }
                stopped.append(
                    Stopped(
                        stream: choice.stream,
                        title: step.title,
                        outcome: outcome.0,
                        words: outcome.1
                    )
                )
            }
        }
        if stopped.contains(where: { $0.outcome == .failed }) {
            try await ledger.write(held.flatMap { [.hold($0, nil), .wake($0)] })
        }
        return stopped
    }

    private func pause(_ connection: Connection, by person: String) async throws -> [StreamKey] {
        let hold = Hold(kind: .paused, by: person, reason: "being removed", at: time.now)
        let keys = zip(connection.streams, connection.streamKeys).filter { $0.0.hold == nil }.map(\.1)
        try await ledger.write(keys.map { .hold($0, hold) })
        // A host beside us hears of it within two seconds.
        if try await Repair.isHostRunning(ledger, now: time.now) {
            try await time.sleep(for: .seconds(3))
        }
        return keys
    }

    /// Takes it off, and forgets the app with its secret where nobody else uses it; says whether it did.
    package func remove(_ plan: RemovalPlan) async throws -> Bool {
        guard let selection = Selection("\(plan.connection.key)") else { return false }
        return try await Removal.remove(selection, from: ledger, vault: vault)
    }
}
