// SPDX-License-Identifier: Apache-2.0
import Basics
import Collecting
import Connectors
import Status
import Store
import TestSupport
import Testing

/// How far a derived stream says it has come, over a source whose facts a test writes.
@Suite(.timeLimit(.minutes(10))) struct DeriverTests {
    private static let source = StreamKey(customer: "acme", connection: "feed", stream: "events")
    private static let pairs = StreamKey(customer: "acme", connection: "feed", stream: "pairs")

    private let folder = TemporaryFolder()
    private let time = ManualTime(Plot.start, runsAhead: true)
    private let ledger: SQLiteLedger
    private let deriver: Deriver
    private let derived: DerivedStream

    init() async throws {
        let home = try Home.open(folder.file("home"))
        ledger = try SQLiteLedger(home: home, time: time)
        let committer = try await Committer(home: home, ledger: ledger, time: time)
        deriver = Deriver(home: home, ledger: ledger, committer: committer, time: time, log: .silent)
        let definition = try Plot.definition(
            Windows.stream(paging: #"{"kind": "none"}"#)
                + """
                },
                {"id": "pairs", "title": "Pairs", "summary": "Both halves.", "from": ["events"],
                 "join": {"left": {"as": "one", "where": "kind == 1", "key": "id"},
                   "right": {"as": "two", "where": "kind == 2", "key": "id", "keys": ["of"], "latestBy": "at"},
                   "within": "PT48H"},
                 "time": {"event": "two.at"}
                """
        )
        let connection = Store.Connection(
            key: Self.source.connectionKey,
            name: "Feed",
            connector: "example",
            tenant: "t-1",
            identity: "t-1",
            streams: [StreamChoice(stream: "events"), StreamChoice(stream: "pairs")],
            acceptedAt: Plot.start,
            created: Plot.start
        )
        derived = try #require(definition.stream("pairs").flatMap { DerivedStream($0, of: connection) })
        for key in [Self.source, Self.pairs] {
            var facts = StreamFacts()
            facts.acceptedAt = Plot.start
            try await ledger.write([.stream(key, .facts(facts))])
        }
    }

    /// The source says how far it has come; the derived stream follows within the same minute.
    private func derive(_ change: (inout StreamFacts) -> Void) async throws -> StreamFacts {
        var facts = try await ledger.facts(of: Self.source)
        facts.coveredFrom = Plot.start
        facts.historyFrom = Plot.start - .hours(48)
        change(&facts)
        try await ledger.write([.stream(Self.source, .facts(facts))])
        _ = try await deriver.derive([derived])
        time.advance(by: .seconds(1))
        return try await ledger.facts(of: Self.pairs)
    }

    @Test func `what its source fetched of its history is said at once, though nothing else has moved`()
        async throws
    {
        for minutes in [-60, -3, -2, 0] {
            let done = Plot.start + .minutes(minutes)
            let facts = try await derive {
                $0.watermark = Plot.start
                $0.historyDoneTo = done
            }
            #expect(facts.historyStored == done)
        }
    }

    @Test func `it comes as far as its source, and no further`() async throws {
        for minutes in [0, 1, 7] {
            let mark = Plot.start + .minutes(minutes)
            #expect(try await derive { $0.watermark = mark }.watermark == mark)
        }
    }
}
