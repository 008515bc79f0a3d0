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

@Suite("Auditing, subscriptions and clocks", .timeLimit(.minutes(10)))
struct EnablementTests {
    @Test(
        "auditing switched off after good collection ends in blocked, with data being lost since",
        arguments: [Scenario.AuditingChange.Silence.errors, .empty]
    )
    func switchedOff(_ answers: Scenario.AuditingChange.Silence) async throws {
        let live = Scenario.Live(every: .minutes(20), events: 3)
        var plan = Scenario.ContentPlan(blobs: 10, eventsPerBlob: 3, spread: .hours(20))
        plan.live = live
        let rig = try await Rig(streams: [.general, .exchange], plan: plan)
        try await rig.pass()
        for _ in 0..<14 {
            rig.time.advance(by: .hours(12))
            try await rig.pass()
        }
        #expect(try await rig.facts().cause == nil)
        let off = rig.time.now
        await rig.simulator.setAuditing(tenant: Rig.tenant, on: false, answers: answers)
        var summary = try await rig.pass()
        for _ in 0..<6 {
            rig.time.advance(by: .hours(1))
            summary = try await rig.pass()
        }
        for line in summary.lines {
            #expect(line.assessment?.state == .blocked, "\(answers): \(line)")
            #expect(line.assessment?.cause?.faultClass == .enablement)
            #expect(line.assessment?.cause?.remedy != nil)
            #expect(line.assessment?.lossAt == nil)
            let since = try #require(line.assessment?.losingSince)
            #expect(since >= off - .hours(1) && since <= off + .hours(3))
        }
        // Switched on again it comes back by itself, and what was lost stands as a gap.
        await rig.simulator.setAuditing(tenant: Rig.tenant, on: true, delay: .zero)
        rig.time.advance(by: .hours(2))
        summary = try await rig.pass()
        for line in summary.lines {
            #expect(line.assessment?.state != .blocked, "\(answers): \(line)")
            #expect(line.assessment?.losingSince == nil)
        }
        let gaps = try await rig.ledger.gaps(.all, openOnly: false)
        #expect(gaps.contains { $0.kind == .span && $0.recoverableUntil == nil })
    }

    @Test func `a tenant never subscribed is started once, and time before is not covered and no gap`()
        async throws
    {
        let rig = try await Rig(subscribed: false)
        try await rig.pass()
        let starts = rig.simulator.log.entries.count { $0.operation == .start }
        #expect(starts == 1)
        let facts = try await rig.facts()
        #expect(facts.keptSince != nil)
        #expect(try await rig.ledger.gaps(.all, openOnly: false).isEmpty)
        let rows = try await rig.ledger.coverage(of: rig.key(.general), since: nil)
        #expect(rows.contains { $0.state == .notCovered })
        // What the source never kept for us is not called fetched, nor covered once its turn is over.
        #expect(facts.historyStored == nil)
        rig.time.advance(by: .hours(1))
        try await rig.pass()
        let later = try await rig.facts()
        #expect(later.historyFrom == nil && later.keptSince == facts.keptSince)
        #expect(later.storedFrom == later.keptSince, "\(later)")
        #expect(rig.simulator.log.entries.count { $0.operation == .start } == 1)
    }

    @Test func `with no-changes nothing is started and the stream says so`() async throws {
        let rig = try await Rig(subscribed: false, noChanges: true)
        let summary = try await rig.pass()
        #expect(rig.simulator.log.entries.allSatisfy { $0.operation != .start })
        #expect(summary.lines.first?.assessment?.state == .blocked)
        #expect(summary.lines.first?.assessment?.cause?.faultClass == .subscription)
    }

    @Test func `a subscription disabled by an admin is blocked and never started by the machine`()
        async throws
    {
        let rig = try await Rig()
        try await rig.pass()
        await rig.simulator.setSubscription(tenant: Rig.tenant, type: .general, app: Rig.app, enabled: false)
        rig.simulator.log.clear()
        for _ in 0..<4 {
            rig.time.advance(by: .hours(2))
            try await rig.pass()
        }
        let summary = try await rig.pass()
        #expect(rig.simulator.log.entries.allSatisfy { $0.operation != .start })
        #expect(summary.lines.first?.assessment?.state == .blocked)
        #expect(summary.lines.first?.assessment?.cause?.faultClass == .subscription)
        #expect(summary.lines.first?.assessment?.losingSince != nil)
        // A person may have it started, once.
        let effect = Effect.cursor(name: Preparation.allowed, value: "now")
        try await rig.ledger.write([.stream(rig.key(.general), effect)])
        rig.time.advance(by: .hours(2))
        try await rig.pass()
        #expect(rig.simulator.log.entries.count { $0.operation == .start } == 1)
        rig.time.advance(by: .hours(1))
        let after = try await rig.pass()
        #expect(after.lines.first?.assessment?.state == .active, "\(after.lines)")
        #expect(rig.simulator.log.entries.count { $0.operation == .start } == 1)
    }

    @Test("a clock that is an hour off loses nothing and doubles nothing", arguments: [-60, 60])
    func clock(minutes: Int) async throws {
        var plan = Scenario.ContentPlan(blobs: 8, eventsPerBlob: 4, spread: .hours(20))
        plan.live = Scenario.Live(every: .minutes(10), events: 2)
        let rig = try await Rig(plan: plan, clock: .minutes(minutes))
        for _ in 0..<6 {
            try await rig.pass()
            rig.time.advance(by: .minutes(30))
        }
        let facts = try await rig.facts()
        let mark = try #require(facts.watermark)
        #expect(mark <= rig.time.now)
        #expect(rig.time.now - mark < .minutes(45))
        #expect(facts.cause == nil)
        // The newest minutes are not settled yet; everything before the watermark is there once.
        rig.simulator.clock.freeze()
        rig.time.advance(by: .minutes(10))
        #expect(Set(try rig.journal()).count == (try rig.journal().count))
    }

    @Test func `a blob that shows up late is found when its span is listed again`() async throws {
        let rig = try await Rig()
        try await rig.pass()
        rig.time.advance(by: .hours(2))
        try await rig.pass()
        let line = Array(
            #"{"Id":"late-1","Operation":"Late","RecordType":25,"CreationTime":"2026-10-10T08:00:00"}"#.utf8
        )
        await rig.simulator.place(
            .init(created: .at(Rig.start - .hours(1)), .lines([line])),
            tenant: Rig.tenant,
            type: .general
        )
        for _ in 0..<12 {
            rig.time.advance(by: .hours(2))
            try await rig.pass()
        }
        #expect(try rig.journal().contains(line))
        let rows = try await rig.ledger.coverage(of: rig.key(.general), since: nil)
        #expect(rows.reduce(0) { $0 + $1.counts.late } == 1)
    }

    @Test func `history is fetched beside the live windows and moves coverage back`() async throws {
        let rig = try await Rig(
            plan: .init(blobs: 12, eventsPerBlob: 2, spread: .days(5)),
            since: .zero,
            history: .days(6)
        )
        try await rig.pass()
        rig.time.advance(by: .minutes(10))
        try await rig.pass()
        #expect(try await rig.holdsEverythingOnce())
        #expect(try rig.journal().count == 24)
        let facts = try await rig.facts()
        #expect(facts.coveredFrom ?? Rig.start <= Rig.start - .days(5))
    }

    @Test func `a host that was down for longer than the source keeps anything writes a gap, never a jump`()
        async throws
    {
        let rig = try await Rig()
        try await rig.pass()
        rig.time.advance(by: .days(9))
        let summary = try await rig.pass()
        #expect(summary.needsLook)
        let gaps = try await rig.ledger.gaps(.all, openOnly: false)
        #expect(gaps.count == 1)
        #expect(gaps.first?.kind == .span)
        #expect(gaps.first?.lost == true)
        let gap = try #require(gaps.first)
        #expect(gap.to - gap.from > .days(1) && gap.to - gap.from < .days(3))
    }
}
