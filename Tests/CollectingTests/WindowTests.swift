// SPDX-License-Identifier: Apache-2.0
import Basics
import Collecting
import Connectors
import HTTPClient
import Status
import Store
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct WindowTests {
    private static let links = #"{"kind": "linkHeader"}"#
    private static let slow =
        #"{"id": "slow", "match": {"status": [504]}, "class": "transient", "action": "split-window"}"#

    @Test func `a 504 is cured by a smaller window, and windows grow again after ten good ones`() async throws
    {
        let source = Windows(events: Windows.events(240, from: Plot.start, every: .minutes(1)), size: 500)
        let isSlow = Mutex(true)
        let spans = Mutex([Duration]())
        let plot = try await Plot(Windows.stream(paging: Self.links), errors: Self.slow) { asked in
            guard let from = asked.instant("from"), let to = asked.instant("to") else {
                return Reply.trouble(400)
            }
            spans.withLock { $0.append(to - from) }
            if isSlow.withLock({ $0 }), to - from > .minutes(15) { return Reply.trouble(504) }
            return source.linked(asked)
        }
        #expect(try await plot.cycle(after: .hours(2)).isWhole)
        #expect(try await plot.ids().count == 120)
        #expect(try await plot.gaps().isEmpty)
        #expect(spans.withLock { $0.last } == .minutes(15))
        isSlow.withLock { $0 = false }
        try await plot.cycle(after: .hours(2))
        // Eight windows of a quarter and two more make ten good ones.
        #expect(spans.withLock { $0.contains(.minutes(30)) })
        #expect(Set(try await plot.ids()).count == 240)
        #expect(try await plot.ids().count == 240)
        #expect(try await plot.facts().watermark == Plot.start + .hours(4))
    }

    @Test func `the shortest window that still fails is a parked gap, and is had later`() async throws {
        let source = Windows(events: Windows.events(60, from: Plot.start, every: .minutes(1)), size: 500)
        let broken = Mutex(true)
        let bad = Plot.start + .minutes(17)
        let stream = Windows.stream(
            paging: Self.links,
            cursor: Windows.cursor(min: "PT5M"),
            more: #", "retention": [{"value": "P30D"}]"#
        )
        let plot = try await Plot(stream, errors: Self.slow) { asked in
            guard let from = asked.instant("from"), let to = asked.instant("to") else {
                return Reply.trouble(400)
            }
            return broken.withLock { $0 } && from <= bad && bad < to
                ? Reply.trouble(504) : source.linked(asked)
        }
        let end = try await plot.cycle(after: .hours(1))
        #expect(end.isWhole && end.gapsOpened == 1)
        let gap = try #require(try await plot.gaps().first)
        #expect(gap.kind == .span && gap.from <= bad && bad < gap.to && gap.to - gap.from <= .minutes(7))
        #expect(gap.recoverableUntil == gap.from + .days(30))
        // The watermark passes it.
        #expect(try await plot.facts().watermark == Plot.start + .hours(1))
        broken.withLock { $0 = false }
        try await plot.cycle(after: .minutes(6))
        #expect(try await plot.gaps().allSatisfy { $0.recovered != nil })
        #expect(Set(try await plot.ids()).count == 60)
        #expect(try await plot.ids().count == 60)
    }

    @Test func `a record that shows 55 minutes late is found by listing again, and counted as late`()
        async throws
    {
        let late = Event(id: "late", at: Plot.start + .minutes(10), shown: Plot.start + .minutes(65))
        let later = Event(id: "later", at: Plot.start + .minutes(20), shown: Plot.start + .hours(23))
        let stream = Windows.stream(
            paging: Self.links,
            more: #", "relist": [{"after": "PT1H", "span": "PT1H"}, {"after": "PT24H", "span": "PT12H"}]"#
        )
        let clock = Mutex(Plot.start)
        let source = Windows(
            events: [Event(id: "prompt", at: Plot.start + .minutes(9)), late, later],
            now: { clock.withLock { $0 } }
        )
        let plot = try await Plot(stream) { source.linked($0) }
        func pass(_ after: Duration) async throws {
            clock.withLock { $0 = plot.time.now + after }
            #expect(try await plot.cycle(after: after).isWhole)
        }
        try await pass(.minutes(60))
        #expect(try await plot.ids() == ["prompt"])
        try await pass(.minutes(60))
        #expect(try await plot.ids() == ["prompt", "late"])
        #expect(try await plot.counts().late == 1)
        // The slower rule is still where coverage began.
        #expect(try await plot.facts().relistedTo == Plot.start)
        try await pass(.hours(36))
        #expect(try await plot.ids() == ["prompt", "late", "later"])
        #expect(try await plot.counts().late == 2)
        #expect(try await plot.facts().relistedTo ?? Plot.start > Plot.start)
    }

    @Test func `keys are remembered until a span that holds them has been listed again`() async throws {
        let source = Windows(events: [Event(id: "old", at: Plot.start + .minutes(5))])
        let isDown = Mutex(true)
        let stream = Windows.stream(
            paging: Self.links,
            cursor: Windows.cursor(max: "P1D"),
            more: #", "relist": [{"after": "PT1H", "span": "PT1H"}]"#
        )
        let plot = try await Plot(stream) { asked in
            // Listing again fails for days: only spans of an hour that ended long ago are asked for so.
            if let from = asked.instant("from"), let to = asked.instant("to"), isDown.withLock({ $0 }),
                to - from == .hours(1), from == Plot.start
            {
                return Reply.trouble(500)
            }
            return source.linked(asked)
        }
        try await plot.cycle(after: .minutes(90))
        for _ in 0..<12 { try await plot.cycle(after: .days(1)) }
        try await plot.ledger.lapse()
        isDown.withLock { $0 = false }
        try await plot.cycle(after: .minutes(5))
        #expect(try await plot.ids() == ["old"])
        #expect(try await plot.facts().relistedTo ?? Plot.start >= Plot.start + .days(12))
    }

    @Test func `an overlap is asked for again, but never from before coverage`() async throws {
        let stream = Windows.stream(paging: Self.links, cursor: Windows.cursor(overlap: "PT15M"))
        let shown = Mutex(false)
        let plot = try await Plot(stream) { asked in
            let events =
                shown.withLock { $0 }
                ? [
                    Event(id: "a", at: Plot.start + .minutes(55)),
                    Event(id: "b", at: Plot.start + .minutes(50)),
                ]
                : [Event(id: "a", at: Plot.start + .minutes(55))]
            return Windows(events: events).linked(asked)
        }
        try await plot.cycle(after: .hours(1))
        #expect(plot.asked.first?.instant("from") == Plot.start)
        shown.withLock { $0 = true }
        try await plot.cycle(after: .minutes(5))
        #expect(plot.asked.last?.instant("from") == Plot.start + .minutes(45))
        #expect(try await plot.ids() == ["a", "b"])
        #expect(try await plot.facts().watermark == Plot.start + .minutes(65))
    }

    @Test(arguments: [("halfOpen", 0), ("closed", 0), ("open", 1)])
    func `open ends are asked for one second wider`(bounds: String, wider: Int) async throws {
        let stream = Windows.stream(paging: Self.links, cursor: Windows.cursor(bounds: bounds))
        let plot = try await Plot(stream) { _ in Reply.page([]) }
        try await plot.cycle(after: .minutes(30))
        let asked = try #require(plot.asked.first)
        #expect(asked.instant("from") == Plot.start - .seconds(wider))
        #expect(asked.instant("to") == Plot.start + .minutes(30) + .seconds(wider))
    }
}
