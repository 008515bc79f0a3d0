// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Status
import Store
import Testing

/// What a ledger holds for derived streams, and what its issues say.
@Suite(.timeLimit(.minutes(10))) struct HeldTests {
    private let shop: Workshop
    private let now = Timestamp(seconds: 1_780_000_000)
    init() throws { shop = try Workshop() }

    private func left(_ key: String, at hours: Int = 0, bytes: Int = 8) -> HeldRecord {
        HeldRecord(
            side: .left,
            key: key,
            refs: [key],
            collected: now + .hours(hours),
            event: [UInt8](repeating: 0x61, count: bytes)
        )
    }

    @Test func `held records come back by what they refer to, and go when their time is over`() async throws {
        let ledger = try shop.ledger()
        let move = HeldRecord(
            side: .right,
            key: "i",
            version: "1",
            refs: ["a", "b"],
            collected: now,
            event: Array("{}".utf8)
        )
        try await ledger.write([.stream(.general, .hold(left("a"))), .stream(.general, .hold(move))])
        #expect(
            try await ledger.held(.left, referringTo: "a", of: .general).map(\.event) == [left("a").event]
        )
        let found = try await ledger.held(.right, referringTo: "b", of: .general)
        #expect(found.map(\.version) == ["1"] && found.first?.isMatched == false)
        #expect(try await ledger.held(.right, referringTo: "b", of: .exchange).isEmpty)
        #expect(try await ledger.isHeld(move, of: .general, since: now))
        #expect(try await !ledger.isHeld(move, of: .general, since: now + .seconds(1)))
        #expect(try await ledger.unmatched(of: .general, before: now + .hours(1)) == 2)
        try await ledger.write([.stream(.general, .match(held: try #require(found.first?.id)))])
        #expect(try await ledger.unmatched(of: .general, before: now + .hours(1)) == 1)
        try await ledger.write([.stream(.general, .letGo(before: now + .seconds(1)))])
        #expect(try await ledger.held(.right, referringTo: "a", of: .general).isEmpty)
    }

    @Test func `one with the same key and version takes the place of the one before`() async throws {
        let ledger = try shop.ledger()
        try await ledger.write([.stream(.general, .hold(left("a", bytes: 3)))])
        try await ledger.write([.stream(.general, .hold(left("a", at: 60, bytes: 5)))])
        #expect(try await ledger.held(.left, referringTo: "a", of: .general).map(\.event.count) == [5])
    }

    @Test func `too much is said by the time before which it must go`() async throws {
        let ledger = try shop.ledger()
        #expect(try await ledger.heldLimit(of: .general, bytes: 10) == nil)
        try await ledger.write((0..<4).map { .stream(.general, .hold(left("a\($0)", at: $0, bytes: 10))) })
        #expect(try await ledger.heldLimit(of: .general, bytes: 40) == nil)
        let limit = try #require(try await ledger.heldLimit(of: .general, bytes: 25))
        try await ledger.write([.stream(.general, .letGo(before: limit))])
        #expect(try await ledger.held(.left, referringTo: "a1", of: .general).isEmpty)
        #expect(try await ledger.held(.left, referringTo: "a2", of: .general).count == 1)
    }

    @Test func `an issue stands in the facts of its stream until it is closed, whatever cycles write`()
        async throws
    {
        let ledger = try shop.ledger()
        var facts = StreamFacts()
        facts.acceptedAt = now
        try await ledger.write([.stream(.exchange, .facts(facts))])
        let cause = Cause(faultClass: .enablement, code: "off", message: "switched off", since: now)
        let issue = Status.Issue(
            stream: .exchange,
            watch: "off",
            severity: .security,
            cause: cause,
            seen: now
        )
        try await ledger.write([.stream(.exchange, .sighting(Sighting(watch: "off", hit: issue)))])
        try await ledger.write([.stream(.exchange, .facts(facts))])
        #expect(try await ledger.facts(of: .exchange).standing == cause)
        #expect(try await ledger.allFacts()[.exchange]?.standing == cause)
        #expect(try await ledger.issues(.customer("acme"), openOnly: true).map(\.watch) == ["off"])
        #expect(try await ledger.issues(.stream(.general), openOnly: false).isEmpty)
        let end = now + .hours(1)
        try await ledger.write([.stream(.exchange, .sighting(Sighting(watch: "off", settled: end)))])
        // The same record again, as sources tell it, does not raise it anew.
        try await ledger.write([.stream(.exchange, .sighting(Sighting(watch: "off", hit: issue)))])
        #expect(try await ledger.facts(of: .exchange).standing == nil)
        #expect(try await ledger.issues(.all, openOnly: true).isEmpty)
        #expect(try await ledger.issues(.all, openOnly: false).map(\.closed) == [end])
    }

    @Test func `a batch that is refused moves nothing of what it holds`() async throws {
        let ledger = try shop.ledger()
        let committer = try await shop.committer(ledger)
        let broken = Gap(
            id: nil,
            stream: .general,
            kind: .span,
            from: now,
            to: now,
            cause: .gone,
            how: "",
            detected: now
        )
        let batch = Batch.of(
            [("a", "one")],
            stream: .general,
            effects: [
                .hold(left("a")), .cursor(name: "journal", value: "1:10"), .updateGap(broken),
            ]
        )
        await #expect(throws: (any Error).self) { try await committer.commit(batch) }
        #expect(try await ledger.held(.left, referringTo: "a", of: .general).isEmpty)
        #expect(try await ledger.cursor("journal", of: .general) == nil)
        #expect(try await shop.lines(ledger).isEmpty)
    }
}
