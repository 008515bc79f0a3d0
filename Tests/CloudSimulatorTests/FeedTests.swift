// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import HTTPClient
import JSON
import TestSupport
import Testing

@Suite struct FeedTests {
    @Test func `content is listed, paged and fetched`() async throws {
        let lab = try await Lab {
            $0.knobs.pageSize = 4
            $0.tenants[0].content[.exchange] = .init(blobs: 10, eventsPerBlob: 7, spread: .hours(20))
        }
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        var next: String? = lab.content()
        var ids: [String] = []
        var bodies: [UInt8] = []
        var pages = 0
        while let url = next {
            let page = try await lab.get(url, token: token)
            #expect(page.status == 200, "\(page.text)")
            pages += 1
            for item in page.json.arrayValue ?? [] {
                ids.append(try #require(item["contentId"]?.stringValue))
                let link = try #require(item["contentUri"]?.stringValue)
                #expect(link.hasPrefix(lab.base + "/manage/api/v1.0/\(Lab.tenant)/activity/feed/audit/"))
                let blob = try await lab.get(link, token: token)
                #expect(try #require(blob.json.arrayValue).count == 7)
                bodies += blob.body
            }
            next = page.header("nextpageuri")
            if let next {
                #expect(next.contains("/manage/api/v1/"))
                #expect(!next.contains("PublisherIdentifier"))
            }
        }
        #expect(pages == 3)
        #expect(Set(ids).count == 10)
        #expect(ids == ids.sorted())
        let events = await lab.simulator.events(tenant: Lab.tenant, type: .exchange)
        #expect(events.count == 70)
        let text = String(decoding: bodies, as: UTF8.self)
        #expect(events.allSatisfy { text.contains($0.id) })
    }

    @Test func `windows are half open on the instant of creation`() async throws {
        let lab = try await Lab {
            var plan = Scenario.ContentPlan()
            for hour in 1...3 { plan.placed.append(.init(created: .after(.hours(-hour)), .generated(1))) }
            $0.tenants[0].content[.exchange] = plan
        }
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        func count(_ from: Int, _ to: Int) async throws -> Int? {
            let (first, last) = ((Lab.start - .hours(from)).secondsText, (Lab.start - .hours(to)).secondsText)
            let query = "contenttype=Audit.Exchange&STARTTIME=\(first)&endTime=\(last)"
            return try await lab.get(Lab.feed("subscriptions/content?\(query)"), token: token).json
                .arrayValue?.count
        }
        #expect(try await count(3, 2) == 1)
        #expect(try await count(3, 1) == 2)
        #expect(try await count(4, 0) == 3)
        #expect(try await count(1, 0) == 1)
        // Without bounds the last day is meant.
        let all = try await lab.get(
            Lab.feed("subscriptions/content?contentType=Audit.Exchange"),
            token: token
        )
        #expect(all.json.arrayValue?.count == 3)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var code: String
        var status = 400
        var method = "GET"
        var path: String
        var tenant = Lab.tenant
        var body = ""
        var headers: [Header] = []
        var scenario: @Sendable (inout Scenario) -> Void = { _ in }
        var testDescription: String { code + " " + path }
    }

    static let window = "startTime=2026-11-21T00:00:00&endTime=2026-11-21T01:00:00"
    static let list = "subscriptions/content?contentType=Audit.Exchange"
    static let cases: [Case] = [
        Case(code: "AF20013", path: "subscriptions/list", tenant: "contoso.example"),
        Case(code: "AF20010", path: "subscriptions/list", tenant: "11111111-2222-4333-8444-555555555599"),
        Case(
            code: "AF10001",
            status: 401,
            path: "subscriptions/list",
            scenario: { $0.apps[0].roles[Lab.tenant] = [] }
        ),
        Case(
            code: "AF10001",
            status: 401,
            path: "subscriptions/content?contentType=DLP.All",
            scenario: { $0.apps[0].roles[Lab.tenant] = ["ActivityFeed.Read", "ServiceHealth.Read"] }
        ),
        Case(code: "AF20001", path: "subscriptions/content?\(window)"),
        Case(code: "AF20020", path: "subscriptions/content?contentType=Audit.Nothing&\(window)"),
        Case(code: "AF20002", path: "\(list)&\(window)&PublisherIdentifier=me"),
        Case(code: "AF20022", path: "\(list)&\(window)", scenario: { $0.tenants[0].subscriptions = [] }),
        Case(
            code: "AF20023",
            path: "\(list)&\(window)",
            scenario: { $0.tenants[0].subscriptions = [.init(.exchange, enabled: false)] }
        ),
        Case(code: "AF20030", path: "\(list)&startTime=2026-11-21T00:00:00"),
        Case(code: "AF20030", path: "\(list)&startTime=2026-11-19T00:00:00&endTime=2026-11-20T01:00:00"),
        Case(code: "AF20030", path: "\(list)&startTime=2026-11-13T00:00&endTime=2026-11-13T12:00"),
        Case(code: "AF20055", path: "\(list)&startTime=2026-11-21T02:00:00&endTime=2026-11-21T01:00:00"),
        Case(code: "AF20002", path: "\(list)&startTime=yesterday&endTime=2026-11-21T01:00:00"),
        Case(code: "AF20031", path: "\(list)&\(window)&nextPage=2015101900R022885001761"),
        Case(code: "AF20052", path: "audit/nonsense"),
        Case(
            code: "AF20050",
            status: 404,
            path:
                "audit/20261120180051748005825$20261120180051748005825$audit_exchange$Audit_Exchange$emea0036"
        ),
        Case(code: "AF20024", method: "POST", path: "subscriptions/start?contentType=Audit.Exchange"),
        Case(
            code: "AF20021",
            method: "POST",
            path: "subscriptions/start?contentType=Audit.Exchange",
            body: #"{"webhook":{"address":"http://example.com"}}"#
        ),
        Case(
            code: "AF20003",
            method: "POST",
            path: "subscriptions/start?contentType=Audit.Exchange",
            body: #"{"webhook":{"address":"https://example.com","expiration":"2020-01-01T00:00:00"}}"#
        ),
        Case(
            code: "AF20022",
            method: "POST",
            path: "subscriptions/stop?contentType=Audit.Exchange",
            scenario: { $0.tenants[0].subscriptions = [] }
        ),
        Case(
            code: "AF20053",
            path: "resources/dlpSensitiveTypes",
            headers: [Header("Accept-Language", "de, en")]
        ),
        Case(
            code: "AF20054",
            path: "resources/dlpSensitiveTypes",
            headers: [Header("Accept-Language", "d;e")]
        ),
    ]

    @Test(arguments: cases) func `every refusal has its code and status`(_ one: Case) async throws {
        let lab = try await Lab(one.scenario)
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        let path = Lab.feed(one.path, tenant: one.tenant)
        let answer = try await lab.send(one.method, path, token: token, headers: one.headers, body: one.body)
        #expect(answer.code == one.code, "\(answer.text)")
        #expect(answer.status == one.status)
        #expect(answer.header("Server") == "Microsoft-IIS/10.0")
        #expect(answer.header("Date") == Lab.start.httpDate)
    }

    @Test func `the permissions at hand are printed`() async throws {
        let lab = try await Lab { $0.apps[0].roles[Lab.tenant] = [] }
        defer { lab.simulator.stop() }
        let answer = try await lab.get(Lab.feed("subscriptions/list"), token: try await lab.token())
        #expect(
            answer.message
                == "The permission set () sent in the request does not include the expected permission."
        )
    }

    @Test func `without a good token nobody passes`() async throws {
        let lab = try await Lab()
        defer { lab.simulator.stop() }
        let path = Lab.feed("subscriptions/list")
        let good = try await lab.token()
        #expect(try await lab.get(path, token: good).status == 200)
        let graph = try await lab.token(service: "https://graph.microsoft.com")
        for bad in [nil, "x", good.dropLast() + "A", graph] as [String?] {
            let answer = try await lab.get(path, token: bad)
            #expect(answer.status == 401)
            #expect(answer.text == #"{"Message":"Authorization has been denied for this request."}"#)
        }
        lab.time.advance(by: .seconds(3_601))
        #expect(try await lab.get(path, token: good).status == 401)
        let fresh = try await lab.token()
        #expect(try await lab.get(path, token: fresh).status == 200)
        await lab.simulator.endTokens()
        #expect(try await lab.get(path, token: fresh).status == 401)
    }

    @Test func `a fresh subscription gets what comes after its start, once its delay is over`() async throws {
        let lab = try await Lab {
            $0.tenants[0].subscriptions = []
            $0.tenants[0].firstContentDelay = .minutes(30)
            var plan = Scenario.ContentPlan(blobs: 5, eventsPerBlob: 2)
            plan.live = .init(every: .minutes(10), events: 3)
            $0.tenants[0].content[.exchange] = plan
        }
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        let list = Lab.feed("subscriptions/list")
        #expect(try await lab.get(list, token: token).text == "[]")
        let start = Lab.feed("subscriptions/start?contentType=Audit.Exchange")
        let started = try await lab.send("POST", start, token: token)
        #expect(started.text == #"{"contentType":"Audit.Exchange","status":"enabled","webhook":null}"#)
        #expect(try await lab.get(list, token: token).json.arrayValue?.count == 1)
        lab.time.advance(by: .minutes(25))
        #expect(try await lab.get(lab.content(), token: token).text == "[]")
        lab.time.advance(by: .minutes(6))
        #expect(try await lab.get(lab.content(), token: token).json.arrayValue?.count == 3)
    }

    @Test func `starts in quick succession are refused, per type or per tenant`() async throws {
        for perTenant in [false, true] {
            let lab = try await Lab {
                $0.tenants[0].subscriptions = []
                $0.knobs.coolDownPerTenant = perTenant
            }
            defer { lab.simulator.stop() }
            let token = try await lab.token()
            func start(_ type: String) async throws -> Lab.Answer {
                try await lab.send("POST", Lab.feed("subscriptions/start?contentType=\(type)"), token: token)
            }
            #expect(try await start("Audit.Exchange").status == 200)
            #expect(try await start("Audit.General").status == (perTenant ? 403 : 200))
            lab.time.advance(by: .seconds(4))
            let again = try await start("Audit.Exchange")
            #expect(again.status == 403)
            #expect(again.code == "429")
            #expect(
                again.message
                    == "Too many frequent subscription start requests. Please retry again after 14m 56s."
            )
            lab.time.advance(by: .minutes(15))
            #expect(try await start("Audit.Exchange").code == "AF20024")
        }
    }

    @Test func `stopping disables, and a restart may stay without effect`() async throws {
        let lab = try await Lab { $0.knobs.restartAfterStopStaysDisabled = true }
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        let type = "contentType=Audit.Exchange"
        let stopped = try await lab.send("POST", Lab.feed("subscriptions/stop?\(type)"), token: token)
        #expect(stopped.status == 200)
        #expect(stopped.text.isEmpty)
        #expect(try await lab.get(lab.content(), token: token).code == "AF20023")
        let started = try await lab.send("POST", Lab.feed("subscriptions/start?\(type)"), token: token)
        #expect(started.json["status"] == "enabled")
        #expect(try await lab.get(lab.content(), token: token).code == "AF20023")
    }

    @Test func `too many requests are AF429 in a 403 and name the publisher`() async throws {
        let lab = try await Lab { $0.knobs.requestsPerMinute = 3 }
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        let publisher = "46b472a7-c68e-4adf-8ade-3db49497518e"
        let path = Lab.feed("subscriptions/list?PublisherIdentifier=\(publisher)")
        for _ in 1...3 { #expect(try await lab.get(path, token: token).status == 200) }
        let answer = try await lab.get(path, token: token)
        #expect(answer.status == 403)
        #expect(answer.code == "AF429")
        #expect(answer.message == "Too many requests. Method=ListSubscriptions, PublisherId=\(publisher)")
        lab.time.advance(by: .minutes(1))
        #expect(try await lab.get(path, token: token).status == 200)
    }

    @Test func `content older than a week is gone`() async throws {
        let lab = try await Lab {
            $0.tenants[0].content[.exchange] = .init(blobs: 1, eventsPerBlob: 1, spread: .hours(1))
        }
        defer { lab.simulator.stop() }
        let listed = try await lab.get(lab.content(), token: try await lab.token())
        let link = try #require(listed.json[0]?["contentUri"]?.stringValue)
        lab.time.advance(by: .days(7))
        let answer = try await lab.get(link, token: try await lab.token())
        #expect(answer.code == "AF20051")
    }

    @Test func `a dollar sign must stay literal`() async throws {
        let lab = try await Lab { $0.tenants[0].content[.exchange] = .init(blobs: 1, eventsPerBlob: 1) }
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        let listed = try await lab.get(lab.content(), token: token)
        let id = try #require(listed.json[0]?["contentId"]?.stringValue)
        #expect(try await lab.get(Lab.feed("audit/" + id), token: token).status == 200)
        let encoded = id.split(separator: "$").joined(separator: "%24")
        #expect(try await lab.get(Lab.feed("audit/" + encoded), token: token).code == "AF20052")
    }

    @Test func `notifications and friendly names answer too`() async throws {
        let lab = try await Lab { $0.tenants[0].content[.exchange] = .init(blobs: 2, eventsPerBlob: 1) }
        defer { lab.simulator.stop() }
        let token = try await lab.token()
        let rows = try await lab.get(
            Lab.feed("subscriptions/notifications?contentType=Audit.Exchange"),
            token: token
        )
        #expect(rows.json[0]?["notificationStatus"] == "success")
        let names = try await lab.get(Lab.feed("resources/dlpSensitiveTypes"), token: token)
        #expect(names.json[0]?["name"] == "CreditCardNumber")
    }
}
