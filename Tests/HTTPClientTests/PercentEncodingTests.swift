// SPDX-License-Identifier: Apache-2.0
import HTTPClient
import Testing

@Suite struct PercentEncodingTests {
    @Test func `a segment keeps what a segment may hold`() {
        #expect(PercentEncoding.segment("a-b._~!$&'()*+,;=:@") == "a-b._~!$&'()*+,;=:@")
        #expect(PercentEncoding.segment("a/b?c#d e%ä") == "a%2Fb%3Fc%23d%20e%25%C3%A4")
        for refused in ["", ".", "..", "a\nb", "\0"] { #expect(PercentEncoding.segment(refused) == nil) }
    }

    @Test func `a query value cannot end itself`() {
        #expect(PercentEncoding.query("2026-01-01T00:00:00&x=+#") == "2026-01-01T00:00:00%26x%3D%2B%23")
        #expect(PercentEncoding.query("$filter") == "$filter")
        #expect(PercentEncoding.query("") == "")
        #expect(PercentEncoding.query("a\rb") == nil)
    }

    @Test func `a form value encodes all but the plainest`() {
        #expect(PercentEncoding.form("a+b/=& ~") == "a%2Bb%2F%3D%26%20~")
    }
}
