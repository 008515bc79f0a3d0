// SPDX-License-Identifier: Apache-2.0
import Basics
import Collecting
import Connectors
import HTTPClient
import Status
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct PagingTests {
    private static let hour = Duration.hours(1)

    private func source(_ count: Int, size: Int = 2) -> Windows {
        Windows(events: Windows.events(count, from: Plot.start, every: .seconds(60)), size: size)
    }

    private func expectAll(_ plot: Plot, _ count: Int) async throws {
        let ids = try await plot.ids()
        #expect(ids.sorted() == (0..<count).map { "e\($0)" }.sorted(), "\(ids)")
    }

    @Test(arguments: TokenPlace.allCases)
    func `tokens walk three pages wherever the next request takes them`(_ place: TokenPlace) async throws {
        let source = source(5)
        let stream = Windows.stream(paging: place.paging(), request: place.request)
        let plot = try await Plot(stream) { asked in
            let first = place.token(in: asked).flatMap { Int($0) } ?? 0
            let (elements, hasMore) = source.page(asked, from: first)
            var reply = Reply.page(elements)
            if hasMore { reply.headers.append(Header("x-next", "\(first + 2)")) }
            return reply
        }
        let end = try await plot.cycle(after: Self.hour)
        #expect(end.isWhole)
        try await expectAll(plot, 5)
        #expect(plot.asked.map { place.token(in: $0) } == [nil, "2", "4"])
        #expect(plot.asked.map { $0.query["tenant"] } == [nil, "t", "t"])
    }

    @Test(arguments: [0, 1])
    func `pages are counted from the first number`(first: Int) async throws {
        let source = source(5)
        let paging = #"{"kind": "page", "parameter": "p", "first": \#(first), "size": 2}"#
        let plot = try await Plot(Windows.stream(paging: paging)) { asked in
            let number = asked.number("p") ?? 99
            return Reply.page(source.page(asked, from: (number - first) * 2).elements)
        }
        try await plot.cycle(after: Self.hour)
        try await expectAll(plot, 5)
        #expect(plot.asked.compactMap { $0.number("p") } == [first, first + 1, first + 2])
    }

    @Test func `an offset past the most the source takes splits the window`() async throws {
        let source = source(40)
        let paging = #"{"kind": "offset", "parameter": "$skip", "size": 2, "maxOffset": 6}"#
        let plot = try await Plot(Windows.stream(paging: paging)) { asked in
            let skip = asked.number("$skip") ?? 99
            guard skip <= 6 else { return Reply.trouble(400, "SkipTooLarge") }
            return Reply.page(source.page(asked, from: skip).elements)
        }
        let end = try await plot.cycle(after: Self.hour)
        #expect(end.isWhole)
        try await expectAll(plot, 40)
        #expect(try await plot.gaps().isEmpty)
        #expect(try await plot.facts().watermark == Plot.start + Self.hour)
        // What the windows that were split had brought stays counted.
        #expect(try await plot.counts().stored == 40)
    }

    @Test func `the source's own refusal of an offset splits as well`() async throws {
        let source = source(20)
        let rule =
            #"{"id": "skip", "match": {"code": ["SkipTooLarge"]}, "class": "loop", "action": "split-window"}"#
        let paging = #"{"kind": "offset", "parameter": "skip", "size": 2}"#
        let plot = try await Plot(Windows.stream(paging: paging), errors: rule) { asked in
            let skip = asked.number("skip") ?? 99
            guard skip <= 6 else { return Reply.trouble(400, "SkipTooLarge") }
            return Reply.page(source.page(asked, from: skip).elements)
        }
        #expect(try await plot.cycle(after: Self.hour).isWhole)
        try await expectAll(plot, 20)
    }

    @Test func `a token that dies at page 7 of 20 begins the window anew, then splits it`() async throws {
        let source = source(40)
        let deaths = Mutex(0)
        let rule =
            #"{"id": "dead", "match": {"code": ["BadToken"]}, "class": "loop", "action": "reset-paging"}"#
        let plot = try await Plot(Windows.stream(paging: #"{"kind": "linkHeader"}"#), errors: rule) { asked in
            let skip = asked.number("skip") ?? 0
            if skip == 12, source.found(asked).count == 40 {
                deaths.withLock { $0 += 1 }
                return Reply.trouble(400, "BadToken")
            }
            return source.linked(asked)
        }
        let end = try await plot.cycle(after: Self.hour)
        #expect(end.isWhole && end.stored == 40)
        #expect(deaths.withLock { $0 } == 2)
        try await expectAll(plot, 40)
        #expect(try await plot.facts().watermark == Plot.start + Self.hour)
        #expect(try await plot.counts().stored == 40)
    }

    @Test func `records that come on two pages are stored once`() async throws {
        let source = source(9)
        let plot = try await Plot(
            Windows.stream(paging: #"{"kind": "offset", "parameter": "skip", "size": 3}"#)
        ) {
            asked in
            // The last of each page comes again as the first of the next.
            let skip = asked.number("skip") ?? 0
            let found = source.found(asked)
            let begin = skip - skip / 3
            return Reply.page(found.dropFirst(begin).prefix(3).map(\.json))
        }
        let end = try await plot.cycle(after: Self.hour)
        try await expectAll(plot, 9)
        #expect(end.duplicate == 4)
    }

    @Test func `an empty page with a link is followed to the records behind it`() async throws {
        let plot = try await Plot(Windows.stream(paging: #"{"kind": "linkHeader"}"#)) { asked in
            switch asked.query["page"] {
            case nil: Reply.page([], next: "/events?page=2")
            case "2": Reply.page([], next: "/events?page=3")
            default: Reply.page([Event(id: "e0", at: Plot.start).json])
            }
        }
        #expect(try await plot.cycle(after: Self.hour).isWhole)
        try await expectAll(plot, 1)
    }

    @Test func `a source that goes in circles is a loop and is parked, never taken for whole`() async throws {
        let stream = Windows.stream(
            paging: #"{"kind": "linkHeader"}"#,
            cursor: Windows.cursor(max: "PT2M"),
            more: #", "retention": [{"value": "P7D"}]"#
        )
        let number = Mutex(0)
        let plot = try await Plot(stream) { _ in
            let next = number.withLock { count in
                count += 1
                return count
            }
            return Reply.page([Event(id: "e0", at: Plot.start).json], next: "/events?nonce=\(next)")
        }
        let end = try await plot.cycle(after: .minutes(2))
        let gaps = try await plot.gaps()
        #expect(gaps.map(\.cause) == [.loop, .loop])
        #expect(gaps.allSatisfy { $0.kind == .span && !$0.lost })
        #expect(end.gapsOpened == 2)
        try await expectAll(plot, 1)
    }

    @Test(arguments: [#"{"value": []}"#, #"{}"#, "null", "", "[1"])
    func `what is no list is of class shape and never zero records`(_ body: String) async throws {
        let plot = try await Plot(Windows.stream(paging: #"{"kind": "none"}"#)) { _ in Reply.object(body) }
        let end = try await plot.cycle(after: Self.hour)
        #expect(end.setback?.faultClass == .shape)
        #expect(!end.isWhole)
        #expect(try await plot.facts().watermark == Plot.start)
    }

    @Test func `an error that the definition calls no trouble is an empty list`() async throws {
        let rule = #"{"id": "none", "match": {"status": [404]}, "class": "ok", "action": "succeed"}"#
        let plot = try await Plot(Windows.stream(paging: #"{"kind": "none"}"#), errors: rule) { _ in
            Reply.trouble(404)
        }
        #expect(try await plot.cycle(after: Self.hour).isWhole)
        #expect(try await plot.facts().watermark == Plot.start + Self.hour)
    }
}
