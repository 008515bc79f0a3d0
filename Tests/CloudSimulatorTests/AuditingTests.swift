// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import HTTPClient
import JSON
import TestSupport
import Testing

@Suite struct AuditingTests {
    @Test func `a tenant without auditing is said not to exist, cut in two at the wrong place`() async throws
    {
        let lab = try await Lab {
            $0.tenants[0].auditing = [.init(on: false)]
            $0.tenants[0].subscriptions = []
        }
        defer { lab.simulator.stop() }
        let path = Lab.feed("subscriptions/start?contentType=Audit.General")
        let answer = try await lab.send("POST", path, token: try await lab.token())
        #expect(answer.status == 400)
        let code = try #require(answer.code)
        #expect(code.hasPrefix("StartSubscription [CorrId="))
        #expect(code.hasSuffix("PublisherId=00000000-0000-0000-0000-000000000000][AppId"))
        let message = try #require(answer.message)
        #expect(message.hasPrefix(Lab.app.dropFirst() + "] failed. Exception: "))
        #expect(message.contains("DataServiceException: Tenant \(Lab.tenant) does not exist.\r\n   at "))
    }

    @Test(arguments: Scenario.AuditingChange.Silence.allCases)
    func `auditing switched off goes silent in one of two ways`(_ answers: Scenario.AuditingChange.Silence)
        async throws
    {
        let lab = try await Lab {
            var plan = Scenario.ContentPlan()
            plan.live = .init(every: .minutes(10), events: 1)
            $0.tenants[0].content[.exchange] = plan
        }
        defer { lab.simulator.stop() }
        lab.time.advance(by: .minutes(31))
        let before = try await lab.get(lab.content(), token: try await lab.token())
        #expect(before.json.arrayValue?.count == 3)
        await lab.simulator.setAuditing(tenant: Lab.tenant, on: false, answers: answers)
        lab.time.advance(by: .minutes(60))
        let token = try await lab.token()
        let during = try await lab.get(lab.content(), token: token)
        let start = Lab.feed("subscriptions/start?contentType=Audit.Exchange")
        switch answers {
        case .errors: #expect(during.text.contains("does not exist"))
        case .empty: #expect(during.json.arrayValue?.count == 3)
        }
        #expect(try await lab.send("POST", start, token: token).text.contains("does not exist"))
        // Switched on again it takes an hour to work, and what happened meanwhile is lost.
        await lab.simulator.setAuditing(tenant: Lab.tenant, on: true)
        lab.time.advance(by: .minutes(59))
        #expect(try await lab.send("POST", start, token: token).text.contains("does not exist"))
        lab.time.advance(by: .minutes(32))
        let after = try await lab.get(lab.content(), token: try await lab.token())
        #expect(after.json.arrayValue?.count == 6)
    }

    @Test func `Exchange shows at once what was chosen, and the feed acts on it later`() async throws {
        let lab = try await Lab {
            $0.tenants[0].auditing = [.init(on: false)]
            $0.apps[0].roles[Lab.tenant]?.append("Exchange.ManageAsApp")
        }
        defer { lab.simulator.stop() }
        func isChosen() async throws -> Bool? {
            let token = try await lab.token(service: "https://outlook.office365.com")
            let command = #"{"CmdletInput":{"CmdletName":"Get-AdminAuditLogConfig","Parameters":{}}}"#
            let path = "/exchange/adminapi/beta/\(Lab.tenant)/InvokeCommand"
            let answer = try await lab.send("POST", path, token: token, body: command)
            return answer.json["value"]?[0]?["UnifiedAuditLogIngestionEnabled"]?.boolValue
        }
        func status() async throws -> Int {
            try await lab.get(Lab.feed("subscriptions/list"), token: try await lab.token()).status
        }
        #expect(try await isChosen() == false)
        await lab.simulator.setAuditing(tenant: Lab.tenant, on: true, delay: .minutes(60))
        lab.time.advance(by: .minutes(10))
        #expect(try await isChosen() == true)
        #expect(try await status() == 400)
        lab.time.advance(by: .minutes(51))
        #expect(try await status() == 200)
        await lab.simulator.setAuditing(tenant: Lab.tenant, on: false)
        #expect(try await isChosen() == false)
    }

    @Test func `Exchange and Graph tell about auditing`() async throws {
        let lab = try await Lab {
            $0.tenants[0].auditing = [.init(on: false)]
            $0.apps[0].roles[Lab.tenant] = [
                "Exchange.ManageAsApp", "AuditLogsQuery.Read.All", "Organization.Read.All",
            ]
        }
        defer { lab.simulator.stop() }
        let exchange = try await lab.token(service: "https://outlook.office365.com")
        let command = #"{"CmdletInput":{"CmdletName":"Get-AdminAuditLogConfig","Parameters":{}}}"#
        let path = "/exchange/adminapi/beta/\(Lab.tenant)/InvokeCommand"
        let config = try await lab.send("POST", path, token: exchange, body: command)
        #expect(config.json["value"]?[0]?["UnifiedAuditLogIngestionEnabled"] == false)
        let graph = try await lab.token(service: "https://graph.microsoft.com")
        let search = try await lab.send(
            "POST",
            "/graph/beta/security/auditLog/queries",
            token: graph,
            body: "{}"
        )
        #expect(search.text.contains("AuditingDisabledTenant"))
        let organization = try await lab.get("/graph/v1.0/organization", token: graph)
        #expect(organization.json["value"]?[0]?["verifiedDomains"]?[0]?["name"] == "contoso.example")
        #expect(try await lab.get("/graph/v1.0/organization", token: exchange).status == 401)
    }

    /// What one of those that tell of auditing says.
    private func isOn(_ lab: Lab, by way: String) async throws -> Bool {
        switch way {
        case "start":
            let path = Lab.feed("subscriptions/start?contentType=Audit.General")
            return try await lab.send("POST", path, token: try await lab.token()).status == 200
        case "cmdlet":
            let token = try await lab.token(service: "https://outlook.office365.com")
            let command = #"{"CmdletInput":{"CmdletName":"Get-AdminAuditLogConfig","Parameters":{}}}"#
            let path = "/exchange/adminapi/beta/\(Lab.tenant)/InvokeCommand"
            let answer = try await lab.send("POST", path, token: token, body: command)
            return answer.json["value"]?[0]?["UnifiedAuditLogIngestionEnabled"] == true
        default:
            let path = "/graph/beta/security/auditLog/queries"
            return try await lab.send("POST", path, token: try await lab.graphToken(), body: "{}").status
                == 201
        }
    }

    @Test(arguments: ["start", "cmdlet", "search"])
    func `auditing comes on once so many were told that it is off`(_ way: String) async throws {
        let lab = try await Lab {
            $0.tenants[0].auditing = [.init(on: false, onAfterPolls: 2)]
            $0.tenants[0].subscriptions = []
            $0.knobs.startCoolDown = .zero
            $0.apps[0].roles[Lab.tenant]? += ["Exchange.ManageAsApp", "AuditLogsQuery.Read.All"]
        }
        defer { lab.simulator.stop() }
        // Looking on does not bring it on.
        let list = try await lab.get(Lab.feed("subscriptions/list"), token: try await lab.token())
        #expect(list.text.contains("does not exist"))
        #expect(try await isOn(lab, by: way) == false)
        #expect(try await isOn(lab, by: "cmdlet") == false)
        // What one of them is told holds for all.
        for other in ["start", "cmdlet", "search"] {
            #expect(try await isOn(lab, by: other), "\(other)")
        }
        let off = #"{"tenant": "\#(Lab.tenant)", "on": false, "onAfterPolls": 1}"#
        #expect(try await lab.send("POST", "/control/auditing", body: off).status == 200)
        #expect(try await isOn(lab, by: "search") == false)
        #expect(try await isOn(lab, by: "search"))
        let odd = #"{"tenant": "\#(Lab.tenant)", "on": true, "onAfterPolls": 1}"#
        #expect(try await lab.send("POST", "/control/auditing", body: odd).status == 400)
    }

    @Test func `auditing that was switched on works from an instant that the clock is set to`() async throws {
        let lab = try await Lab {
            $0.tenants[0].auditing = [.init(on: false), .init(at: .after(.zero), on: true)]
            $0.apps[0].roles[Lab.tenant]? += ["AuditLogsQuery.Read.All"]
        }
        defer { lab.simulator.stop() }
        #expect(try await isOn(lab, by: "search") == false)
        let later = (Lab.start + .hours(1)).description
        _ = try await lab.send("POST", "/control/clock", body: #"{"now": "\#(later)"}"#)
        #expect(try await isOn(lab, by: "search"))
        _ = try await lab.send("POST", "/control/clock", body: #"{"now": "+PT30M"}"#)
        #expect(try await isOn(lab, by: "search") == false)
    }
}
