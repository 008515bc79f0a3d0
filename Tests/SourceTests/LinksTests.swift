// SPDX-License-Identifier: Apache-2.0
import Connectors
import HTTPClient
import JSON
import Source
import Testing

@Suite struct LinksTests {
    @Test(arguments: [
        "https://h.example.com/base", "https://h.example.com/base/", "https://h.example.com/base/a?x=//evil",
        "https://h.example.com:443/base/a", "HTTPS://H.EXAMPLE.COM/base/a",
        "https://h.example.com/base?next=1",
        "https://h.example.com/base/a$b%20c", "https://h.example.com/base/a%2Fb",
        "https://h.example.com/base/...",
        "https://h.example.com/base/a#f",
    ])
    func `an address inside the base may get a token`(_ url: String) throws {
        #expect(Links.isUnder(url, try #require(BaseURL("https://h.example.com/base"))))
    }

    @Test(arguments: [
        "http://h.example.com/base/a", "https://evil.com/base/a", "https://h.example.com.evil.com/base/a",
        "https://h.example.com:444/base/a", "https://h.example.com/basement", "https://h.example.com/", "",
        "https://h.example.com/other/base/", "https://h.example.com/base/../other",
        "https://h.example.com/base/..",
        "https://h.example.com/base/%2e%2e/other", "https://h.example.com/base/.%2E/other",
        "https://h.example.com/base/a%2f..%2fb", "https://h.example.com/base/%252e%252e/other",
        "https://h.example.com/base/..%5cother", "https://h.example.com/base/..;/other",
        "https://h.example.com/base\\..\\a",
        "https://user@h.example.com/base/a", "https://user:pw@h.example.com/base/a",
        "https://h.example.com@evil.com/base/a",
        "https://evil.com#@h.example.com/base", "https://evil.com\\@h.example.com/base",
        "//h.example.com/base/a",
        "/base/a", "base/a", "javascript:alert(1)", "file:///base/a", "https://h.example.com/base/ a",
        "https://h.example.com/base/\na", "https://h.example.com/base/a%00b", "https://127.0.0.1/base/a",
        "https://",
        "https://h.example.com/base/./a", "ftp://h.example.com/base/a",
    ])
    func `an address outside the base is foreign`(_ url: String) throws {
        #expect(!Links.isUnder(url, try #require(BaseURL("https://h.example.com/base"))))
    }

    @Test(arguments: ["http://127.0.0.1:9100/manage/a", "http://127.0.0.1:9100/manage?x=1"])
    func `a loopback base has its own port and path`(_ url: String) throws {
        let base = try #require(BaseURL("http://127.0.0.1:9100/manage"))
        #expect(Links.isUnder(url, base))
        #expect(!Links.isUnder(url.replacing("9100", with: "9101"), base))
        #expect(!Links.isUnder(url.replacing("127.0.0.1", with: "localhost"), base))
    }

    @Test func `a link without host is meant for the base's host`() throws {
        let base = try #require(BaseURL("https://h.example.com/base"))
        #expect(Links.resolve("/base/next?a=1", under: base) == "https://h.example.com:443/base/next?a=1")
        #expect(Links.resolve("/other", under: base) == nil)
        #expect(Links.resolve("//evil.com/base", under: base) == nil)
        #expect(Links.resolve("https://h.example.com/base/x", under: base) == "https://h.example.com/base/x")
    }

    @Test(arguments: [
        ("https://h/a", "https://h/a?P=1%202"), ("https://h/a?x=1", "https://h/a?x=1&P=1%202"),
        ("https://h/a?", "https://h/a?P=1%202"), ("https://h/a?p=7", "https://h/a?p=7"),
        ("https://h/a?x=P", "https://h/a?x=P&P=1%202"), ("https://h/a?%50=7", "https://h/a?%50=7"),
        ("https://h/a#f", "https://h/a?P=1%202"), ("https://h/a?x&", "https://h/a?x&P=1%202"),
    ])
    func `parameters are added where the address lacks them`(_ url: String, _ more: String) {
        #expect(Links.adding([("P", "1 2")], to: url) == more)
    }

    private func paging(_ kind: String) throws -> Paging {
        let text = Fixture.text.replacing(#""paging": {"kind": "none"}"#, with: #""paging": \#(kind)"#)
        return try #require(Definition.read(Array(text.utf8)).definition?.stream("events")).paging
    }

    @Test func `the next page's address is read from header, body or Link`() throws {
        let header = try paging(#"{"kind": "nextUrl", "from": {"header": "NextPageUri"}}"#)
        #expect(
            Links.next(header, in: Response(status: 200, headers: [Header("nextpageuri", " https://h/2 ")]))
                == .link("https://h/2")
        )
        #expect(Links.next(header, in: Response(status: 200, headers: [Header("NextPageUri", "")])) == nil)
        #expect(Links.next(header, in: Response(status: 200)) == nil)
        let body = try paging(#"{"kind": "nextUrl", "from": {"body": "/@odata.nextLink"}}"#)
        #expect(
            Links.next(body, in: Fixture.json(200, #"{"value":[1],"@odata.nextLink":"https:\/\/h\/2"}"#))
                == .link("https://h/2")
        )
        #expect(Links.next(body, in: Fixture.json(200, #"{"value":[]}"#)) == nil)
        #expect(Links.next(body, in: Fixture.json(200, "oops")) == nil)
        let link = try paging(#"{"kind": "linkHeader", "rel": "next"}"#)
        let fields = [
            Header("Link", "<https://h/1>; rel=\"self\""),
            Header("link", "<https://h/0>; rel=prev, <https://h/2?a=b;c,d>; title=\"x\"; rel=\"next last\""),
        ]
        #expect(Links.next(link, in: Response(status: 200, headers: fields)) == .link("https://h/2?a=b;c,d"))
    }
}
