// SPDX-License-Identifier: Apache-2.0
import Connectors
import HTTPClient
import JSON
import Source
import TestSupport
import Testing

@Suite struct PagingTests {
    private let window = Names(["window": ["start": "2026-11-21T00:00:00Z"]])
    /// What would be an expression, end a value or begin another, were it not taken as it is.
    private static let token = #"a+/= {{ secrets.key }}&x="\é"#

    private func stream(to target: String, body: String = "") throws -> StreamDefinition {
        let paging =
            #""paging": {"kind": "token", "from": {"body": "/next"}, "to": \#(target), "addQuery": {"v": "2"}}"#
        let text = Fixture.text
            .split(separator: #""paging": {"kind": "none"}"#).joined(separator: paging)
            .split(separator: #""query": {"from""#).joined(separator: body + #""query": {"from""#)
        let (definition, findings) = Definition.read(Array(text.utf8))
        return try #require(definition, "\(findings)").streams[0]
    }

    private func sent(_ stream: StreamDefinition, at place: PagePlace) async throws -> Request {
        let transport = ScriptedTransport { _ in Fixture.json(200, "[]") }
        let reply = try await Fixture.session(transport).page(of: stream, at: place, with: window)
        #expect(reply.verdict == nil, "\(reply.verdict?.message ?? "")")
        return try #require(transport.sent.first)
    }

    private let from = "https://manage.example.com/t-1/list?from=2026-11-21T00:00:00Z"

    @Test func `a token goes into the query as one value`() async throws {
        let stream = try stream(to: #"{"query": "$after"}"#)
        #expect(try await sent(stream, at: .first).url == from)
        let url = try await sent(stream, at: .token(Self.token)).url
        #expect(
            url.hasPrefix(from + "&$after=a%2B/%3D%20%7B%7B%20secrets.key%20%7D%7D%26x%3D%22%5C%C3%A9&v=2"),
            "\(url)"
        )
    }

    @Test func `a token goes into a header as it is`() async throws {
        let stream = try stream(to: #"{"header": "X-After"}"#)
        #expect(!(try await sent(stream, at: .first)).headers.contains { $0.name == "X-After" })
        let request = try await sent(stream, at: .token(Self.token))
        #expect(request.url == from + "&v=2" && request.body.isEmpty)
        #expect(request.headers.filter { $0.name == "X-After" } == [Header("X-After", Self.token)])
    }

    @Test(
        arguments: [
            ("/after", #"{"a":[{"b":1}],"after":TOKEN}"#, #"{"a":[{"b":1}]}"#),
            ("/a/0/b", #"{"a":[{"b":TOKEN}]}"#, #"{"a":[{"b":1}]}"#),
            ("/a/0/c~1d", #"{"a":[{"b":1,"c/d":TOKEN}]}"#, #"{"a":[{"b":1}]}"#),
        ]
    )
    func `a token becomes a member of the body, and the first page is asked with what is written there`(
        _ pointer: String,
        _ later: String,
        _ first: String
    ) async throws {
        let body = #""method": "POST", "json": {"a": [{"b": 1}]}, "#
        let stream = try stream(to: #"{"body": "\#(pointer)"}"#, body: body)
        #expect(String(decoding: try await sent(stream, at: .first).body, as: UTF8.self) == first)
        let request = try await sent(stream, at: .token(Self.token))
        let wanted = later.split(separator: "TOKEN").joined(separator: Value.string(Self.token).text())
        #expect(String(decoding: request.body, as: UTF8.self) == wanted)
        #expect(request.url == from + "&v=2" && request.method == "POST")
    }

    @Test func `a token that would end a header is not sent`() async throws {
        let transport = ScriptedTransport { _ in Fixture.json(200, "[]") }
        let stream = try stream(to: #"{"header": "X-After"}"#)
        let place = PagePlace.token("a\r\nX-Evil: b")
        let reply = try await Fixture.session(transport).page(of: stream, at: place, with: window)
        #expect(transport.sent.isEmpty && reply.verdict != nil)
    }

    @Test(arguments: ["t", "a b ", "{\"p\":1}", "line\nline", "token x", "é"])
    func `a token is kept in one text and comes back the same`(_ token: String) {
        #expect(PagePlace(text: PagePlace.token(token).text) == .token(token))
    }
}
