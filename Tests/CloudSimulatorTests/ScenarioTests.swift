// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON
import TestSupport
import Testing

@Suite struct ScenarioTests {
    static let good = """
        {"scenario": 1, "seed": 7, "clock": {"offset": "-PT1H"}, "knobs": {"pageSize": 5, "tokenLifetime": "PT10M"},
         "apps": [{"id": "AAAAAAAA-2222-4333-8444-555555555501",
                   "secrets": [{"value": "abcdef", "expires": "-P1D"}, {"value": "ghijkl"}],
                   "certificates": [{"thumbprint": "00:11"}],
                   "federated": [{"issuer": "https://k8s.example", "subject": "s"}],
                   "roles": {"11111111-2222-4333-8444-555555555501": ["ActivityFeed.Read"]}}],
         "tenants": [{"id": "11111111-2222-4333-8444-555555555501", "domain": "contoso.example",
                      "auditing": [{"on": true}, {"at": "-PT2H", "on": false, "answers": "empty"}],
                      "subscriptions": ["Audit.Exchange", {"type": "DLP.All", "enabled": false, "since": "-P2D"}],
                      "volume": {"events": 500, "eventsPerBlob": 10},
                      "content": {"Audit.SharePoint": {"eventsPerDay": 240, "eventsPerBlob": 10, "spread": "P2D",
                                  "live": {"perMinute": 6, "events": 2},
                                  "placed": [{"created": "-PT1H", "lines": ["{\\"Id\\":\\"x\\"}"]}]}}}],
         "fleet": {"count": 3, "prefix": "f", "app": "aaaaaaaa-2222-4333-8444-555555555501"},
         "faults": [{"match": {"operation": ["fetch"], "blob": 3}, "times": 2, "do": "unreadable"},
                    {"do": {"kind": "throttle", "status": 429, "retryAfter": 5}}],
         "customers": [{"id": "contoso", "tenant": "11111111-2222-4333-8444-555555555501",
                        "app": "aaaaaaaa-2222-4333-8444-555555555501", "secret": "ghijkl"}]}
        """

    @Test func `a scenario is read from JSON`() throws {
        let scenario = try Scenario(json: Array(Self.good.utf8))
        #expect(scenario.seed == 7)
        #expect(scenario.clockOffset == .hours(-1))
        #expect(scenario.knobs.pageSize == 5)
        #expect(scenario.apps[0].secrets.count == 2)
        #expect(scenario.tenants[0].auditing.count == 2)
        #expect(scenario.tenants[0].subscriptions.map(\.enabled) == [true, false])
        #expect(scenario.tenants[0].content[.sharePoint]?.blobs == 48)
        #expect(scenario.tenants[0].content[.sharePoint]?.live?.every == .seconds(10))
        #expect((scenario.tenants[0].content[.exchange]?.blobs ?? 0) > 30)
        #expect(scenario.faults.count == 2)
        #expect(scenario.fleet?.id(2) == "f1ee7000-0000-4000-8000-000000000002")
        #expect(scenario.customers[0].name == "contoso")
    }

    @Test(arguments: [
        ("{", "", "line"),
        ("{}", "", "needs \"scenario\": 1"),
        (#"{"scenario": 2}"#, "/scenario", "whole number from 1 to 1"),
        (#"{"scenario": 1, "tenant": []}"#, "/tenant", "unknown member"),
        (#"{"scenario": 1, "knobs": {"pagesize": 3}}"#, "/knobs/pagesize", "unknown member"),
        (#"{"scenario": 1, "knobs": {"latency": "5s"}}"#, "/knobs/latency", "ISO 8601"),
        (#"{"scenario": 1, "apps": [{"id": "x"}]}"#, "/apps/0/id", "GUID"),
        (#"{"scenario": 1, "faults": [{"do": "explode"}]}"#, "/faults/0/do", "no kind of fault"),
        (#"{"scenario": 1, "faults": [{"do": {"kind": "delay"}}]}"#, "/faults/0/do", "wait"),
        (#"{"scenario": 1, "faults": [{"do": "reset", "rhythm": "yes"}]}"#, "/faults/0/rhythm", "expected x"),
        (#"{"scenario": 1, "faults": [{"do": "tooWide"}]}"#, "/faults/0/do", "span"),
        (
            #"{"scenario": 1, "tenants": [{"id": "11111111-2222-4333-8444-555555555501", "domain": "a.example","#
                + #""feeds": {"signOuts": {}}}]}"#,
            "/tenants/0/feeds/signOuts", "no feed"
        ),
        (#"{"scenario": 1, "knobs": {"lags": {"secret": "soon"}}}"#, "/knobs/lags/secret", "duration"),
        (
            #"{"scenario": 1, "knobs": {"lags": {"grant": {"rhythm": "ab"}}}}"#, "/knobs/lags/grant/rhythm",
            "x for"
        ),
        (#"{"scenario": 1, "signIn": {"does": "dance"}}"#, "/signIn/does", "expected approve"),
        (#"{"scenario": 1, "signIn": {"consent": "maybe"}}"#, "/signIn/consent", "expected accept"),
        (
            #"{"scenario": 1, "signIn": {"home": "11111111-2222-4333-8444-555555555501"}}"#, "/tenants",
            "unknown tenant"
        ),
        (#"{"scenario": 1, "clock": {"frozen": "noon"}}"#, "/clock/frozen", "instant"),
        (
            #"{"scenario": 1, "tenants": [{"id": "11111111-2222-4333-8444-555555555501", "domain": "a.example","#
                + #""content": {"Audit.Nothing": {}}}]}"#,
            "/tenants/0/content/Audit.Nothing", "no content type"
        ),
        (
            #"{"scenario": 1, "apps": [{"id": "11111111-2222-4333-8444-555555555501", "roles": {"x": []}}]}"#,
            "/apps", "unknown tenant"
        ),
    ])
    func `what is wrong is named with its place`(_ text: String, _ pointer: String, _ words: String) throws {
        #expect {
            _ = try Scenario(json: Array(text.utf8))
        } throws: { error in
            guard case .scenario(let place, _, _) = error as? SimulatorFailure else { return false }
            return place == pointer && "\(error)".contains(words)
        }
    }

    @Test func `the schema knows the members that the reader knows`() throws {
        let file = try TextFile.bytes(Repository.root + "/docs/schemas/scenario.json")
        let schema = try Document(parsing: file).root
        for (kind, members) in Scenario.members where !kind.hasPrefix("control") {
            let place = kind == "scenario" ? schema : schema["$defs"]?[kind] ?? .null
            let known = place["properties"]?.objectValue?.keys ?? []
            #expect(known.sorted() == members.sorted(), "\(kind)")
            #expect(place["additionalProperties"] == false, "\(kind)")
        }
        let kinds = schema["$defs"]?["kind"]?["enum"]?.arrayValue?.compactMap(\.stringValue) ?? []
        #expect(kinds.sorted() == Fault.Action.kinds.sorted())
        let operations = schema["$defs"]?["operation"]?["enum"]?.arrayValue?.compactMap(\.stringValue) ?? []
        #expect(operations.sorted() == CloudSimulator.Operation.allCases.map(\.rawValue).sorted())
        let feeds = schema["$defs"]?["feedName"]?["enum"]?.arrayValue?.compactMap(\.stringValue) ?? []
        #expect(feeds.sorted() == Feed.allCases.map(\.rawValue).sorted())
    }

    @Test func `a tenant's plans, feeds and organizations are read`() throws {
        let text = """
            {"scenario": 1, "knobs": {"reportRequests": 0, "capitals": true},
             "apps": [{"id": "aaaaaaaa-2222-4333-8444-555555555501", "directoryRoles": {"*": []}}],
             "tenants": [{"id": "11111111-2222-4333-8444-555555555501", "domain": "contoso.example",
               "plans": ["AAD_PREMIUM"],
               "okta": {"name": "Contoso", "tokens": [{"value": "t", "expires": "+PT1H", "reads": false}]},
               "github": {"name": "contoso", "enterprise": false},
               "feeds": {"signIns": {"items": 9, "spread": "PT1H", "newest": "PT5M", "seed": 4,
                   "late": {"every": 3, "by": "PT55M"}, "live": {"perMinute": 6, "events": 2},
                   "placed": [{"created": "-PT1H", "visible": "+PT5M", "body": {"id": "x"}}]},
                 "issues": {"placed": [{"created": "-P1D", "removed": "+P1D", "body": "{\\"id\\": 1.0}",
                   "changes": [{"at": "+PT5M", "body": {"id": "y"}}]}], "changes": ["+PT1M"], "changing": 2}}}],
             "faults": [{"match": {"operation": "signIns", "page": 7}, "rhythm": "x.", "do": "lostPage"},
                        {"do": {"kind": "tooWide", "span": "PT1H"}}]}
            """
        let scenario = try Scenario(json: Array(text.utf8))
        let tenant = scenario.tenants[0]
        #expect(scenario.knobs.reportRequests == 0)
        #expect(scenario.apps[0].directoryRoles == ["*": []])
        #expect(tenant.plans == ["AAD_PREMIUM"])
        #expect(tenant.okta?.name == "contoso")
        #expect(tenant.okta?.tokens[0].reads == false)
        #expect(tenant.github?.enterprise == false)
        #expect(tenant.feeds[.signIns]?.late?.by == .minutes(55))
        #expect(tenant.feeds[.signIns]?.seed == 4)
        #expect(tenant.feeds[.signIns]?.placed[0].body == Array(#"{"id":"x"}"#.utf8))
        #expect(tenant.feeds[.issues]?.placed[0].body == Array(#"{"id": 1.0}"#.utf8))
        #expect(tenant.feeds[.issues]?.placed[0].changes[0].at == .after(.minutes(5)))
        #expect(scenario.faults[0].match.page == 7)
        #expect(scenario.faults[0].rhythm == "x.")
    }

    @Test func `people, lags and registrations are read`() throws {
        let text = """
            {"scenario": 1,
             "knobs": {"lags": {"application": 0, "secret": {"rhythm": "x.x"}, "certificate": "PT20S",
                                "grant": {"wait": "PT5S", "asks": 2}}, "deviceInterval": "PT1S"},
             "publicClients": [{"id": "AAAAAAAA-0000-4333-8444-555555555501", "asksForMore": true}],
             "signIn": {"does": "never", "afterPolls": 3, "slowDownAt": [2], "roles": ["Global Reader"]},
             "apps": [{"id": "aaaaaaaa-2222-4333-8444-555555555501", "name": "Provider", "tags": ["hg"],
                       "home": "11111111-2222-4333-8444-555555555501", "redirectUris": ["https://a.example/"],
                       "requires": ["ActivityFeed.Read"], "publicClient": true}],
             "tenants": [{"id": "11111111-2222-4333-8444-555555555501", "domain": "a.example",
                          "auditing": {"on": false, "onAfterPolls": 2},
                          "signIn": {"user": "eva@a.example", "consent": "wait"}}]}
            """
        let scenario = try Scenario(json: Array(text.utf8))
        #expect(scenario.knobs.lags.application == .none)
        #expect(scenario.knobs.lags.secret == .init(rhythm: "x.x"))
        #expect(scenario.knobs.lags.certificate == .init(wait: .seconds(20)))
        #expect(scenario.knobs.lags.grant == .init(wait: .seconds(5), asks: 2))
        #expect(scenario.knobs.lags.consent == .init(asks: 1))
        #expect(scenario.publicClients.map(\.id) == ["aaaaaaaa-0000-4333-8444-555555555501"])
        #expect(scenario.signIn?.slowDownAt == [2])
        #expect(scenario.signIn?.does == .never)
        #expect(scenario.apps[0].home == scenario.tenants[0].id)
        #expect(scenario.apps[0].requires == ["ActivityFeed.Read"])
        #expect(scenario.tenants[0].auditing[0].onAfterPolls == 2)
        #expect(scenario.tenants[0].signIn?.user == "eva@a.example")
        #expect(scenario.tenants[0].signIn?.consent == .wait)
    }

    @Test func `the healthy customer of the demonstration has sign-ins, audits and service health`()
        async throws
    {
        let lab = try await Lab(.demo)
        defer { lab.simulator.stop() }
        let customer = Scenario.demo.customers[0]
        let fields = [
            ("grant_type", "client_credentials"), ("client_id", customer.app),
            ("client_secret", customer.secret), ("scope", "https://graph.microsoft.com/.default"),
        ]
        let token = try await lab.ask(fields, tenant: customer.tenant).json["access_token"]?.stringValue
        for path in [
            "auditLogs/signIns", "auditLogs/directoryAudits", "admin/serviceAnnouncement/healthOverviews",
        ] {
            let answer = try await lab.get(Lab.graph("v1.0/" + path), token: token)
            #expect((answer.json["value"]?.arrayValue?.count ?? 0) > 5, "\(path)")
        }
    }

    @Test func `the example in the documentation is a scenario`() throws {
        let page = String(decoding: try TextFile.bytes(Repository.root + "/docs/simulator.md"), as: UTF8.self)
        let blocks = page.split(separator: "```json\n").dropFirst().map { $0.split(separator: "\n```")[0] }
        let scenarios = blocks.filter { $0.contains("\"scenario\"") }
        #expect(!scenarios.isEmpty)
        for block in scenarios { _ = try Scenario(json: Array(block.utf8)) }
    }

    @Test func `the demonstration's customers fare as they are meant to`() async throws {
        let lab = try await Lab(.demo)
        defer { lab.simulator.stop() }
        #expect(Scenario.demo.customers.count >= 4)
        var seen: [String: String] = [:]
        for customer in Scenario.demo.customers {
            let fields = [
                ("grant_type", "client_credentials"), ("client_id", customer.app),
                ("client_secret", customer.secret),
                ("scope", "https://manage.office.com/.default"),
            ]
            let answer = try await lab.ask(fields, tenant: "\(customer.id).example")
            guard let token = answer.json["access_token"]?.stringValue else {
                seen[customer.id] = "\(answer.aadsts ?? 0)"
                continue
            }
            let list = try await lab.get(
                Lab.feed("subscriptions/list", tenant: customer.tenant),
                token: token
            )
            let dlp = try await lab.get(lab.content(.dlp, tenant: customer.tenant), token: token)
            seen[customer.id] = list.text.contains("does not exist") ? "off" : dlp.code ?? "ok"
        }
        #expect(
            seen == [
                "contoso": "ok", "fabrikam": "7000215", "northwind": "off", "adventure": "AF10001",
                "tailspin": "ok",
                "woodgrove": "AF20022",
            ]
        )
    }

    @Test func `ten thousand tenants cost nothing until they are asked for`() async throws {
        let lab = try await Lab {
            $0.tenants = []
            $0.apps[0].roles = [:]
            $0.fleet = .init(count: 10_000, prefix: "fleet", app: Lab.app)
        }
        defer { lab.simulator.stop() }
        let fleet = try #require(
            Lab.scenario { $0.fleet = .init(count: 10_000, prefix: "fleet", app: Lab.app) }.fleet
        )
        for index in [0, 4_711, 9_999] {
            let token = try await lab.token(tenant: fleet.domain(index))
            let list = try await lab.get(
                Lab.feed("subscriptions/list", tenant: fleet.id(index)),
                token: token
            )
            #expect(list.json.arrayValue?.count == 5)
            #expect(try await lab.get(lab.content(tenant: fleet.id(index)), token: token).text == "[]")
        }
        #expect(try await lab.ask(Lab.usual, tenant: fleet.id(10_000)).aadsts == 90_002)
    }

    @Test func `a home is led here by its clouds document`() async throws {
        let lab = try await Lab()
        defer { lab.simulator.stop() }
        await lab.simulator.publish(at: "https://127.0.0.1:8443")
        let clouds = try Document(parsing: Array(lab.simulator.cloudsDocument.utf8)).root
        #expect(clouds["lab"]?["login"] == "https://127.0.0.1:8443/login")
        #expect(clouds["lab"]?["manage"] == "https://127.0.0.1:8443/manage")
        #expect(clouds["lab"]?["audiences"]?["manage"] == "https://manage.office.com")
    }
}
