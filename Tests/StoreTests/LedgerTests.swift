// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Status
import Store
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct LedgerTests {
    private let shop: Workshop
    private let now = Timestamp(seconds: 1_780_000_000)
    init() throws { shop = try Workshop() }

    private var connection: Connection {
        Connection(
            key: ConnectionKey(customer: "acme", connection: "o365"),
            name: "Office \"365\" ü",
            connector: "office",
            cloud: "commercial",
            tenant: "t",
            identity: "i",
            registration: "r1",
            credentials: ["tenantId": "t", "publisherId": nil],
            streams: [
                StreamChoice(stream: "Audit.Exchange"),
                StreamChoice(
                    stream: "Audit.General",
                    hold: Hold(kind: .paused, by: "eve", reason: "moving", at: now, until: now + .days(1))
                ),
            ],
            start: "P7D",
            acceptedAt: now,
            draftCause: Cause(faultClass: .auth, code: "X1", message: "no", since: now),
            noChanges: true,
            created: now,
            version: "1.2.0"
        )
    }

    @Test func `the set-up comes back as it was written, in another process as well`() async throws {
        let ledger = try shop.ledger()
        let customer = Customer(id: "acme", name: "Acme & Söhne", created: now)
        let registration = Registration(
            id: "r1",
            cloud: "commercial",
            tenant: "shared:ours",
            clientKey: "c",
            current: Credential(
                kind: .secret,
                version: 3,
                reference: .command(["pass", "a \"b\""]),
                expiresAt: now + .days(30),
                expirySource: .declared,
                added: now
            ),
            next: Credential(kind: .certificate, thumbprint: "ab", added: now),
            created: now
        )
        try await ledger.write([.customer(customer), .registration(registration), .connection(connection)])
        for ledger in [ledger, try shop.ledger()] {
            #expect(try await ledger.customers() == [customer])
            #expect(try await ledger.registrations() == [registration])
            #expect(try await ledger.connections() == [connection])
            #expect(try await ledger.connection(connection.key) == connection)
        }
        try await ledger.write([.hold(.general, nil)])
        #expect(try await ledger.connection(connection.key)?.streams[1].hold == nil)
    }

    @Test func `all changes of a write are made, or none`() async throws {
        let ledger = try shop.ledger()
        await #expect(throws: StoreFailure.self) {
            try await ledger.write([.customer(Customer(id: "a", created: now)), .hold(.exchange, nil)])
        }
        #expect(try await ledger.customers().isEmpty)
    }

    @Test func `facts, cursors, steps, host and states come back`() async throws {
        let ledger = try shop.ledger()
        var facts = StreamFacts()
        facts.acceptedAt = now
        facts.noteRecords(3, newestEvent: now, at: now)
        let skewed = ConnectionFacts(
            skew: .seconds(-3),
            skewSeen: now,
            tokenVersion: 2,
            tokenConfirmed: now,
            notes: ["audience": "x"]
        )
        let tick = HostFacts(version: "0.1", mode: .run, lastTick: now, startedAt: now)
        let standing = Standing(state: .late, since: now, better: 1)
        let change = StateChange(from: .active, to: .late, at: now, since: now - .minutes(3), cause: nil)
        try await ledger.write([
            .connection(connection), .stream(.exchange, .facts(facts)),
            .stream(.exchange, .connection(skewed)),
            .stream(.exchange, .begin(step: "ensure", scope: .registration("r1"), at: now)),
            .stream(.exchange, .cursor(name: "token", value: "abc")), .tick(tick),
            .state(.exchange, standing, change),
        ])
        #expect(try await ledger.facts(of: .exchange) == facts)
        #expect(try await ledger.allFacts() == [.exchange: facts])
        #expect(try await ledger.facts(of: .general) == StreamFacts())
        #expect(try await ledger.connectionFacts(connection.key) == skewed)
        #expect(try await ledger.begun(step: "ensure", scope: .registration("r1"), stream: .general) == now)
        #expect(try await ledger.begun(step: "ensure", scope: .stream, stream: .exchange) == nil)
        #expect(try await ledger.cursor("token", of: .exchange) == "abc")
        #expect(try await ledger.tick() == tick)
        #expect(try await ledger.states() == [.exchange: standing])
        #expect(
            try await ledger.transitions(.customer("acme"), since: nil) == [
                RecordedChange(stream: .exchange, change: change)
            ]
        )
        #expect(try await ledger.transitions(.customer("other"), since: nil).isEmpty)
        #expect(try await ledger.transitions(.all, since: now + .seconds(1)).isEmpty)
    }

    @Test func `coverage rows are put by their start, and counts add up`() async throws {
        let ledger = try shop.ledger()
        var row = CoverageRow(
            stream: .exchange,
            from: now,
            to: now + .minutes(5),
            state: .open,
            counts: Counts(listed: 2)
        )
        try await ledger.write([.stream(.exchange, .coverage(row))])
        row.state = .stored
        row.attempts = 2
        row.counts = Counts(fetched: 2)
        try await ledger.write([
            .stream(.exchange, .coverage(row)),
            .stream(.exchange, .count(from: now + .minutes(1), Counts(lost: 1))),
        ])
        row.counts = Counts(listed: 2, fetched: 2, lost: 1)
        #expect(try await ledger.coverage(of: .exchange, since: nil) == [row])
        #expect(try await ledger.coverage(of: .exchange, since: row.to).isEmpty)
        try await ledger.write([.stream(.exchange, .removeCoverage(from: now))])
        #expect(try await ledger.coverage(of: .exchange, since: nil).isEmpty)
    }

    @Test func `adjoining rows merge and lose no count`() async throws {
        let ledger = try shop.ledger()
        let hour = now.rounded(downTo: .hours(1))
        let rows = (0..<12).map { index in
            CoverageRow(
                stream: .exchange,
                from: hour + .minutes(index * 5),
                to: hour + .minutes(index * 5 + 5),
                state: .stored,
                counts: Counts(stored: index)
            )
        }
        try await ledger.write(rows.map { .stream(.exchange, .coverage($0)) })
        #expect(try await ledger.mergeCoverage(now: now + .days(1)) == 11)
        let merged = try await ledger.coverage(of: .exchange, since: nil)
        #expect(merged.map(\.counts.stored) == [66])
        #expect(merged.first?.to == hour + .hours(1))
    }

    @Test func `a gap opens once, changes by its number, and closes`() async throws {
        let ledger = try shop.ledger()
        var gap = Gap(
            stream: .exchange,
            kind: .item,
            from: now,
            to: now,
            item: "b",
            cause: .gone,
            how: "expired",
            detected: now
        )
        try await ledger.write([.stream(.exchange, .openGap(gap)), .stream(.exchange, .openGap(gap))])
        let open = try await ledger.gaps(.all, openOnly: true)
        #expect(open.count == 1)
        gap.id = open[0].id
        #expect(open == [gap])
        gap.note = "seen"
        gap.attempts = 4
        try await ledger.write([.stream(.exchange, .updateGap(gap))])
        #expect(try await ledger.gaps(.stream(.exchange), openOnly: true) == [gap])
        #expect(try await ledger.gaps(.stream(.general), openOnly: false).isEmpty)
    }

    @Test(arguments: [true, false])
    func `a parked item leaves with its gap, recovered or lost`(recovered: Bool) async throws {
        let ledger = try shop.ledger()
        let item = ParkedItem(
            stream: .exchange,
            item: "b",
            listed: Array(#"{"contentId":"b"}"#.utf8),
            availability: now,
            expires: now + .days(7),
            attempts: 5,
            nextTry: now + .minutes(5),
            lastError: "500",
            row: now
        )
        let gap = Gap(
            stream: .exchange,
            kind: .item,
            from: now,
            to: now,
            item: "b",
            cause: .transient,
            how: "never came",
            detected: now
        )
        try await ledger.write([.stream(.exchange, .park(item)), .stream(.exchange, .openGap(gap))])
        #expect(try await ledger.parked(of: .exchange) == [item])
        try await ledger.write([.stream(.exchange, .resolve(item: "b", recovered: recovered ? now : nil))])
        #expect(try await ledger.parked(of: .exchange).isEmpty)
        let closed = try await ledger.gaps(.all, openOnly: false)
        #expect(closed.map(\.recovered) == [recovered ? now : nil])
        #expect(closed.map(\.lost) == [!recovered])
        #expect(try await ledger.gaps(.all, openOnly: true).isEmpty)
    }

    @Test func `a connection that is taken off and added again collects anew, its keys still known`()
        async throws
    {
        let ledger = try shop.ledger()
        let committer = try await shop.committer(ledger)
        try await ledger.write([.connection(connection)])
        var batch = Batch.of([("a", "x")], contentID: "blob", effects: [.cursor(name: "t", value: "1")])
        batch.effects.append(
            .coverage(CoverageRow(stream: .exchange, from: now, to: now + .hours(1), state: .stored))
        )
        _ = try await committer.commit(batch)
        try await ledger.write([.removeConnection(connection.key)])
        #expect(try await ledger.connections().isEmpty)
        #expect(try await ledger.coverage(of: .exchange, since: nil).isEmpty)
        #expect(try await ledger.cursor("t", of: .exchange) == nil)
        #expect(try await ledger.remembered(["blob"], of: .exchange).isEmpty)
        try await ledger.write([.connection(connection)])
        #expect(try await committer.commit(batch).duplicate == 1)
    }

    @Test func `another process's writes are noticed, one's own are not`() async throws {
        let (one, other) = (try shop.ledger(), try shop.ledger())
        #expect(try await !one.changed())
        try await one.write([.customer(Customer(id: "a", created: now))])
        #expect(try await !one.changed())
        try await other.write([.customer(Customer(id: "b", created: now))])
        #expect(try await one.changed())
        #expect(try await !one.changed())
    }

    @Test func `a delivery moves cursor and lengths together`() async throws {
        let ledger = try shop.ledger()
        #expect(try await ledger.delivered("archive") == nil)
        let cursor = JournalPosition(segment: 2, offset: 77)
        try await ledger.write([
            .delivered(Delivery(destination: "archive", cursor: cursor, files: ["a/b": 7, "a/c": 9])),
            .delivered(Delivery(destination: "archive", cursor: cursor, files: ["a/b": 8])),
        ])
        #expect(try await ledger.delivered("archive") == cursor)
        #expect(try await ledger.lengths("archive", of: ["a/b", "a/c", "a/d"]) == ["a/b": 8, "a/c": 9])
        #expect(try await ledger.lengths("other", of: ["a/b"]).isEmpty)
    }

    @Test func `a ledger of many processes serves them all`() async throws {
        let ledgers = try (0..<4).map { _ in try shop.ledger() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, ledger) in ledgers.enumerated() {
                group.addTask {
                    for number in 0..<10 {
                        try await ledger.write([.customer(Customer(id: "c\(index)-\(number)", created: now))])
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await ledgers[0].customers().count == 40)
    }
}
