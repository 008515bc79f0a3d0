// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import Rehearsing
import TestSupport
import Testing

/// Plays every kind of cursor offline, from a given place to an expected one.
@Suite(.timeLimit(.minutes(10))) struct CursorPlayTests {
    private static let list =
        #""list": {"request": {"service": "api", "path": "/events", "authorised": false}, "#
        + #""items": "/value", "expect": "array"}, "#

    private static func definition(_ stream: String) throws -> Definition {
        let text = """
            {"headgate": 1, "id": "example", "version": "1.0.0", "title": "Example", "publisher": "Headgate",
             "summary": "Stands in for a service.", "tier": "bronze", "docs": {"home": "https://docs.example.com"},
             "hosts": ["api.example.com"],
             "credentials": [{"name": "domain", "type": "domain", "label": "Domain", "help": "The domain.",
               "where": "There.", "example": "acme.example.net", "required": true},
               {"name": "key", "type": "secret", "label": "Key", "help": "The key.", "where": "There."}],
             "identity": ["domain"],
             "services": {"api": {"base": "https://api.example.com", "errorCode": ["/code"],
               "errorMessage": ["/message"]}},
             "auth": {"kind": "header", "credential": ["secret"],
               "header": {"name": "Authorization", "scheme": "Key ", "value": "{{ secrets.key }}"}},
             "health": {"interval": "PT5M", "latency": {"typical": "PT10M", "max": "PT1H"}, "firstDataBy": "PT1H",
               "lateAfter": "PT20M", "failAfter": "PT1H"},
             "streams": [{"id": "events", "title": "Events", "summary": "All of them.", "key": ["id"],
               \(stream.contains(#""list""#) ? "" : list)\(stream)}],
             "probe": [{"id": "form", "kind": "offline", "title": "Form", "stage": "Configuration"},
               {"id": "read", "kind": "first-page", "title": "Read", "stage": "Fetch logs", "needs": ["form"]}],
             "errors": [], "remedies": {}}
            """
        let (definition, findings) = Definition.read(Array(text.utf8))
        return try #require(definition, "\(findings)")
    }

    private func play(_ stream: String, _ test: String) async throws -> [String] {
        let definition = try Self.definition(stream)
        let text = #"{"name": "A play", "kind": "stream", \#(test)}"#
        let (rehearsal, findings) = Rehearsal.read(Array(text.utf8), file: "play.json", of: definition)
        let readable = try #require(rehearsal, "\(findings)")
        let clouds = try Shelf(shipped: Repository.connectors).clouds
        let result = try await Rehearser(definition, clouds: clouds).run(readable, file: "play.json")
        return result.differences.map(\.description)
    }

    private static let token =
        #""paging": {"kind": "token", "from": {"body": "/next"}, "to": {"query": "after"}, "end": "emptyPage"}, "#
        + #""cursor": {"kind": "token"}"#

    private static func exchange(_ query: String, _ json: String, _ more: String = "") -> String {
        #"{"expect": {"path": "/events", "query": {\#(query)}}, "reply": {"json": \#(json)}\#(more)}"#
    }

    @Test func `a token goes from the given place to the expected one`() async throws {
        let exchanges = [
            Self.exchange(#""after": "t1""#, #"{"value": [{"id": 1}], "next": "t2"}"#),
            Self.exchange(#""after": "t2""#, #"{"value": [], "next": "t2"}"#),
        ].joined(separator: ",")
        let given = #""given": {"cursors": {"events": "token t1"}}, "http": [\#(exchanges)]"#
        let right = #", "then": {"records": {"events": 1}, "cursors": {"events": "token t2"}}"#
        #expect(try await play(Self.token, given + right) == [])
        let wrong = #", "then": {"cursors": {"events": "token t3"}}"#
        let said = try await play(Self.token, given + wrong)
        #expect(said.count == 1 && said.first?.contains("then.cursors.events") == true, "\(said)")
    }

    @Test func `rounds are kept by their link`() async throws {
        let stream =
            #""paging": {"kind": "delta", "next": "/next", "delta": "/delta"}, "cursor": {"kind": "delta"}"#
        let page = #"{"value": [{"id": 1}], "delta": "https://api.example.com/events?d=1"}"#
        let test =
            #""http": [\#(Self.exchange("", page))], "then": {"records": {"events": 1}, "#
            + #""cursors": {"events": "link https://api.example.com/events?d=1"}}"#
        #expect(try await play(stream, test) == [])
    }

    @Test func `a set is compared from pass to pass and keeps no place`() async throws {
        let stream =
            #""paging": {"kind": "none"}, "#
            + #""cursor": {"kind": "snapshot", "key": ["id"], "version": ["v"], "removals": "emit"}"#
        let exchanges = [1, 2, 1, 1].enumerated().map { pass, version in
            Self.exchange("", #"{"value": [{"id": 1, "v": \#(version)}]}"#, #", "pass": \#(pass + 1)"#)
        }.joined(separator: ",")
        let test =
            #""given": {"passes": 4}, "http": [\#(exchanges)], "#
            + #""then": {"records": {"events": 3}, "cursors": {"events": null}, "states": {"events": "active"}}"#
        #expect(try await play(stream, test) == [])
    }

    @Test func `a whole list keeps no place either`() async throws {
        let stream = #""paging": {"kind": "none"}, "cursor": {"kind": "none"}"#
        let page = Self.exchange("", #"{"value": [{"id": 1}]}"#, #", "times": 2"#)
        let test =
            #""given": {"passes": 2}, "http": [\#(page)], "then": {"records": {"events": 1}, "#
            + #""counts": {"events": {"duplicate": 1}}, "cursors": {"events": null}}"#
        #expect(try await play(stream, test) == [])
    }

    @Test func `a place that is none is refused by its pointer`() throws {
        let text =
            #"{"name": "x", "kind": "stream", "given": {"cursors": {"events": "t1"}}, "then": {"requests": 1}}"#
        let definition = try Self.definition(Self.token)
        let (_, findings) = Rehearsal.read(Array(text.utf8), file: "play.json", of: definition)
        #expect(findings.map(\.pointer.description) == ["/given/cursors/events"])
    }

    @Test func `a token in a body or a header is looked for there`() async throws {
        let cursor = #", "cursor": {"kind": "token"}"#
        func exchange(_ expect: String, _ json: String) -> String {
            #"{"expect": {"path": "/events", \#(expect)}, "reply": {"json": \#(json)}}"#
        }
        func http(_ first: String, _ second: String) -> String {
            let pages = [#"{"value": [{"id": 1}], "next": "t2"}"#, #"{"value": []}"#]
            return #""given": {"cursors": {"events": "token t1"}}, "http": [\#(exchange(first, pages[0])),"#
                + #"\#(exchange(second, pages[1]))], "then": {"records": {"events": 1}}"#
        }
        let post =
            #""list": {"request": {"service": "api", "path": "/events", "authorised": false, "#
            + #""method": "POST", "json": {"page": {}}}, "items": "/value", "expect": "array"}, "#
        let body =
            post
            + #""paging": {"kind": "token", "from": {"body": "/next"}, "to": {"body": "/page/after"}, "end": "emptyPage"}"#
        let header =
            #""paging": {"kind": "token", "from": {"body": "/next"}, "to": {"header": "X-After"}, "end": "emptyPage"}"#
        func json(_ token: String) -> String { #""json": {"/page/after": "\#(token)"}"# }
        #expect(try await play(body + cursor, http(json("t1"), json("t2"))) == [])
        let wrong = try await play(body + cursor, http(json("t1"), json("t3")))
        #expect(wrong.contains { $0.contains("at /page/after of the body, not t2") }, "\(wrong)")
        func headers(_ token: String) -> String { #""headers": {"x-after": "\#(token)"}"# }
        #expect(try await play(header + cursor, http(headers("t1"), headers("t2"))) == [])
    }

    @Test func `a connection test may ask for a list with POST, since that only reads`() async throws {
        let stream =
            #""list": {"request": {"service": "api", "path": "/events", "authorised": false, "method": "POST", "#
            + #""json": {}}, "items": "/value", "expect": "array"}, "#
            + #""paging": {"kind": "token", "from": {"body": "/next"}, "to": {"body": "/after"}}, "#
            + #""cursor": {"kind": "none"}"#
        let definition = try Self.definition(stream)
        let text =
            #"{"name": "A test", "kind": "probe", "http": [{"expect": {"method": "POST", "path": "/events"}, "#
            + #""reply": {"json": {"value": [{"id": 1}]}}}], "then": {"steps": {"read/events": "pass"}}}"#
        let (rehearsal, findings) = Rehearsal.read(Array(text.utf8), file: "play.json", of: definition)
        let readable = try #require(rehearsal, "\(findings)")
        let clouds = try Shelf(shipped: Repository.connectors).clouds
        let result = try await Rehearser(definition, clouds: clouds).run(readable, file: "play.json")
        #expect(result.differences.map(\.description) == [])
    }
}
