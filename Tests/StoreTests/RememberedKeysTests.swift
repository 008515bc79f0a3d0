// SPDX-License-Identifier: Apache-2.0
import Basics
import Status
import Store
import TestSupport
import Testing

/// Keys in runs, filters and day tables, seen through what the ledger decides.
@Suite(.timeLimit(.minutes(5))) struct RememberedKeysTests {
    private let shop: Workshop
    init() throws { shop = try Workshop() }

    private func batch(
        _ numbers: some Sequence<Int>,
        stream: StreamKey = .exchange,
        day: Int = 20_600,
        content: UInt64 = 1
    )
        -> Batch
    {
        var random = SplitMix(7)
        let salt = random.next()
        let entries = numbers.enumerated().map { place, number in
            var mixed = SplitMix(UInt64(number) &+ salt)
            return BatchEntry(
                end: place + 1,
                key: KeyDigest(high: mixed.next(), low: mixed.next()),
                content: content
            )
        }
        return Batch(
            stream: stream,
            availability: Timestamp(seconds: Int64(day) * 86_400),
            lines: [UInt8](repeating: 0x0A, count: entries.count),
            entries: entries
        )
    }

    private func store(_ ledger: SQLiteLedger, _ batch: Batch) async throws -> Committed {
        let sifted = try await ledger.sift([batch])
        try await ledger.apply(sifted, end: JournalEnd(position: .start))
        return sifted[0].committed
    }

    @Test func `a hundred thousand keys in small and large runs are all found again, and no stranger is`()
        async throws
    {
        let ledger = try shop.ledger()
        var next = 0
        for size in [1, 500, 20_000, 3, 30_000, 9_000, 30_000, 17_000] {
            #expect(try await store(ledger, batch(next..<next + size, day: 20_600 + size % 3)).stored == size)
            next += size
        }
        for ledger in [ledger, try shop.ledger()] {
            let again = try await ledger.sift([batch(0..<next)])[0]
            #expect(again.committed == Committed(duplicate: next))
            let strangers = try await ledger.sift([batch(next..<next + 50_000)])[0]
            #expect(strangers.committed.stored == 50_000)
            #expect(strangers.kept == [0..<50_000])
        }
    }

    @Test func `keys that share their first word stay apart, in one chunk and over many`() async throws {
        let ledger = try shop.ledger()
        func batch(_ lows: ClosedRange<UInt64>) -> Batch {
            Batch(
                stream: .exchange,
                availability: Timestamp(seconds: 1_780_000_000),
                entries: lows.enumerated().map {
                    BatchEntry(end: $0 + 1, key: KeyDigest(high: 42, low: $1), content: 1)
                }
            )
        }
        #expect(try await store(ledger, batch(1...20_000)).stored == 20_000)
        #expect(try await ledger.sift([batch(1...20_000)])[0].committed.duplicate == 20_000)
        #expect(
            try await ledger.sift([batch(19_999...20_003)])[0].committed == Committed(stored: 3, duplicate: 2)
        )
    }

    @Test func `every digest of a key's bytes is remembered through merging`() async throws {
        let ledger = try shop.ledger()
        for content in 1...3 as ClosedRange<UInt64> {
            #expect(try await store(ledger, batch(0..<25_000, content: content)).stored == 25_000)
        }
        for content in 1...3 as ClosedRange<UInt64> {
            #expect(
                try await ledger.sift([batch(0..<25_000, content: content)])[0].committed.duplicate == 25_000
            )
        }
        #expect(try await ledger.sift([batch(0..<5, content: 4)])[0].committed.changed == 5)
    }

    @Test func `duplicates within a group go to the batch that came first`() async throws {
        let ledger = try shop.ledger()
        let sifted = try await ledger.sift([batch(0..<10), batch(5..<15), batch(0..<20)])
        #expect(sifted.map(\.committed.stored) == [10, 5, 5])
        #expect(sifted[1].kept == [5..<10])
    }

    private func setMark(_ ledger: SQLiteLedger, _ stream: StreamKey, day: Int) async throws {
        var facts = StreamFacts()
        facts.acceptedAt = Timestamp(seconds: 0)
        facts.coveredFrom = Timestamp(seconds: 0)
        facts.watermark = Timestamp(seconds: Int64(day) * 86_400)
        try await ledger.write([.stream(stream, .facts(facts))])
    }

    @Test func `keys and items lapse by the watermark, eight days after their availability`() async throws {
        let ledger = try shop.ledger()
        _ = try await store(ledger, batch(0..<100, day: 20_600))
        try await ledger.write([
            .stream(.exchange, .remember(item: "blob", availability: Timestamp(seconds: 20_600 * 86_400)))
        ])
        shop.time.advance(by: .days(400))
        try await setMark(ledger, .exchange, day: 20_608)
        try await ledger.lapse()
        #expect(try await ledger.sift([batch(0..<100)])[0].committed.duplicate == 100)
        #expect(try await ledger.remembered(["blob"], of: .exchange) == ["blob"])
        try await setMark(ledger, .exchange, day: 20_609)
        try await ledger.lapse()
        #expect(try await ledger.sift([batch(0..<100)])[0].committed.stored == 100)
        #expect(try await ledger.remembered(["blob"], of: .exchange).isEmpty)
        #expect(try await store(ledger, batch(0..<100, day: 20_609)).stored == 100)
    }

    @Test func `a stream that lags keeps its own keys only`() async throws {
        let ledger = try shop.ledger()
        _ = try await store(ledger, batch(0..<3_000, day: 20_600))
        _ = try await store(ledger, batch(0..<20_000, stream: .general, day: 20_600))
        _ = try await store(ledger, batch(20_000..<20_010, stream: .general, day: 20_600))
        try await setMark(ledger, .exchange, day: 20_603)
        try await setMark(ledger, .general, day: 20_620)
        try await ledger.lapse()
        for ledger in [ledger, try shop.ledger()] {
            #expect(try await ledger.sift([batch(0..<3_000)])[0].committed.duplicate == 3_000)
            #expect(
                try await ledger.sift([batch(0..<20_010, stream: .general)])[0].committed.stored == 20_010
            )
        }
    }

    @Test func `history that is still fetched holds its keys`() async throws {
        let ledger = try shop.ledger()
        _ = try await store(ledger, batch(0..<10, day: 20_600))
        var facts = StreamFacts()
        facts.coveredFrom = Timestamp(seconds: 20_630 * 86_400)
        facts.watermark = Timestamp(seconds: 20_631 * 86_400)
        facts.historyFrom = Timestamp(seconds: 20_600 * 86_400)
        try await ledger.write([.stream(.exchange, .facts(facts))])
        try await ledger.lapse()
        #expect(try await ledger.sift([batch(0..<10)])[0].committed.duplicate == 10)
        facts.coveredFrom = facts.historyFrom
        try await ledger.write([.stream(.exchange, .facts(facts))])
        try await ledger.lapse()
        #expect(try await ledger.sift([batch(0..<10)])[0].committed.stored == 10)
    }
}
