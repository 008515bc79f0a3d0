// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import HTTPClient
import JSON
import Probing
import Source
import Status
import TestSupport
import Testing

/// What the language allows in a probe beyond the shipped definition, on a service without tokens.
@Suite struct OtherDefinitionTests {
    private static let text = """
        {
          "headgate": 1, "id": "example-feed", "version": "1.0.0", "title": "Example feed", "publisher": "Headgate",
          "summary": "Stands in for a service in tests.", "tier": "bronze", "docs": {"home": "https://docs.example.com"},
          "hosts": ["api.example.com"],
          "credentials": [
            {"name": "account", "type": "text", "label": "Account", "help": "The account.", "where": "There.",
             "example": "acme"},
            {"name": "region", "type": "choice", "choices": ["eu", "us"], "label": "Region", "help": "Where it is.",
             "where": "There.", "example": "eu", "required": true},
            {"name": "key", "type": "secret", "label": "Key", "help": "The key.", "where": "There."}
          ],
          "identity": ["account"],
          "services": {"api": {"base": "https://api.example.com", "errorCode": ["/code"], "errorMessage": ["/message"]}},
          "auth": {"kind": "header", "credential": ["secret"],
                   "header": {"name": "Authorization", "scheme": "Key ", "value": "{{ secrets.key }}"}},
          "licenses": [{"id": "premium", "title": "Premium", "anyPlan": ["P1", "P2"]}],
          "limits": {"timeout": "PT30S", "concurrency": 4, "maxBody": 16777216},
          "health": {"interval": "PT5M", "latency": {"typical": "PT10M", "max": "PT1H"}, "firstDataBy": "PT1H",
                     "lateAfter": "PT20M", "failAfter": "PT1H"},
          "streams": [
            {"id": "events", "title": "Events", "summary": "All of them.",
             "list": {"request": {"service": "api", "path": "/events", "query": {"from": "{{ window.start }}"}},
                      "items": "/value", "expect": "array"},
             "paging": {"kind": "nextUrl", "from": {"body": "/next"}},
             "cursor": {"kind": "window", "clock": "event", "bounds": "open", "step": {"max": "PT1H", "min": "PT1M"},
                        "settle": "PT2M", "overlap": "PT0S", "initial": "P1D"},
             "retention": [{"value": "P7D"}], "key": ["id"], "time": {"event": "time", "format": "iso"}},
            {"id": "risks", "like": "events", "title": "Risks", "summary": "Those with a plan.",
             "neededLicenses": ["premium"]}
          ],
          "probe": [
            {"id": "form", "kind": "offline", "title": "Form", "stage": "Configuration"},
            {"id": "who", "kind": "discovery", "title": "Who", "stage": "Configuration", "needs": ["form"],
             "request": {"service": "api", "path": "/me", "authorised": false},
             "provides": {"account": "{{ response.body.account }}"}},
            {"id": "key", "kind": "token", "title": "Key", "stage": "Authentication", "needs": ["who"]},
            {"id": "elsewhere", "kind": "http", "title": "Only there", "stage": "Permissions", "needs": ["form"],
             "when": "credentials.region == 'us'", "request": {"service": "api", "path": "/us"}},
            {"id": "plans", "kind": "license", "title": "Plans", "stage": "Permissions", "needs": ["key"],
             "request": {"service": "api", "path": "/plans"}, "remedy": "buy",
             "plans": {"each": [{"path": "response.body.value[*]"}, {"path": "plans[*]"}], "name": "name"}},
            {"id": "read", "kind": "first-page", "title": "Read", "stage": "Fetch logs", "needs": ["plans", "elsewhere"]}
          ],
          "errors": [],
          "remedies": {"buy": {"title": "A plan is missing", "cause": "None is held.", "steps": ["Buy one."],
                               "who": "an administrator", "takes": "a day", "next": "headgate test"}}
        }
        """

    /// Tests both streams of the definition, with answers by path.
    private func test(
        _ answers: [String: String],
        entered: [String: String] = ["region": "eu"],
        changing: (String) -> String = { $0 }
    ) async throws -> (report: ProbeReport, sent: [HTTPClient.Request]) {
        let (read, findings) = Definition.read(Array(changing(Self.text).utf8))
        let definition = try #require(read, "\(findings.map(\.description))")
        let time = ManualTime(Timestamp(seconds: 1_795_000_000), runsAhead: true)
        let transport = ScriptedTransport { request in
            let path = URLParts(request.url)?.path ?? ""
            guard let body = answers[path] else { return Response(status: path == "/" ? 200 : 503) }
            return Response(status: 200, body: Array(body.utf8))
        }
        func session(_ fields: [String: String]) throws -> Session {
            let values = fields.sorted { $0.key < $1.key }.map { ($0.key, Value.string($0.value)) }
            return try Session(
                definition: definition,
                cloud: nil,
                owner: Session.Owner(connection: "acme/feed", registration: "r", tenant: ""),
                names: Names(["credentials": .object(Object(values))]),
                authority: OneKey(),
                shared: Session.Shared(transport: transport, time: time)
            )
        }
        let report = try await Prober.run(
            ProbeSubject(
                key: ConnectionKey(customer: "acme", connection: "feed"),
                streams: definition.streams,
                entered: entered,
                session: try session(entered)
            )
        )
        return (report, transport.sent)
    }

    private static let good = [
        "/me": #"{"account": "acme"}"#, "/plans": #"{"value": [{"plans": [{"name": "P2"}]}]}"#,
        "/events": #"{"value": [{"id": 1}, {"id": 2}]}"#,
    ]

    @Test func `a step that does not apply is not run and stands in nobody's way`() async throws {
        let (report, sent) = try await test(Self.good)
        let step = try #require(report.steps.first { $0.id == "elsewhere" })
        #expect(step.mark == .skip && step.skippedFor == nil)
        #expect(report.mark(of: "read") == .pass)
        #expect(report.plans == ["P2"])
        // With a key there is no token to look at, and a step that did not look is no pass.
        #expect(report.mark(of: "key") == .skip)
        #expect(!sent.contains { $0.url.hasSuffix("/us") })
        #expect(report.exitCode == 0)
    }

    @Test func `a plan that is not held fails the streams that need it`() async throws {
        var answers = Self.good
        answers["/plans"] = #"{"value": [{"plans": [{"name": "F1"}]}]}"#
        let (report, _) = try await test(answers)
        #expect(report.mark(of: "plans", stream: "events") == .pass)
        #expect(report.streamCauses.keys.sorted() == ["risks"])
        #expect(report.streamCauses["risks"]?.faultClass == .license)
        #expect(report.streamCauses["risks"]?.remedy?.id == "buy")
        #expect(report.streamCauses["risks"]?.confirmed == true)
        #expect(report.plans == [] && report.unlicensed.keys.sorted() == ["risks"])
        #expect(report.mark(of: "read", stream: "events") == .pass)
        #expect(report.steps.first { $0.id == "read" && $0.stream == "risks" }?.skippedFor == "plans")
    }

    @Test func `a plan list that cannot be read says nothing about plans`() async throws {
        var answers = Self.good
        answers["/plans"] = nil
        let (report, _) = try await test(answers)
        #expect(report.mark(of: "plans") == .unknown)
        #expect(report.plans == nil)
        #expect(report.streamCauses.isEmpty)
        #expect(report.mark(of: "read") == .pass)
    }

    @Test func `a step that would send something is not made`() async throws {
        let (report, sent) = try await test(Self.good) {
            $0.replacing(#""path": "/plans"}"#, with: #""path": "/plans", "method": "POST"}"#)
        }
        #expect(report.mark(of: "plans") == .unknown)
        #expect(sent.allSatisfy { $0.method == "GET" })
    }

    @Test func `an empty page with a link is followed, and windows that count neither end are asked wider`()
        async throws
    {
        var answers = Self.good
        answers["/events"] = #"{"value": [], "next": "https://api.example.com/more"}"#
        answers["/more"] = #"{"value": [{"id": 3}]}"#
        let (report, sent) = try await test(answers)
        #expect(report.mark(of: "read") == .pass)
        let asked = try #require(sent.first { $0.url.contains("/events?") })
        #expect(asked.url.contains("%3A59Z") || asked.url.contains(":59Z"))
    }

    @Test func `what is missing in the form is named before anybody is asked`() async throws {
        let (report, sent) = try await test(Self.good, entered: [:])
        #expect(report.firstFailure?.message == "Region is not given.")
        #expect(report.steps.allSatisfy { $0.id == "form" || $0.skippedFor == "form" })
        #expect(sent.isEmpty)
    }

    @Test func `what the source tells must agree with what was entered`() async throws {
        let (report, _) = try await test(Self.good, entered: ["region": "eu", "account": "other"])
        #expect(report.firstFailure?.id == "who")
        #expect(report.firstFailure?.message?.contains("Account is other") == true)
    }
}

/// A key that needs no asking.
private struct OneKey: Authority {
    func proof(for audiences: [String], refused: Proof?) async throws -> Proof {
        Proof(headers: [Header("Authorization", "Key 1")], id: "key")
    }
}
