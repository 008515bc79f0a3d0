// SPDX-License-Identifier: Apache-2.0
import Basics
import Status
import Store
import TestSupport
import Testing

/// What rotations ask of the store: moves in one transaction, a vault that several processes change.
@Suite("Moves of credentials")
struct CredentialMoveTests {
    private let folder = TemporaryFolder()
    private let home: Home
    private let ledger: SQLiteLedger
    private let now = Timestamp(seconds: 1_795_000_000)
    private let key = StreamKey(customer: "contoso", connection: "o365", stream: "Audit.General")

    init() throws {
        home = try Home.open(folder.file("home"))
        ledger = try SQLiteLedger(home: home)
    }

    private func start() async throws {
        let registration = Registration(
            id: "r",
            cloud: "lab",
            tenant: "t",
            clientKey: "app",
            current: Credential(kind: .secret, added: now),
            created: now
        )
        try await ledger.write([.registration(registration)])
    }

    private func registration() async throws -> Registration {
        try #require(try await ledger.registrations().first)
    }

    @Test func `a swap and what goes with it happen together, or not at all`() async throws {
        try await start()
        let fresh = Credential(kind: .certificate, version: 2, slot: .next, thumbprint: "ab", added: now)
        try await ledger.write([.credential("r", .stage(fresh))])
        #expect(try await registration().staged == fresh)
        await #expect(throws: StoreFailure.self) {
            try await ledger.write([.wake(key), .credential("r", .swap(version: 7))])
        }
        #expect(try await ledger.takeWoken().isEmpty)
        #expect(try await registration().staged == fresh)
        try await ledger.write([.credential("r", .swap(version: 2)), .wake(key), .wake(key)])
        #expect(try await registration().current == fresh)
        #expect(try await registration().former?.version == 1)
        #expect(try await ledger.takeWoken() == [key])
        #expect(try await ledger.takeWoken().isEmpty)
        await #expect(throws: StoreFailure.self) {
            try await ledger.write([.credential("gone", .drop(version: 1))])
        }
        // A drop of what is not there any more is none.
        try await ledger.write([.credential("r", .drop(version: 9)), .credential("r", .drop(version: 1))])
        #expect(try await registration().next == nil)
    }

    @Test func `what is let stand is kept until its connection goes`() async throws {
        let ack = Ack(
            issue: "0123abcd",
            connection: "contoso/o365",
            by: "me",
            reason: "soon",
            at: now,
            until: now + .days(2)
        )
        try await ledger.write([.ack(ack)])
        #expect(try await ledger.acks() == [ack])
        try await ledger.write([.removeConnection(key.connectionKey)])
        #expect(try await ledger.acks().isEmpty)
    }

    @Test func `two that change the vault at the same time lose nothing of each other`() async throws {
        try await Vault(home, credentials: nil).put(Secret("first"), "r0", .current)
        let home = home
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 1...4 {
                group.addTask {
                    let vault = Vault(home, credentials: nil)
                    for turn in 0..<5 {
                        try await vault.put(Secret("secret \(writer)"), "r\(writer)-\(turn)", .next)
                    }
                }
            }
            try await group.waitForAll()
        }
        let vault = Vault(home, credentials: nil)
        #expect(try await vault.secret("r0", .current) == Secret("first"))
        for writer in 1...4 {
            for turn in 0..<5 {
                let kept = try await vault.secret("r\(writer)-\(turn)", .next)
                #expect(kept == Secret("secret \(writer)"))
            }
        }
    }
}
