// SPDX-License-Identifier: Apache-2.0
import Connectors
import Probing
import Source
import Status
import Store

/// Tests connections with a credential that is not in use yet.
struct Proving: Sendable {
    let ledger: any Ledger
    let shelf: Shelf
    let maker: SessionMaker
    let vault: Vault

    /// How many connections are tested side by side.
    private static let atOnce = 8

    /// What the tests of `connections` by `registration` prove, in their order.
    func proof(
        of connections: [Connection],
        by registration: Registration,
        reads: Bool = true,
        progress: @escaping @Sendable (String) -> Void
    ) async throws -> RotationProof {
        var lines: [ConnectionKey: RotationProof.Line] = [:]
        try await withThrowingTaskGroup(of: RotationProof.Line.self) { group in
            var waiting = connections[...]
            func start() {
                guard let next = waiting.popFirst() else { return }
                group.addTask { try await line(next, registration, reads, progress) }
            }
            for _ in 0..<Self.atOnce { start() }
            while let line = try await group.next() {
                lines[line.connection] = line
                start()
            }
        }
        return RotationProof(lines: connections.compactMap { lines[$0.key] })
    }

    private func line(
        _ connection: Connection,
        _ registration: Registration,
        _ reads: Bool,
        _ progress: @escaping @Sendable (String) -> Void
    ) async throws -> RotationProof.Line {
        if let refusal = shelf.refusal(of: connection) {
            return RotationProof.Line(connection: connection.key, verdict: .untested("\(refusal)"))
        }
        let definition = try shelf.usable(for: connection)
        let examiner = Examiner(
            ledger: ledger,
            shelf: shelf,
            maker: maker,
            credentials: Credentials(vault)
        )
        let report = try await Prober.run(try await examiner.subject(of: connection, by: registration)) {
            progress("\(connection.key): \($0)")
        }
        return RotationProof.Line(
            report,
            definition,
            tenant: connection.tenant,
            worked: try await Self.working(connection, ledger),
            reads: reads
        )
    }

    /// The streams of a connection that collect today, as far as a credential can be the reason why.
    static func working(_ connection: Connection, _ ledger: any Ledger) async throws -> Set<String> {
        guard !connection.isDraft else { return [] }
        var found: Set<String> = []
        for (choice, key) in zip(connection.streams, connection.streamKeys)
        where choice.hold?.kind != .excluded {
            let facts = try await ledger.facts(of: key)
            if facts.wholeCycles > 0, facts.cause?.faultClass.isBlocking != true {
                found.insert(choice.stream)
            }
        }
        return found
    }
}
