// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Connectors
import Host
import Status
import Store
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct BackfillTests {
    private func rig(derived: [String] = []) async throws -> Rig {
        let plan = Scenario.ContentPlan(blobs: 12, eventsPerBlob: 5, spread: .hours(60))
        return try await Rig(derived: derived, plan: plan, since: .hours(4))
    }

    private func plan(_ rig: Rig, from: Duration, streams: [String] = []) async throws -> Backfill {
        let connection = try #require(try await rig.ledger.connection(rig.connection))
        return try await Backfill.plan(
            connection,
            try rig.station.shelf.definition(connection.connector),
            streams: streams,
            from: rig.time.now - from,
            ledger: rig.ledger,
            now: rig.time.now
        )
    }

    @Test func `history asked for later is collected beside what is covered, once`() async throws {
        let rig = try await rig()
        try await rig.pass()
        #expect(try await !rig.holdsEverythingOnce())
        let before = try await rig.facts()
        let backfill = try await plan(rig, from: .days(3))
        let line = try #require(backfill.lines.first)
        #expect(line.standing == .asked && line.covered == before.coveredFrom && line.reason == nil)
        // Nearly three days in windows of a day, and the blobs of them by what came so far.
        #expect(line.cost?.windows == 3 && (line.cost?.further ?? 0) > 0)
        #expect(try await rig.facts() == before)
        try await backfill.ask(in: rig.ledger)
        rig.time.advance(by: .minutes(10))
        try await rig.pass()
        #expect(try await rig.holdsEverythingOnce())
        let facts = try await rig.facts()
        #expect(facts.coveredFrom == line.from && facts.historyFrom == nil)
        #expect(try await rig.ledger.gaps(.all, openOnly: false).isEmpty)

        for from in [Duration.hours(2), .days(2), .days(3)] {
            let again = try await plan(rig, from: from)
            #expect(again.lines.map(\.standing) == [.unchanged], "\(again)")
            try await again.ask(in: rig.ledger)
        }
        try await rig.pass()
        #expect(try await rig.facts().coveredFrom == line.from)
        #expect(try await rig.holdsEverythingOnce())
    }

    @Test func `a wish is kept while it waits, and only a further one changes it`() async throws {
        let rig = try await rig()
        try await rig.pass()
        try await plan(rig, from: .days(2)).ask(in: rig.ledger)
        let same = try await plan(rig, from: .days(1)).lines.first
        #expect(same?.standing == .unchanged && same?.reason?.contains("asked for already") == true)
        let further = try #require(try await plan(rig, from: .days(3)).lines.first)
        // Only what lies before the first wish costs more.
        #expect(further.standing == .asked && further.cost?.windows == 1)
        // A cycle that was under way all the time must not have undone it.
        try await rig.ledger.write([.stream(rig.key(.general), .facts(try await rig.facts()))])
        try await rig.ledger.write([.history(rig.key(.general), from: rig.time.now - .days(1))])
        let kept = try await rig.ledger.connection(rig.connection)?.streams.first?.historyFrom
        #expect(kept == (rig.time.now - .days(2)).rounded(downTo: .minutes(1)))
    }

    @Test func `no more is asked for than the source keeps, and that is said`() async throws {
        let rig = try await rig()
        try await rig.pass()
        let line = try #require(try await plan(rig, from: .days(30)).lines.first)
        let from = try #require(line.from)
        #expect(line.standing == .asked && from > rig.time.now - .days(7))
        #expect(line.reason?.contains("keeps P7D") == true, "\(line.reason ?? "")")
        rig.time.advance(by: .days(8))
        let late = try #require(try await plan(rig, from: .days(30)).lines.first)
        #expect(late.standing == .unchanged && late.reason?.contains("keeps P7D") == true)
    }

    @Test func `names are looked at, derived streams follow their sources, and a draft has no history`()
        async throws
    {
        let derived = "Alerts.HandledPhishReports"
        let rig = try await rig(derived: [derived])
        #expect(try await plan(rig, from: .days(1)).lines.map(\.stream.stream) == ["Audit.General"])
        let line = try await plan(rig, from: .days(1), streams: [derived]).lines.first
        #expect(line?.standing == .refused && line?.reason?.contains("Audit.General") == true)
        await #expect(throws: BackfillRefused.self) {
            try await plan(rig, from: .days(1), streams: ["Audit.Genral"])
        }
        await #expect(throws: BackfillRefused.self) { try await plan(rig, from: .days(-1)) }
        var draft = try #require(try await rig.ledger.connection(rig.connection))
        draft.acceptedAt = nil
        try await rig.ledger.write([.connection(draft)])
        await #expect(throws: BackfillRefused.self) { try await plan(rig, from: .days(1)) }
    }
}
