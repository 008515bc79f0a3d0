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

@Suite(.timeLimit(.minutes(10))) struct ChainTests {
    private func expectAll(_ plot: Plot, _ count: Int) async throws {
        let ids = try await plot.ids()
        #expect(ids == (0..<count).map { "e\($0)" }, "\(ids)")
    }

    private func place(_ plot: Plot) async throws -> String? {
        try await plot.ledger.cursor("place", of: Plot.key)
    }

    @Test func `the next token is kept with each page and asked for in the next cycle`() async throws {
        let tape = Tape()
        let plot = try await Plot(Tape.stream(), errors: Tape.rule) { tape.answer($0) }
        tape.add(7, at: Plot.start + .seconds(1))
        let end = try await plot.cycle(after: .minutes(10))
        #expect(end.isWhole && end.stored == 7)
        #expect(try await place(plot) == "token 7")
        // The watermark is the answer's own clock.
        #expect(try await plot.facts().watermark == Plot.start + .minutes(10))
        tape.add(2, at: plot.time.now)
        try await plot.cycle(after: .minutes(5))
        try await expectAll(plot, 9)
        #expect(plot.asked.last?.query["after"] == "9")
        #expect(plot.asked.count == 6)
        #expect(tape.windows == 0)
    }

    @Test(arguments: TokenPlace.allCases)
    func `a kept token goes where it went before when the host comes back`(_ place: TokenPlace) async throws {
        let folder = TemporaryFolder()
        let (tape, home) = (Tape(), folder.file("home"))
        let stream = Tape.stream(place: place)
        do {
            let plot = try await Plot(stream, errors: Tape.rule, home: home) { tape.answer($0, place) }
            tape.add(7, at: Plot.start + .seconds(1))
            #expect(try await plot.cycle(after: .minutes(10)).stored == 7)
        }
        tape.add(2, at: Plot.start + .minutes(11))
        let later = try await Plot(stream, errors: Tape.rule, home: home) { tape.answer($0, place) }
        #expect(try await later.cycle(after: .minutes(20)).stored == 2)
        try await expectAll(later, 9)
        #expect(later.asked.map { place.token(in: $0) } == ["7", "9"])
        #expect(tape.windows == 0)
    }

    @Test func `where no token comes with the last page, that page is read again for what it has gained`()
        async throws
    {
        let tape = Tape(alwaysNames: false)
        tape.add(4, at: Plot.start + .seconds(1))
        let stream = Tape.stream(from: "lastUsed", end: "noLink")
        let plot = try await Plot(stream, errors: Tape.rule) { tape.answer($0) }
        try await plot.cycle(after: .minutes(1))
        #expect(try await place(plot) == "token 3")
        tape.add(1, at: plot.time.now)
        let end = try await plot.cycle(after: .minutes(1))
        #expect(end.stored == 1 && end.duplicate == 1)
        try await expectAll(plot, 5)
    }

    @Test func `a page read again for weeks brings nothing twice`() async throws {
        let tape = Tape(alwaysNames: false)
        tape.add(4, at: Plot.start + .seconds(1))
        let stream = Tape.stream(from: "lastUsed", end: "noLink")
        let plot = try await Plot(stream, errors: Tape.rule) { tape.answer($0) }
        for _ in 0..<30 {
            #expect(try await plot.cycle(after: .days(1)).isWhole)
            try await plot.ledger.lapse()
        }
        try await expectAll(plot, 4)
    }

    @Test func `a refused token falls back to windows without loss or double`() async throws {
        let tape = Tape()
        let plot = try await Plot(Tape.stream(), errors: Tape.rule) { tape.answer($0) }
        tape.add(5, at: Plot.start + .seconds(1))
        try await plot.cycle(after: .minutes(10))
        tape.forget()
        tape.add(4, at: Plot.start + .minutes(30))
        let end = try await plot.cycle(after: .hours(3))
        #expect(end.isWhole && end.stored == 4)
        try await expectAll(plot, 9)
        #expect(tape.windows == 3)
        #expect(try await plot.facts().watermark == Plot.start + .hours(3) + .minutes(10))
        #expect(try await plot.gaps().isEmpty)
        #expect(try await place(plot) == "token 9")
        tape.add(1, at: plot.time.now)
        try await plot.cycle(after: .minutes(5))
        try await expectAll(plot, 10)
    }

    @Test func `windows in place of a token go on in the next cycle where one is not enough`() async throws {
        let tape = Tape()
        let plot = try await Plot(Tape.stream(), errors: Tape.rule) { tape.answer($0) }
        tape.add(5, at: Plot.start + .seconds(1))
        try await plot.cycle(after: .minutes(10))
        tape.forget()
        tape.add(4, at: Plot.start + .minutes(30))
        let end = try await plot.cycle(after: .hours(5), windows: 2)
        #expect(!end.isWhole && end.setback == nil && end.nextTry == plot.time.now)
        for _ in 0..<3 { try await plot.cycle(windows: 2) }
        #expect(Set(try await plot.ids()).count == 9)
        #expect(try await plot.ids().count == 9)
        #expect(try await place(plot) == "token 9")
    }

    @Test func `a token lost without windows to fall back to begins anew from the watermark`() async throws {
        let tape = Tape()
        let plot = try await Plot(Tape.stream(fallback: false)) { asked in
            let answer = tape.answer(asked)
            return answer.status == 400 ? Reply.trouble(410) : answer
        }
        tape.add(5, at: Plot.start + .seconds(1))
        try await plot.cycle(after: .minutes(10))
        tape.forget()
        tape.add(2, at: plot.time.now + .seconds(1))
        // The host has no rule for it, so that the definition's author learns that one is missing.
        #expect(try await plot.cycle(after: .minutes(5)).setback?.faultClass == .bug)
        try await expectAll(plot, 5)
    }

    @Test func `history is asked for in windows beside the chain`() async throws {
        let tape = Tape()
        tape.add(3, at: Plot.start - .hours(2))
        tape.add(2, at: Plot.start + .seconds(1))
        let plot = try await Plot(Tape.stream(), errors: Tape.rule, history: .hours(3)) { tape.answer($0) }
        #expect(try await plot.cycle(after: .minutes(10)).isWhole)
        #expect(Set(try await plot.ids()).count == 5)
        #expect(try await plot.ids().count == 5)
        #expect(try await plot.facts().coveredFrom == Plot.start - .hours(3))
        #expect(try await plot.facts().watermark == Plot.start + .minutes(10))
    }

    @Test func `a list without a cursor is read whole each time, and nothing of it twice`() async throws {
        let elements = Mutex(["a", "b", "c"])
        let stream =
            Plot.list() + #", "paging": {"kind": "page", "parameter": "p", "first": 1, "size": 2}, "#
            + #""cursor": {"kind": "none"}"#
        let plot = try await Plot(stream) { asked in
            let page = elements.withLock { $0 }.dropFirst(((asked.number("p") ?? 1) - 1) * 2).prefix(2)
            return Reply.page(page.map { #"{"id":"\#($0)"}"# })
        }
        for _ in 0..<20 {
            #expect(try await plot.cycle(after: .days(1)).isWhole)
            try await plot.ledger.lapse()
        }
        #expect(try await plot.ids() == ["a", "b", "c"])
        elements.withLock { $0 = ["b", "c", "d"] }
        try await plot.cycle(after: .minutes(5))
        #expect(try await plot.ids() == ["a", "b", "c", "d"])
        #expect(try await plot.facts().watermark == Plot.start + .days(20) + .minutes(5))
    }
}

@Suite(.timeLimit(.minutes(10))) struct RoundTests {
    static let stream =
        Plot.list(items: "/value")
        + #", "paging": {"kind": "delta", "next": "/next", "delta": "/delta"}, "cursor": {"kind": "delta"}"#
    static let rule =
        #"{"id": "gone", "match": {"status": [410]}, "class": "gone", "action": "reset-paging"}"#

    static func page(_ ids: [String], next: String? = nil, delta: String? = nil) -> Response {
        let elements = ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
        let links =
            (next.map { #","next":"https://api.example.com/events?\#($0)""# } ?? "")
            + (delta.map { #","delta":"https://api.example.com/events?\#($0)""# } ?? "")
        return Reply.object(#"{"value":[\#(elements)]\#(links)}"#)
    }

    @Test func `links are followed from round to round`() async throws {
        let changed = Mutex([String]())
        let plot = try await Plot(Self.stream, errors: Self.rule) { asked in
            switch asked.query["at"] {
            case nil: Self.page(["a", "b"], next: "at=p2")
            case "p2": Self.page(["c"], delta: "at=d1")
            default: Self.page(changed.withLock { $0 }, delta: "at=d2")
            }
        }
        #expect(try await plot.cycle(after: .minutes(5)).isWhole)
        changed.withLock { $0 = ["d"] }
        #expect(try await plot.cycle(after: .minutes(5)).isWhole)
        #expect(try await plot.ids() == ["a", "b", "c", "d"])
        let place = try await plot.ledger.cursor("place", of: Plot.key)
        #expect(place == "link https://api.example.com/events?at=d2")
        #expect(plot.asked.map { $0.query["at"] } == [nil, "p2", "d1"])
    }

    @Test func `a link that the source no longer knows begins anew, and that is recorded`() async throws {
        let isGone = Mutex(false)
        let plot = try await Plot(Self.stream, errors: Self.rule) { asked in
            if isGone.withLock({ $0 }), asked.query["at"] == "d1" { return Reply.trouble(410) }
            return asked.query["at"] == nil
                ? Self.page(isGone.withLock { $0 } ? ["a", "b"] : ["a"], delta: "at=d1")
                : Self.page([], delta: "at=d1")
        }
        try await plot.cycle(after: .minutes(5))
        isGone.withLock { $0 = true }
        let end = try await plot.cycle(after: .hours(1))
        #expect(end.isWhole && end.gapsOpened == 1)
        #expect(try await plot.ids() == ["a", "b"])
        let gap = try #require(try await plot.gaps().first)
        #expect(gap.cause == .gone && gap.lost)
        #expect(gap.from == Plot.start + .minutes(5) && gap.to == Plot.start + .minutes(65))
        #expect(try await plot.facts().watermark == Plot.start + .minutes(65))
    }

    @Test func `a page that names neither the next nor the next round is of class shape`() async throws {
        let plot = try await Plot(Self.stream, errors: Self.rule) { _ in Self.page(["a"]) }
        #expect(try await plot.cycle(after: .minutes(5)).setback?.faultClass == .shape)
        #expect(try await plot.ids().isEmpty)
    }
}
