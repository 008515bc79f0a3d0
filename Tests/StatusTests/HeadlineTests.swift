// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Status
import Testing

@Suite struct HeadlineTests {
    private func headline(_ states: StreamState...) -> Headline {
        Headline(streams: states.map { Assessment(state: $0, since: Examples.start) })
    }

    @Test func `the worst stream names the connection and partial counts the rest`() {
        let line = headline(.active, .active, .active, .blocked, .quiet)
        #expect(line.state == .blocked)
        #expect(line.partial == Headline.Partial(collecting: 4, of: 5))
        #expect(headline(.active, .unknown, .blocked).state == .unknown)
        #expect(headline(.active, .quiet).state == .quiet)
        #expect(headline(.active, .quiet).partial == nil)
        #expect(headline(.blocked, .failing).partial == nil)
    }

    @Test func `waiting for a first record does not lower a connection that has an active stream`() {
        var waiting = Assessment(state: .pending)
        waiting.wantsRecord = true
        let active = Assessment(state: .active)
        let line = Headline(streams: [active, active, active, active, waiting])
        #expect(line.state == .active)
        #expect(line.partial == Headline.Partial(collecting: 4, of: 5))
        #expect(Headline(streams: [active, Assessment(state: .pending)]).state == .pending)
        #expect(Headline(streams: [waiting, Assessment(state: .quiet)]).state == .pending)
    }

    @Test func `excluded streams do not count and paused ones count against coverage only`() {
        #expect(headline(.active, .excluded) == headline(.active))
        #expect(headline(.active, .paused).state == .active)
        #expect(headline(.active, .paused).partial == Headline.Partial(collecting: 1, of: 2))
        #expect(headline(.excluded, .excluded).state == .excluded)
        #expect(headline(.paused, .excluded).state == .paused)
        #expect(headline(.draft).state == .draft)
    }

    @Test func `the connection's cause is its worst stream's, the earliest first`() {
        let later = Assessment(
            state: .blocked,
            since: Examples.start,
            cause: Examples.cause(.permission, since: Examples.start)
        )
        let earlier = Assessment(
            state: .blocked,
            since: Examples.start - .hours(1),
            cause: Examples.cause(.enablement, since: Examples.start)
        )
        let line = Headline(streams: [Assessment(state: .active), later, earlier])
        #expect(line.cause?.faultClass == .enablement)
        #expect(line.since == Examples.start - .hours(1))
    }

    @Test func `a customer is as well as its worst connection`() {
        #expect(Headline(connections: [headline(.active), headline(.late)]).state == .late)
        #expect(Headline(connections: [headline(.active), headline(.draft)]).state == .active)
        #expect(Headline(connections: []).state == .draft)
    }
}
