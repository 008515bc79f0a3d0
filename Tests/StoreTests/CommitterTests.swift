// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Glibc
import Status
import Store
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct CommitterTests {
    private let shop: Workshop
    init() throws { shop = try Workshop() }

    @Test func `a batch is in the journal when commit returns`() async throws {
        let ledger = try shop.ledger()
        let committer = try await shop.committer(ledger)
        let result = try await committer.commit(.of("a", "b"))
        #expect(result == Committed(stored: 2))
        #expect(try await shop.lines(ledger).count == 2)
        #expect(try await ledger.committedEnd().offset == Int64(shop.bytesOnDisk))
    }

    @Test func `a record comes in once, over batches, days and restarts`() async throws {
        do {
            let committer = try await shop.committer()
            #expect(try await committer.commit(.of("a", "b", "a")) == Committed(stored: 2, duplicate: 1))
            #expect(
                try await committer.commit(.of([("b", "a"), ("c", "a")], day: 20_601))
                    == Committed(stored: 1, duplicate: 1)
            )
        }
        let ledger = try shop.ledger()
        let committer = try await shop.committer(ledger)
        #expect(try await committer.commit(.of("a", "b", "c", "d")) == Committed(stored: 1, duplicate: 3))
        #expect(try await shop.lines(ledger).count == 4)
    }

    @Test func `equal keys of two streams are two records`() async throws {
        let committer = try await shop.committer()
        #expect(try await committer.commit(.of([("a", "x")])).stored == 1)
        #expect(try await committer.commit(.of([("a", "x")], stream: .general)).stored == 1)
    }

    @Test(arguments: [(Batch.OnChange.keep, 2), (.drop, 1)])
    func `other bytes under a known key are changed, kept or dropped as told`(
        rule: Batch.OnChange,
        lines: Int
    )
        async throws
    {
        let ledger = try shop.ledger()
        let committer = try await shop.committer(ledger)
        _ = try await committer.commit(.of([("a", "one")]))
        let changed = try await committer.commit(.of([("a", "two")], onChange: rule))
        #expect(changed.changed == 1)
        #expect(changed.stored == lines - 1)
        // Bytes once seen never come again, whichever came last.
        let again = try await committer.commit(.of([("a", "one"), ("a", "two")], onChange: rule))
        #expect(again.stored == 0)
        #expect(try await shop.lines(ledger).count == lines)
    }

    @Test func `late records count as stored and late`() async throws {
        let committer = try await shop.committer()
        _ = try await committer.commit(.of("a"))
        let late = try await committer.commit(.of([("a", "a"), ("b", "a")], isLate: true))
        #expect(late == Committed(stored: 1, duplicate: 1, late: 1))
    }

    @Test func `counts land in the coverage row, effects and item in the ledger, all together`() async throws
    {
        let ledger = try shop.ledger()
        let committer = try await shop.committer(ledger)
        let from = Timestamp(seconds: 1_779_840_000)
        let row = CoverageRow(
            stream: .exchange,
            from: from,
            to: from + .hours(1),
            state: .open,
            counts: Counts(listed: 1)
        )
        var batch = Batch.of(
            [("a", "x"), ("a", "x"), ("b", "x")],
            contentID: "blob-1",
            row: from,
            effects: [.coverage(row), .cursor(name: "next", value: "7")]
        )
        batch.counts = Counts(fetched: 1, dropped: 3)
        _ = try await committer.commit(batch)
        let rows = try await ledger.coverage(of: .exchange, since: nil)
        #expect(rows.map(\.counts) == [Counts(listed: 1, fetched: 1, stored: 2, duplicate: 1, dropped: 3)])
        #expect(try await ledger.remembered(["blob-1", "blob-2"], of: .exchange) == ["blob-1"])
        #expect(try await ledger.cursor("next", of: .exchange) == "7")
    }

    @Test func `many at once share groups and all are stored in the end`() async throws {
        let ledger = try shop.ledger()
        let committer = try await shop.committer(ledger)
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<60 {
                group.addTask { try await committer.commit(.of("k\(number)", "k\(number + 1)")).stored }
            }
            return try await group.reduce(0, +)
        }
        #expect(total == 61)
        #expect(try await shop.lines(ledger).count == 61)
    }

    @Test func `one bad batch is refused alone and the others go on`() async throws {
        let ledger = try shop.ledger()
        let committer = try await shop.committer(ledger)
        let bad = Batch.of(
            [("bad", "x")],
            effects: [
                .updateGap(
                    Gap(
                        stream: .exchange,
                        kind: .span,
                        from: shop.time.now,
                        to: shop.time.now,
                        cause: .shape,
                        how: "",
                        detected: shop.time.now
                    )
                )
            ]
        )
        let stored = await withTaskGroup(of: Int?.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try? await committer.commit(number == 7 ? bad : .of("k\(number)")).stored
                }
            }
            return await group.reduce(into: [Int?]()) { $0.append($1) }
        }
        #expect(stored.compactMap(\.self).reduce(0, +) == 19)
        #expect(stored.count { $0 == nil } == 1)
        let lines = try await shop.lines(ledger)
        #expect(lines.count == 19)
        #expect(!lines.contains { $0.contains("\"bad\"") })
        // A refused batch leaves no key behind.
        #expect(try await committer.commit(.of([("bad", "x")])).stored == 1)
    }

    @Test func `a failed write leaves nothing, and the batch goes in at the next try`() async throws {
        let disk = FaultyDisk()
        let ledger = try shop.ledger()
        let committer = try await shop.committer(ledger, disk: disk)
        _ = try await committer.commit(.of("a"))
        let before = shop.bytesOnDisk
        disk.fail(.write, EIO)
        await #expect(throws: StoreFailure.self) { try await committer.commit(.of("b")) }
        #expect(shop.bytesOnDisk == before)
        #expect(try await committer.commit(.of("b")).stored == 1)
        #expect(try await shop.lines(ledger).count == 2)
    }

    @Test func `after a failed sync the group goes into a new segment`() async throws {
        let disk = FaultyDisk()
        let ledger = try shop.ledger()
        let committer = try await shop.committer(ledger, disk: disk)
        _ = try await committer.commit(.of("a"))
        disk.fail(.sync, EIO)
        #expect(try await committer.commit(.of("b")).stored == 1)
        #expect(try await ledger.committedEnd().segment == 2)
        #expect(try await ledger.closedSegments().map(\.number) == [1])
        #expect(try await shop.lines(ledger).count == 2)
        disk.fail(.sync, EIO, EIO)
        await #expect(throws: StoreFailure.self) { try await committer.commit(.of("c")) }
        #expect(try await committer.commit(.of("c")).stored == 1)
        #expect(try await shop.lines(ledger).count == 3)
        let again = try await shop.committer()
        #expect(try await again.commit(.of("a", "b", "c")).duplicate == 3)
    }

    @Test func `segments are closed when they are full and read in order`() async throws {
        let ledger = try shop.ledger()
        let committer = try await shop.committer(ledger, segmentSize: 1_000)
        for number in 0..<20 { _ = try await committer.commit(.of("k\(number)", "l\(number)")) }
        let closed = try await ledger.closedSegments()
        #expect(closed.count > 5)
        #expect(closed.allSatisfy { $0.length <= 1_000 })
        let lines = try await shop.lines(ledger)
        #expect(lines.count == 40)
        #expect(lines[39].contains(#""l19""#))
    }

    @Test func `segments go when every destination has passed them and their time is over`() async throws {
        let ledger = try shop.ledger()
        let committer = try await shop.committer(ledger, segmentSize: 500)
        for number in 0..<10 { _ = try await committer.commit(.of("k\(number)")) }
        let end = try await ledger.committedEnd()
        try await committer.prune(passed: end, retention: .days(2))
        #expect(try await ledger.closedSegments().first?.number == 1)
        shop.time.advance(by: .days(2))
        try await committer.prune(passed: JournalPosition(segment: 3, offset: 0), retention: .days(2))
        #expect(try await ledger.closedSegments().first?.number == 3)
        #expect(shop.folder.files(below: "home/journal").count == end.segment - 2)
        try await committer.prune(passed: end, retention: .days(9), maxBytes: 600)
        #expect(try await ledger.closedSegments().count <= 1)
        let again = try await shop.committer()
        #expect(try await again.commit(.of("k0", "k9", "new")) == Committed(stored: 1, duplicate: 2))
    }

    @Test func `a full disk is waited out and nothing is lost`() async throws {
        let disk = FaultyDisk()
        let ledger = try shop.ledger()
        let log = CollectedLines()
        let committer = try await shop.committer(ledger, disk: disk, log: log.log())
        #expect(shop.folder.read("home/reserve")?.count == 4 << 20)
        disk.fail(.write, ENOSPC, ENOSPC)
        let batch = Task { try await committer.commit(.of("a")) }
        while shop.time.waiting == 0 { await Task.yield() }
        #expect(committer.hostCondition?.faultClass == .host)
        #expect(shop.folder.read("home/reserve")?.count == 0)
        let since = committer.hostCondition?.since
        shop.time.advance(by: .seconds(10))
        while shop.time.slept.count < 2 || shop.time.waiting == 0 { await Task.yield() }
        #expect(committer.hostCondition?.since == since)
        let other = Task { try await committer.commit(.of("b")) }
        shop.time.advance(by: .seconds(10))
        #expect(try await batch.value.stored == 1)
        #expect(try await other.value.stored == 1)
        #expect(committer.hostCondition == nil)
        #expect(shop.folder.read("home/reserve")?.count == 4 << 20)
        #expect(log.all.count { $0.contains("disk full") } == 1)
    }

    @Test func `whoever is cancelled while the disk is full leaves nothing behind, and another leads on`()
        async throws
    {
        let disk = FaultyDisk()
        let ledger = try shop.ledger()
        let committer = try await shop.committer(ledger, disk: disk)
        disk.fail(.write, ENOSPC)
        let first = Task { try await committer.commit(.of("a")) }
        while shop.time.waiting == 0 { await Task.yield() }
        let second = Task { try await committer.commit(.of("b")) }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        while shop.time.waiting == 0 { await Task.yield() }
        shop.time.advance(by: .seconds(10))
        #expect(try await second.value.stored == 1)
        #expect(try await shop.lines(ledger).count == 1)
    }
}
