// SPDX-License-Identifier: Apache-2.0
import Collecting
import Connectors
import Source
import Testing

@Suite struct PageWalkTests {
    private func paging(_ text: String) throws -> Paging {
        let definition = try Plot.definition(Windows.stream(paging: text))
        return try #require(definition.stream("events")).paging
    }

    private func page(_ count: Int, _ digest: UInt64 = .random(in: 0 ... .max), next: String? = nil)
        -> PageWalk.Page
    {
        PageWalk.Page(next: next.map { .link($0) }, count: count, digest: digest)
    }

    @Test func `an empty page with a link is followed, unless an empty page is the end`() throws {
        var walk = PageWalk(try paging(#"{"kind": "linkHeader"}"#))
        #expect(walk.read(page(0, next: "a")) == .follow(.link("a")))
        #expect(walk.read(page(0)) == .done)
        walk = PageWalk(try paging(#"{"kind": "linkHeader", "end": "emptyPage"}"#))
        #expect(walk.read(page(3, next: "a")) == .follow(.link("a")))
        #expect(walk.read(page(0, next: "a")) == .done)
    }

    @Test func `pages and elements are counted on until a page is not full`() throws {
        var walk = PageWalk(try paging(#"{"kind": "page", "parameter": "p", "first": 0, "size": 2}"#))
        #expect(walk.read(page(2)) == .follow(.number(1)))
        #expect(walk.read(page(1)) == .done)
        walk = PageWalk(try paging(#"{"kind": "offset", "parameter": "s", "size": 2}"#))
        #expect(walk.read(page(2)) == .follow(.number(2)))
        #expect(walk.read(page(2)) == .follow(.number(4)))
        #expect(walk.read(page(0)) == .done)
    }

    @Test func `where an empty page is the end, a short one is not, and elements are counted as they came`()
        throws
    {
        let text = #"{"kind": "offset", "parameter": "s", "size": 100, "end": "emptyPage"}"#
        var walk = PageWalk(try paging(text))
        #expect(walk.read(page(30)) == .follow(.number(30)))
        #expect(walk.read(page(100)) == .follow(.number(130)))
        #expect(walk.read(page(0)) == .done)
    }

    @Test func `circles are noticed by the address and by the elements`() throws {
        var walk = PageWalk(try paging(#"{"kind": "linkHeader"}"#))
        #expect(walk.read(page(1, next: "a")) == .follow(.link("a")))
        #expect(walk.read(page(1, next: "b")) == .follow(.link("b")))
        #expect(walk.read(page(1, next: "a")) == .trouble(.pageLoop))
        walk = PageWalk(try paging(#"{"kind": "linkHeader"}"#))
        #expect(walk.read(page(2, 7, next: "a")) == .follow(.link("a")))
        #expect(walk.read(page(2, 8, next: "b")) == .follow(.link("b")))
        #expect(walk.read(page(2, 7, next: "c")) == .trouble(.pageLoop))
    }

    @Test func `a list that is longer than allowed is in trouble`() throws {
        var walk = PageWalk(try paging(#"{"kind": "linkHeader", "maxPages": 2}"#))
        #expect(walk.read(page(1, next: "a")) == .follow(.link("a")))
        #expect(walk.read(page(1, next: "b")) == .trouble(.tooManyPages))
        let text = #"{"kind": "offset", "parameter": "s", "size": 2, "maxOffset": 4}"#
        walk = PageWalk(try paging(text))
        #expect(walk.read(page(2)) == .follow(.number(2)))
        #expect(walk.read(page(2)) == .follow(.number(4)))
        #expect(walk.read(page(2)) == .trouble(.tooManyPages))
    }

    @Test(arguments: [PagePlace.first, .link("https://a/?b=c d"), .token(""), .token("a b "), .number(0)])
    func `a place can be kept as text`(_ place: PagePlace) {
        #expect(PagePlace(text: place.text) == place)
    }

    @Test(arguments: ["", "elsewhere", "number x", "first "])
    func `what is no place is not taken for one`(_ text: String) { #expect(PagePlace(text: text) == nil) }
}
