// SPDX-License-Identifier: Apache-2.0
import HTTPClient
import Testing

@Suite struct URLPartsTests {
    @Test func `the parts keep what was written`() throws {
        let parts = try #require(URLParts("HTTPS://Example.COM/a%2Fb/../c%20d?x=1&y=%41#fragment"))
        #expect(parts.scheme == "https")
        #expect(parts.host == "example.com")
        #expect(parts.port == 443)
        #expect(parts.path == "/a%2Fb/../c%20d")
        #expect(parts.query == "x=1&y=%41")
    }

    @Test func `a bare host has the path of the root and its scheme's port`() throws {
        let parts = try #require(URLParts("http://example.com"))
        #expect(parts.path == "/")
        #expect(parts.port == 80)
        #expect(parts.query == nil)
        #expect(URLParts("http://example.com:8080/")?.port == 8_080)
    }

    @Test(arguments: [
        "", "example.com", "/path", "ftp://example.com/", "file:///etc/passwd", "http://", "http://a b/",
        "http://user@example.com/", "http://user:secret@example.com/", "http://example.com:99999/",
        "http://example.com\\@other.com/", "http://exa\u{0}mple.com/", "javascript:alert(1)",
    ])
    func `what leads nowhere safe is refused`(url: String) { #expect(URLParts(url) == nil) }

    @Test(arguments: [
        ("http://127.0.0.1:9/", true), ("http://127.9.9.9/", true), ("http://[::1]:80/", true),
        ("http://localhost/", false), ("http://127.0.0.1.example.com/", false), ("http://128.0.0.1/", false),
        ("http://[::2]/", false), ("http://127.0.0.1x/", false),
    ])
    func `loopback is told by its number only`(url: String, loopback: Bool) {
        #expect(URLParts(url)?.isLoopbackLiteral == loopback)
    }
}
