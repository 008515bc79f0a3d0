// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import HTTPClient
import JSON
import Source
import Testing

@Suite struct RendererTests {
    private func service(_ base: String = "https://manage.example.com/root") throws -> Service {
        let services = try Service.all(
            of: Fixture.definition,
            cloud: Fixture.cloud(base),
            bindings: Fixture.names
        )
        return try #require(services["manage"])
    }

    private func url(_ template: RequestTemplate, _ names: Names) throws -> String {
        try Renderer.request(template, to: service(), in: names, limits: Fixture.definition.limits).url
    }

    @Test(arguments: [
        ("a", "/root/x/a/y"), ("a b", "/root/x/a%20b/y"), ("a/b", "/root/x/a%2Fb/y"),
        ("a$b", "/root/x/a$b/y"),
        ("20261121$audit_exchange$r-2", "/root/x/20261121$audit_exchange$r-2/y"),
        ("a?b#c", "/root/x/a%3Fb%23c/y"),
        ("a%2Fb", "/root/x/a%252Fb/y"), ("é", "/root/x/%C3%A9/y"),
        ("(a,b)=c:d@e;f", "/root/x/(a,b)=c:d@e;f/y"),
        ("...", "/root/x/.../y"), ("[a]", "/root/x/%5Ba%5D/y"), ("a\\b", "/root/x/a%5Cb/y"),
    ])
    func `a value in a path is one segment`(_ value: String, _ path: String) throws {
        let url = try url(Fixture.request("/x/{{ v }}/y"), Names(["v": .string(value)]))
        #expect(url == "https://manage.example.com" + path)
    }

    @Test(arguments: ["", ".", "..", "a\nb", "a\u{0}", "\u{7F}", "a\u{85}", "../x/..%2f..", "%2e%2e"])
    func `a value that could leave its place is refused or encoded harmlessly`(_ value: String) throws {
        let template = try Fixture.request("/x/{{ v }}/y")
        #expect(throws: Unrenderable.self) { try url(template, Names(["v": .string(value)])) }
    }

    @Test func `values in a query are encoded, and those that stand for nothing left out`() throws {
        let template = try Fixture.request(
            "/list",
            query: [
                ("$filter", "time ge {{ from }} and a eq '{{ v }}'"),
                ("none", "{{ absent | default(null) }}"),
                ("plus", "{{ v }}"),
            ]
        )
        let url = try url(template, Names(["from": "2026-11-21T06:30:00Z", "v": "a+b&c=d#é;"]))
        #expect(
            url
                == "https://manage.example.com/root/list?$filter=time%20ge%202026-11-21T06:30:00Z%20and%20a%20eq%20"
                + "'a%2Bb%26c%3Dd%23%C3%A9%3B'&plus=a%2Bb%26c%3Dd%23%C3%A9%3B"
        )
    }

    @Test func `a missing value is named with its place`() throws {
        let template = try Fixture.request("/list", query: [("from", "{{ window.start }}")])
        let failure = #expect(throws: Unrenderable.self) { try url(template, Names()) }
        #expect(
            failure?.description == "the query \"from\" cannot be made: template: window.start is missing"
        )
    }

    @Test(arguments: ["a\r\nX-Evil: 1", "a\u{0}b"])
    func `control characters are refused in queries, headers and forms`(_ value: String) throws {
        let names = Names(["v": .string(value)])
        let item = RequestTemplate.Item(name: "v", value: try Template("{{ v }}"))
        for template in [
            try Fixture.request("/a", query: [("v", "{{ v }}")]),
            try Fixture.request("/a", headers: [("X", "{{ v }}")]),
            try Fixture.request("/a", method: .post, body: .form([item])),
        ] {
            #expect(throws: Unrenderable.self) { try url(template, names) }
        }
    }

    @Test func `bodies are sent as form, as JSON or not at all`() throws {
        let names = Names(["v": "a b+é&", "n": 5])
        let item = RequestTemplate.Item(name: "k 1", value: try Template("{{ v }}"))
        func request(_ body: RequestTemplate.Body) throws -> Request {
            let template = try Fixture.request("/a", method: .post, body: body)
            return try Renderer.request(template, to: service(), in: names, limits: Fixture.definition.limits)
        }
        let form = try request(.form([item, item]))
        #expect(
            String(decoding: form.body, as: UTF8.self) == "k%201=a%20b%2B%C3%A9%26&k%201=a%20b%2B%C3%A9%26"
        )
        #expect(form.headers.contains(Header("Content-Type", "application/x-www-form-urlencoded")))
        let member = ValueTemplate.Member(name: "n", value: .template(try Template("{{ n }}")))
        let json = try request(.json(.object([member])))
        #expect(String(decoding: json.body, as: UTF8.self) == #"{"n":5}"#)
        #expect(json.headers.contains(Header("Content-Type", "application/json")))
        let empty = try request(.none)
        #expect(
            empty.body.isEmpty && empty.method == "POST"
                && empty.headers == [Header("Accept", "application/json")]
        )
        #expect(empty.timeLimit == .seconds(30) && empty.bodyLimit == 16 << 20)
    }

    @Test func `a declared service stands at an allowed host only`() throws {
        func entered(_ domain: String) throws -> String? {
            try Service.all(
                of: Fixture.definition,
                cloud: nil,
                bindings: Names(["credentials": ["domain": .string(domain)]])
            )["entered"]?.base.text
        }
        #expect(try entered("acme.example.net") == "https://acme.example.net/v1")
        for domain in [
            "evil.com", "acme.example.net.evil.com", "evil.com/.example.net", "evil.com#.example.net",
            ".example.net", "a@evil.com", "evilexample.net", "acme.example.net:444", "127.0.0.1",
        ] {
            #expect(throws: Unrenderable.self) { try entered(domain) }
        }
    }
}
