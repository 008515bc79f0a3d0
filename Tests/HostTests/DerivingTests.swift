// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Collecting
import Connectors
import Host
import Status
import Store
import TestSupport
import Testing

/// Streams that are made of other streams' records, over a real store and a simulated cloud.
@Suite("Deriving and watching", .timeLimit(.minutes(10)))
struct DerivingTests {
    private static let reports = "Alerts.HandledPhishReports"

    private func rig(_ streams: [ContentType] = [.general]) async throws -> Rig {
        try await Rig(streams: streams, derived: [Self.reports], plan: Scenario.ContentPlan())
    }

    /// Puts a blob into the cloud and has it collected.
    private func bring(_ lines: [[UInt8]], to type: ContentType = .general, _ rig: Rig) async throws {
        await rig.simulator.place(
            Scenario.PlacedBlob(created: .at(rig.time.now), .lines(lines)),
            tenant: Rig.tenant,
            type: type
        )
        rig.time.advance(by: .minutes(10))
        try await rig.pass()
    }

    /// The events of the derived stream in the journal.
    private func derived(_ rig: Rig) throws -> [[UInt8]] {
        try rig.journal().filter { $0.starts(with: Array("{\"alert\":".utf8)) }
    }

    @Test(arguments: [true, false], [true, false])
    func `an alert and its investigation are one record for each move, in either order and hours apart`(
        _ alertFirst: Bool,
        _ inActions: Bool
    ) async throws {
        let rig = try await rig()
        let alert = PhishStory.alert(1)
        let pending = PhishStory.move(1, of: 1, status: "Pending Action", inActions: inActions)
        let remedied = PhishStory.move(30, of: 1, status: "Remediated", inActions: inActions)
        let running = PhishStory.move(0, of: 1, status: "Running", inActions: inActions)
        let noise = [
            PhishStory.alert(2), PhishStory.move(1, of: 3, status: "Failed"),
            PhishStory.alert(4, title: "Junk"),
        ]
        let halves = [[alert] + noise, [running, pending]]
        try await bring(halves[alertFirst ? 0 : 1], rig)
        rig.time.advance(by: .hours(20))
        try await bring(halves[alertFirst ? 1 : 0], rig)
        #expect(try derived(rig) == [PhishStory.handled(alert, pending)])
        rig.time.advance(by: .hours(5))
        // Told again by the source, which does so by design.
        try await bring([remedied, alert, pending], rig)
        #expect(
            try derived(rig) == [PhishStory.handled(alert, pending), PhishStory.handled(alert, remedied)]
        )
        let facts = try await rig.ledger.facts(of: rig.key(Self.reports))
        #expect(facts.watermark == (try await rig.facts().watermark))
        #expect(facts.cause == nil && facts.everHadRecord)
        #expect(facts.lastRecordEvent == Timestamp(iso8601: "2026-10-10T09:30:00Z"))
    }

    @Test func `an older move that comes late is told too, and nothing twice when the journal is read again`()
        async throws
    {
        let rig = try await rig()
        let (alert, late) = (PhishStory.alert(1), PhishStory.move(2, of: 1, status: "Threats Found"))
        let last = PhishStory.move(9, of: 1, status: "Remediated")
        try await bring([alert, last], rig)
        try await bring([late], rig)
        let told = [PhishStory.handled(alert, last), PhishStory.handled(alert, late)]
        #expect(try derived(rig) == told)
        // As after the connection was taken off and added again.
        let key = rig.key(Self.reports)
        try await rig.ledger.write([
            .stream(key, .cursor(name: "journal", value: nil)),
            .stream(key, .letGo(before: rig.time.now + .days(1))),
        ])
        rig.time.advance(by: .minutes(10))
        try await rig.pass()
        #expect(try derived(rig) == told)
        #expect(try await rig.ledger.cursor("journal", of: key) != nil)
    }

    @Test func `what is never met is let go after its time and counted`() async throws {
        let rig = try await rig()
        let key = rig.key(Self.reports)
        try await bring([PhishStory.alert(1), PhishStory.move(1, of: 2, status: "Failed")], rig)
        for _ in 0..<3 {
            rig.time.advance(by: .hours(20))
            try await rig.pass()
        }
        #expect(try await rig.ledger.held(.left, referringTo: PhishStory.guid(1), of: key).isEmpty)
        let counts = try await rig.ledger.coverage(of: key, since: nil).reduce(Counts()) { $0 + $1.counts }
        #expect(counts.unmatched == 2 && counts.listed == 2 && counts.stored == 0)
        // Past its time the other half finds nobody.
        try await bring([PhishStory.move(1, of: 1, status: "Failed")], rig)
        #expect(try derived(rig).isEmpty)
    }

    @Test func `it is caught up to where its source is, and shows that a person has paused the source`()
        async throws
    {
        let rig = try await rig()
        try await bring([PhishStory.other(1, at: "2026-10-10T11:00:00")], rig)
        let general = try await rig.facts().watermark
        let assessed = try await rig.pass().lines.first { $0.stream == rig.key(Self.reports) }
        #expect(assessed?.assessment?.caughtUpTo == general)
        #expect(assessed?.assessment?.state == .active)
        let hold = Hold(kind: .paused, by: "eve", reason: "moving", at: rig.time.now)
        try await rig.ledger.write([.hold(rig.key(.general), hold)])
        rig.time.advance(by: .minutes(10))
        let summary = try await rig.pass()
        let line = try #require(summary.lines.first { $0.stream == rig.key(Self.reports) })
        #expect(line.assessment?.state == .blocked && line.assessment?.caughtUpTo == general)
        #expect(line.assessment?.cause?.message.contains("Audit.General") == true)
        try await rig.ledger.write([.hold(rig.key(.general), nil)])
        rig.time.advance(by: .minutes(10))
        let after = try await rig.pass().lines.first { $0.stream == rig.key(Self.reports) }
        #expect(after?.assessment?.cause == nil)
    }

    @Test func `one of several tenants does not see the records of another`() async throws {
        let rig = try await rig()
        let other = StreamKey(customer: "fabrikam", connection: "o365", stream: "Audit.General")
        var builder = BatchBuilder(
            Envelope(stream: other, connector: "office365-management", tenant: "t", identity: "t"),
            collected: rig.time.now
        )
        for event in [PhishStory.alert(1), PhishStory.move(1, of: 1, status: "Failed")] {
            builder.append(event: event, key: ["\(event.count)"], time: nil)
        }
        _ = try await rig.committer.commit(builder.batch(availability: rig.time.now))
        rig.time.advance(by: .minutes(10))
        try await rig.pass()
        #expect(try derived(rig).isEmpty)
    }

    // MARK: watching

    @Test func `auditing switched off is a security event with its remedy, until a record takes it back`()
        async throws
    {
        let rig = try await rig([.general, .exchange])
        try await bring([PhishStory.other(1, at: "2026-10-10T10:00:00")], to: .exchange, rig)
        try await bring([PhishStory.auditing(on: false, at: "2026-10-10T11:30:00")], to: .exchange, rig)
        let issue = try #require(try await rig.ledger.issues(.all, openOnly: true).first)
        #expect(issue.severity == .security && issue.stream == rig.key(.exchange))
        #expect(issue.cause.faultClass == .enablement && issue.cause.remedy?.id == "turn-on-audit")
        #expect(issue.cause.since == Timestamp(iso8601: "2026-10-10T11:30:00Z"))
        rig.time.advance(by: .minutes(10))
        let line = try await rig.pass().lines.first { $0.stream == rig.key(.exchange) }
        #expect(line?.assessment?.state == .blocked && line?.assessment?.losingSince == issue.cause.since)
        try await bring([PhishStory.auditing(on: true, at: "2026-10-10T12:30:00")], to: .exchange, rig)
        #expect(try await rig.ledger.issues(.all, openOnly: true).isEmpty)
        #expect(try await rig.facts(.exchange).standing == nil)
        // The source tells everything twice by design.
        try await bring([PhishStory.auditing(on: false, at: "2026-10-10T11:30:00")], to: .exchange, rig)
        #expect(try await rig.ledger.issues(.all, openOnly: true).isEmpty)
        #expect(try await rig.ledger.issues(.all, openOnly: false).count == 1)
    }

    @Test func `records that keep happening long after prove that auditing is on`() async throws {
        let rig = try await rig([.general, .exchange])
        try await bring([PhishStory.auditing(on: false, at: "2026-10-10T11:30:00")], to: .exchange, rig)
        try await bring([PhishStory.other(1, at: "2026-10-10T15:00:00")], to: .exchange, rig)
        #expect(try await rig.facts(.exchange).standing != nil)
        try await bring([PhishStory.other(2, at: "2026-10-10T15:31:00")], to: .exchange, rig)
        #expect(try await rig.facts(.exchange).standing == nil)
    }
}
