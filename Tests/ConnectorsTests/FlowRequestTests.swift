// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import Testing

/// Requests as flows write them: read by a module above, in the form of a definition's.
@Suite struct FlowRequestTests {
    private func read(_ text: String, _ scope: Scope = .flow) throws -> (RequestTemplate, [Finding]) {
        let document = try Document(parsing: Array(text.utf8))
        let sheet = Sheet(file: "flow.json", document: document)
        let request = RequestTemplate(Node(value: document.root, at: .root, sheet: sheet), scope)
        return (request, sheet.findings)
    }

    private func body(_ json: String, in names: Names) throws -> Value {
        let (request, findings) = try read(
            #"{"service": "graph", "method": "POST", "path": "/x", "json": \#(json)}"#
        )
        #expect(findings.isEmpty, "\(findings)")
        guard case .json(let template) = request.body else { return .null }
        return try template.value(in: names)
    }

    private static let names = Names([
        "answers": ["name": "Headgate"], "certificate": ["der": "MIIB"],
        "resources": [
            ["id": "r-1", "permissions": [["id": "p-1"], ["id": "p-2"]]],
            ["id": "r-2", "permissions": []],
        ],
        "saved": ["lists": ["permissions": [["id": "p-9"]]], "text": "no list"],
    ])

    @Test(arguments: RequestTemplate.Method.allCases)
    func `a flow may use every method, a connector only those that read`(_ method: RequestTemplate.Method)
        throws
    {
        let text = #"{"service": "graph", "method": "\#(method.rawValue)", "path": "/applications/1"}"#
        #expect(try read(text).0.method == method)
        #expect(try read(text).1.isEmpty)
        let findings = try read(text, .request).1
        guard method != .get, method != .post else {
            #expect(findings.isEmpty)
            return
        }
        #expect(findings.map(\.rule) == [.value])
        #expect(findings.first?.fix == "There are: GET, POST.")
    }

    @Test(arguments: [
        "answers.tenant", "credentials.tenantId", "saved.application.id", "cloud.portal", "run.id",
        "registration.id",
        "certificate.thumbprint", "person.tenant", "permission.id", "resource.id", "response.status",
        "customer.id",
        "connection.connector", "handoff.link", "config.publisherId",
    ])
    func `a flow names what it has learnt`(_ path: String) throws {
        #expect(try read(#"{"service": "graph", "path": "/x/{{ \#(path) }}"}"#).1.isEmpty)
        // A connector knows some of these names only, and never the others.
        let isKnown = ["cloud", "run"].contains { path.hasPrefix($0 + ".") }
        #expect(
            try read(#"{"service": "graph", "path": "/x/{{ \#(path) }}"}"#, .request).1.isEmpty == isKnown
        )
    }

    @Test(arguments: [
        ("stream.id", Finding.Rule.template), ("window.start", .template), ("secrets.secret", .secret),
        ("response.code", .template), ("cloud", .template), ("cloud.moon", .template),
    ])
    func `what means nothing in a flow is found`(_ path: String, _ rule: Finding.Rule) throws {
        let findings = try read(#"{"service": "graph", "path": "/x/{{ \#(path) }}"}"#).1
        #expect(findings.contains { $0.rule == rule && $0.pointer.description == "/path" })
    }

    @Test func `a list is made from a list, and one inside it`() throws {
        let made = try body(
            #"""
            {"name": "{{ answers.name }}", "access": {"$each": "resources", "as": {
              "resourceAppId": "{{ resource.id }}",
              "resourceAccess": {"$each": "resource.permissions",
                                 "as": {"id": "{{ permission.id }}", "of": "{{ resource.id }}", "type": "Role"}}}}}
            """#,
            in: Self.names
        )
        let wanted: Value = [
            "name": "Headgate",
            "access": [
                [
                    "resourceAppId": "r-1",
                    "resourceAccess": [
                        ["id": "p-1", "of": "r-1", "type": "Role"],
                        ["id": "p-2", "of": "r-1", "type": "Role"],
                    ],
                ],
                ["resourceAppId": "r-2", "resourceAccess": []],
            ],
        ]
        #expect(made == wanted)
        #expect(
            try body(#"{"$each": "saved.lists.permissions", "as": "{{ permission.id }}"}"#, in: Self.names)
                == ["p-9"]
        )
    }

    @Test(arguments: [
        ("saved.none.permissions", TemplateFailure.Reason.missing), ("saved.text.resources", .missing),
        ("answers.resources", .notList),
    ])
    func `a list that is none is no request`(_ list: String, _ reason: TemplateFailure.Reason) throws {
        let names = Self.names.with("answers", ["resources": "no list"])
        let text = #"{"service": "g", "method": "POST", "path": "/", "json": {"$each": "\#(list)", "as": 1}}"#
        guard case .json(let template) = try read(text).0.body else {
            Issue.record("it has no body")
            return
        }
        let failure = #expect(throws: TemplateFailure.self) { try template.value(in: names) }
        #expect(failure?.reason == reason)
    }

    @Test(arguments: [
        (#"{"$each": "resources"}"#, Finding.Rule.missingKey),
        (#"{"$each": "resources", "as": 1, "if": "x"}"#, .unknownKey),
        (#"{"$each": "saved.things", "as": 1}"#, .value),
        (#"{"$each": "streams.permissions", "as": 1}"#, .template),
        (#"{"$each": "resources |", "as": 1}"#, .template),
        (#"{"$each": ["a"], "as": 1}"#, .type),
        (#"{"$each": "resources", "as": "{{ stream.id }}"}"#, .template),
    ])
    func `a list that is written wrong is found with its place`(_ json: String, _ rule: Finding.Rule) throws {
        let text = #"{"service": "g", "method": "POST", "path": "/", "json": {"a": \#(json)}}"#
        let findings = try read(text).1
        #expect(findings.contains { $0.rule == rule && $0.pointer.description.hasPrefix("/json/a") })
    }

    @Test func `a connector makes no lists from lists`() throws {
        let text =
            #"{"service": "g", "method": "POST", "path": "/", "json": {"a": {"$each": "resources", "as": 1}}}"#
        let findings = try read(text, .request).1
        #expect(findings.map(\.rule) == [.conflict] && findings[0].pointer.description == "/json/a")
    }
}
