// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Status
import Testing

@Suite struct TransitionsTests {
    private let now = Examples.start

    @Test func `a worse state is taken at once with the first instant that speaks for it`() throws {
        let standing = Standing(state: .active, since: now - .days(1))
        let cause = Examples.cause(.permission, since: now - .minutes(7))
        let verdict = Assessment(state: .blocked, since: now - .minutes(7), cause: cause)
        let (next, change) = Transitions.step(standing, verdict, now: now)
        #expect(next.state == .blocked)
        let written = try #require(change)
        #expect(written.from == .active && written.to == .blocked)
        #expect(written.since == now - .minutes(7))
    }

    @Test func `a better state must hold for two evaluations`() {
        var standing = Standing(
            state: .failing,
            since: now - .hours(2),
            cause: Examples.cause(.network, since: now)
        )
        let better = Assessment(state: .active, since: now)
        var step = Transitions.step(standing, better, now: now)
        #expect(step.standing.state == .failing && step.change == nil)
        // A relapse in between starts the count again.
        standing = step.standing
        step = Transitions.step(standing, Assessment(state: .failing, since: now), now: now + .seconds(30))
        step = Transitions.step(step.standing, better, now: now + .seconds(60))
        #expect(step.standing.state == .failing)
        step = Transitions.step(step.standing, better, now: now + .seconds(90))
        #expect(step.standing.state == .active && step.change != nil)
        #expect(step.standing.since == now + .seconds(90))
        #expect(step.standing.cause == nil)
    }

    @Test func `a single run has no hysteresis`() {
        let standing = Standing(state: .late, since: now)
        let step = Transitions.step(standing, Assessment(state: .active), now: now, hysteresis: false)
        #expect(step.standing.state == .active)
    }

    @Test(arguments: [StreamState.paused, .excluded, .draft])
    func `a decision takes effect at once, both ways`(state: StreamState) {
        let away = Transitions.step(Standing(state: .blocked), Assessment(state: state), now: now)
        #expect(away.standing.state == state)
        let back = Transitions.step(away.standing, Assessment(state: .active), now: now)
        #expect(back.standing.state == .active)
    }

    @Test func `more than four changes in six hours are flapping`() {
        var standing = Standing(state: .active)
        for turn in 0..<5 {
            let state: StreamState = turn.isMultiple(of: 2) ? .late : .active
            standing =
                Transitions.step(
                    standing,
                    Assessment(state: state),
                    now: now + .minutes(turn),
                    hysteresis: false
                ).standing
        }
        #expect(standing.isFlapping)
        standing = Transitions.step(standing, Assessment(state: .late), now: now + .hours(7)).standing
        #expect(!standing.isFlapping)
    }

    @Test func `another process shows the stored state unless it sees worse`() {
        let stored = Standing(state: .late, since: now - .hours(1))
        #expect(Transitions.overlay(stored, Assessment(state: .active)).state == .late)
        #expect(Transitions.overlay(stored, Assessment(state: .unknown)).state == .unknown)
        #expect(Transitions.overlay(stored, Assessment(state: .paused)).state == .paused)
        #expect(Transitions.overlay(Standing(state: .active), Assessment(state: .late)).state == .late)
        #expect(Transitions.overlay(nil, Assessment(state: .pending)).state == .pending)
    }

    @Test func `a standing survives the ledger`() {
        let standing = Standing(
            state: .blocked,
            since: now,
            cause: Examples.cause(.license, since: now),
            better: 1,
            changes: [now]
        )
        #expect(Standing(json: standing.json) == standing)
    }
}

@Suite("Leaving the wait for the first data")
struct FirstDataTests {
    let now = Timestamp(seconds: 1_800_000_000)

    @Test func `the first whole cycle shows at once, in the host and beside it`() {
        let waiting = Standing(state: .pending, since: now, cause: nil, changes: [])
        let verdict = Assessment(state: .active, since: now)
        let (standing, change) = Transitions.step(waiting, verdict, now: now)
        #expect(standing.state == .active)
        #expect(change?.to == .active)
        #expect(Transitions.overlay(waiting, verdict).state == .active)
    }
}
