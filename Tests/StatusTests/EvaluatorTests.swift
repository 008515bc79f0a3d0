// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Status
import Testing

@Suite struct EvaluatorTests {
    private let now = Examples.start
    private func verdict(
        host: HostFacts? = nil,
        _ change: (inout StreamSituation) -> Void = { _ in }
    ) -> Assessment {
        var situation = Examples.healthy(now: now)
        change(&situation)
        return Evaluator(host: host ?? Examples.host(at: now), now: now).evaluate(situation)
    }

    @Test func `a stream that collects is active and names the newest minute stored`() {
        let verdict = verdict()
        #expect(verdict.state == .active)
        #expect(verdict.caughtUpTo == now - .minutes(3))
        #expect(verdict.lag == .minutes(1))
        #expect(verdict.lossAt == now - .minutes(3) + .days(7))
        #expect(verdict.losingSince == nil)
    }

    @Test func `a saved form is a draft and carries its cause`() {
        let verdict = verdict {
            $0.facts = StreamFacts()
            $0.facts.cause = Examples.cause(.auth, since: now)
        }
        #expect(verdict.state == .draft)
        #expect(verdict.cause?.faultClass == .auth)
        #expect(verdict.lossAt == nil)
    }

    @Test func `accepted without a whole cycle is pending and names no minute`() {
        let verdict = verdict {
            $0.facts = StreamFacts()
            $0.facts.acceptedAt = now - .minutes(1)
            $0.facts.coveredFrom = now - .minutes(1)
            $0.watermark = now - .minutes(1)
        }
        #expect(verdict.state == .pending)
        #expect(verdict.caughtUpTo == nil)
        #expect(verdict.firstDataBy == now - .minutes(1) + .hours(12))
        #expect(!verdict.wantsRecord)
    }

    @Test func `before a live minute is stored only history has a newest one`() {
        let verdict = verdict {
            $0.facts.coveredFrom = now - .minutes(1)
            $0.watermark = now - .minutes(1)
            $0.facts.historyFrom = now - .days(1)
            $0.facts.historyDoneTo = now - .hours(3)
        }
        #expect(verdict.caughtUpTo == now - .hours(3))
        let empty = self.verdict {
            $0.facts.coveredFrom = now - .minutes(1)
            $0.watermark = now - .minutes(1)
            $0.facts.historyFrom = now - .days(1)
            $0.facts.historyDoneTo = now - .days(1)
        }
        #expect(empty.caughtUpTo == nil)
    }

    @Test func `empty whole cycles stay pending until the first record is due and are quiet from then on`() {
        func at(_ accepted: Timestamp, quiet: Thresholds.Quiet) -> Assessment {
            verdict {
                $0.facts.acceptedAt = accepted
                $0.facts.everHadRecord = false
                $0.facts.lastRecordStored = nil
                $0.thresholds.quiet = quiet
            }
        }
        #expect(at(now - .hours(11), quiet: .baseline).state == .pending)
        #expect(at(now - .hours(11), quiet: .baseline).wantsRecord)
        #expect(at(now - .hours(13), quiet: .baseline).state == .quiet)
        #expect(at(now - .hours(13), quiet: .never).state == .active)
    }

    @Test(arguments: [FaultClass.permission, .license, .enablement, .subscription, .config, .auth])
    func `a confirmed blocking class blocks at once`(faultClass: FaultClass) {
        let verdict = verdict { $0.facts.cause = Examples.cause(faultClass, since: now - .minutes(4)) }
        #expect(verdict.state == .blocked)
        #expect(verdict.since == now - .minutes(4))
    }

    @Test func `an unconfirmed auth answer is shown and is not green`() {
        let verdict = verdict {
            $0.facts.cause = Examples.cause(.auth, since: now - .minutes(1), confirmed: false)
        }
        #expect(verdict.state == .late)
        #expect(verdict.cause?.faultClass == .auth)
    }

    @Test func `trouble that lasts is failing since its first failure`() {
        let young = verdict {
            $0.facts.cause = Examples.cause(.transient, since: now - .minutes(20))
            $0.facts.failingSince = now - .minutes(20)
        }
        #expect(young.state == .late)
        let old = verdict {
            $0.facts.cause = Examples.cause(.network, since: now - .minutes(20))
            $0.facts.failingSince = now - .minutes(61)
        }
        #expect(old.state == .failing)
        #expect(old.since == now - .minutes(61))
    }

    @Test func `a watermark that stands still is failing whatever the class`() {
        let verdict = verdict { $0.facts.watermarkMoved = now - .minutes(61) }
        #expect(verdict.state == .failing)
        #expect(verdict.cause?.since == now - .minutes(61))
    }

    @Test func `a new connection without a whole cycle is failing after failAfter`() {
        let verdict = verdict {
            $0.facts = StreamFacts()
            $0.facts.acceptedAt = now - .minutes(61)
        }
        #expect(verdict.state == .failing)
    }

    @Test func `trouble of the host itself is failing at once`() {
        var host = Examples.host(at: now)
        host.cause = Examples.cause(.host, since: now - .seconds(5))
        #expect(verdict(host: host).state == .failing)
    }

    @Test func `behind by more than lateAfter is late`() {
        let verdict = verdict { $0.watermark = now - .minutes(18) }
        #expect(verdict.state == .late)
        #expect(verdict.since == now - .minutes(1))
    }

    @Test func `a clock an hour ahead makes nothing late`() {
        let verdict = verdict {
            $0.facts.skew = .hours(-1)
            $0.watermark = now - .minutes(63)
        }
        #expect(verdict.state == .active)
        #expect(verdict.lag == .minutes(1))
    }

    @Test func `silence beyond the baseline is quiet unless a person said it is fine`() {
        #expect(verdict { $0.facts.lastRecordStored = now - .hours(73) }.state == .quiet)
        let acked = verdict {
            $0.facts.lastRecordStored = now - .hours(73)
            $0.facts.quietUntil = now + .hours(1)
        }
        #expect(acked.state == .active)
    }

    @Test(arguments: [(Hold.Kind.paused, StreamState.paused), (.excluded, .excluded)])
    func `a person's decision comes before everything but a draft`(kind: Hold.Kind, state: StreamState) {
        let verdict = verdict {
            $0.hold = Hold(kind: kind, by: "kim", reason: "migration", at: now - .hours(2))
            $0.facts.cause = Examples.cause(.permission, since: now)
        }
        #expect(verdict.state == state)
        #expect(verdict.since == now - .hours(2))
        #expect((verdict.lossAt == nil) == (kind == .excluded))
    }

    @Test func `nobody looking is unknown and keeps the last cause`() {
        var host = Examples.host(at: now - .seconds(121))
        #expect(verdict(host: host).state == .unknown)
        let blocked = verdict(host: host) { $0.facts.cause = Examples.cause(.permission, since: now) }
        #expect(blocked.state == .unknown)
        #expect(blocked.cause?.faultClass == .permission)
        host.lastTick = now - .seconds(119)
        #expect(verdict(host: host).state == .active)
        host.ledgerIsReadable = false
        #expect(verdict(host: host).state == .unknown)
    }

    @Test func `between single runs a stream is unknown only after lateAfter`() {
        #expect(verdict(host: Examples.host(at: now - .minutes(14), mode: .once)).state == .active)
        #expect(verdict(host: Examples.host(at: now - .minutes(16), mode: .once)).state == .unknown)
    }

    @Test func `without any host a fresh connection is pending first and unknown then`() {
        func state(accepted ago: Duration) -> StreamState {
            verdict(host: HostFacts(version: "1")) {
                $0.facts = StreamFacts()
                $0.facts.acceptedAt = now - ago
            }.state
        }
        #expect(state(accepted: .minutes(1)) == .pending)
        #expect(state(accepted: .minutes(16)) == .unknown)
    }

    @Test(arguments: [FaultClass.enablement, .subscription])
    func `where the source keeps nothing for us the loss is now`(faultClass: FaultClass) {
        let verdict = verdict { $0.facts.cause = Examples.cause(faultClass, since: now - .minutes(1)) }
        #expect(verdict.lossAt == nil)
        #expect(verdict.losingSince == now - .minutes(3))
        let other = self.verdict {
            $0.thresholds.keepsFrom = false
            $0.facts.cause = Examples.cause(faultClass, since: now - .minutes(1))
        }
        #expect(other.lossAt != nil)
        #expect(other.losingSince == nil)
    }

    @Test func `a standing cause outlives whole cycles`() {
        let verdict = verdict { $0.facts.standing = Examples.cause(.enablement, since: now - .hours(1)) }
        #expect(verdict.state == .blocked)
        #expect(verdict.losingSince != nil)
    }

    @Test(arguments: 0..<400)
    func `every situation has one state, and a green one keeps its promise`(seed: Int) {
        var chance = Chance(seed)
        for _ in 0..<50 {
            let situation = chance.situation(now)
            let host = chance.host(now)
            let evaluator = Evaluator(host: host, now: now)
            let verdict = evaluator.evaluate(situation)
            #expect(verdict == evaluator.evaluate(situation))
            if verdict.state == .active || verdict.state == .quiet {
                #expect(verdict.cause == nil)
                #expect(verdict.caughtUpTo != nil)
                #expect((verdict.lag ?? .days(99)) <= situation.thresholds.lateAfter)
                #expect(situation.facts.wholeCycles > 0)
                #expect(host.cause == nil)
            }
            if verdict.state == .blocked || verdict.state == .failing { #expect(verdict.cause != nil) }
            if verdict.state != .draft, verdict.state != .active { #expect(verdict.since != nil) }
            if verdict.losingSince != nil { #expect(verdict.lossAt == nil) }
            let live = situation.facts.acceptedAt != nil && situation.hold == nil
            #expect(live == (verdict.state.severity != nil))
        }
    }

    @Test(arguments: 0..<100)
    func `a cause never makes a state better, and neither does a watermark further back`(seed: Int) {
        var chance = Chance(seed)
        for _ in 0..<50 {
            var situation = chance.situation(now)
            situation.facts.cause = nil
            situation.facts.standing = nil
            let evaluator = Evaluator(host: chance.host(now), now: now)
            let before = evaluator.evaluate(situation).state
            var worse = situation
            worse.facts.cause = chance.cause(now) ?? Examples.cause(.shape, since: now)
            if worse.facts.cause?.faultClass == .ok { continue }
            let after = evaluator.evaluate(worse).state
            #expect((after.severity ?? -1) >= (before.severity ?? -1))
            guard let mark = situation.watermark else { continue }
            worse = situation
            worse.watermark = mark - chance.duration()
            let behind = evaluator.evaluate(worse).state
            #expect((behind.severity ?? -1) >= (before.severity ?? -1))
        }
    }
}
