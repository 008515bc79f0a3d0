// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import HTTPClient
import JSON
import TestSupport
import Testing

@Suite struct GraphTests {
    private static let signIns = Lab.graph("v1.0/auditLogs/signIns")

    @Test func `a token must be there, whole, for Graph, and still good`() async throws {
        let lab = try await Lab.withItems { $0.apps[0].roles[Lab.tenant]?.append("Exchange.ManageAsApp") }
        defer { lab.simulator.stop() }
        let good = try await lab.graphToken()
        let exchange = try await lab.token(service: "https://outlook.office365.com")
        #expect(try await lab.get(Self.signIns).message == "Access token is empty.")
        #expect(try await lab.get(Self.signIns, token: "x.y.z").message == "Access token validation failure.")
        let foreign = try await lab.get(Self.signIns, token: exchange)
        #expect(foreign.status == 401)
        #expect(foreign.code == "InvalidAuthenticationToken")
        #expect(foreign.message == "Access token validation failure. Invalid audience.")
        lab.time.advance(by: .hours(2))
        let old = try await lab.get(Self.signIns, token: good)
        #expect(old.status == 401)
        #expect(old.message == "Access token has expired or is not yet valid.")
    }

    @Test func `an error names the request and echoes the client's id`() async throws {
        let lab = try await Lab.withItems()
        defer { lab.simulator.stop() }
        let id = "0f9d1c7e-3333-4444-8555-6a6a6a6a6a6a"
        let answer = try await lab.get(Self.signIns, headers: [Header("client-request-id", id)])
        let inner = answer.json["error"]?["innerError"]
        #expect(inner?["client-request-id"] == .string(id))
        #expect(inner?["request-id"]?.stringValue == answer.header("request-id"))
        #expect(inner?["date"]?.stringValue == lab.simulator.clock.now.secondsText)
        #expect(answer.header("client-request-id") == id)
    }

    @Test(arguments: [
        ("v1.0/auditLogs/signIns", "Authentication_MSGraphPermissionMissing"),
        ("v1.0/auditLogs/provisioning", "Authentication_MSGraphPermissionMissing"),
        ("v1.0/identityProtection/riskDetections", "Forbidden"),
        ("v1.0/identityProtection/riskyUsers", "Forbidden"),
        ("v1.0/admin/serviceAnnouncement/messages", "Authorization_RequestDenied"),
        ("v1.0/security/alerts_v2", "Forbidden"), ("v1.0/security/incidents", "Forbidden"),
        ("v1.0/organization", "Authorization_RequestDenied"),
        ("v1.0/servicePrincipals", "Authorization_RequestDenied"),
    ])
    func `a permission that was not granted is missed`(_ path: String, _ code: String) async throws {
        let lab = try await Lab.withItems { $0.apps[0].roles[Lab.tenant] = ["AuditLogsQuery.Read.All"] }
        defer { lab.simulator.stop() }
        let answer = try await lab.get(Lab.graph(path), token: try await lab.graphToken())
        #expect(answer.status == 403)
        #expect(answer.code == code)
    }

    @Test func `licenses are listed as the scenario and the control say`() async throws {
        let lab = try await Lab.withItems { $0.tenants[0].plans = ["EXCHANGE_S_ENTERPRISE", "AAD_PREMIUM"] }
        defer { lab.simulator.stop() }
        let token = try await lab.graphToken()
        func plans() async throws -> [String] {
            let answer = try await lab.get(Lab.graph("v1.0/subscribedSkus"), token: token)
            return (answer.json["value"]?[0]?["servicePlans"]?.arrayValue ?? []).compactMap {
                $0["servicePlanId"]?.stringValue
            }
        }
        #expect(try await plans().contains("41781fb2-bc02-4b7c-bd55-b576c07bb09d"))
        let body = #"{"tenant":"\#(Lab.tenant)","plans":["AAD_PREMIUM_P2"]}"#
        #expect(try await lab.send("POST", "/control/plans", body: body).status == 200)
        #expect(try await plans() == ["eec0eb4f-6444-4f95-aba0-50c24d67f998"])
        let organization = try await lab.get(Lab.graph("v1.0/organization"), token: token)
        #expect(organization.json["value"]?[0]?["verifiedDomains"]?[0]?["isInitial"] == true)
        #expect(organization.json["value"]?[0]?["assignedPlans"]?[0]?["capabilityStatus"] == "Enabled")
    }

    @Test func `what was granted stands at the app's principal`() async throws {
        let lab = try await Lab.withItems {
            $0.apps[0].roles[Lab.tenant] = ["ActivityFeed.Read", "Application.Read.All"]
        }
        defer { lab.simulator.stop() }
        let token = try await lab.graphToken()
        let path = Lab.graph("v1.0/servicePrincipals", [("$filter", "appId eq '\(Lab.app)'")])
        let found = try await lab.get(path, token: token)
        let id = try #require(found.json["value"]?[0]?["id"]?.stringValue)
        // The token names the same object.
        #expect(try Lab.claims(token)["oid"] == .string(id))
        let granted = try await lab.get(
            Lab.graph("v1.0/servicePrincipals/\(id)/appRoleAssignments"),
            token: token
        )
        let roles = (granted.json["value"]?.arrayValue ?? []).compactMap { $0["appRoleId"]?.stringValue }
        #expect(roles == ["594c1fb6-4f81-4475-ae41-0c394909246c", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"])
        #expect(granted.json["value"]?[0]?["resourceDisplayName"] == "Office 365 Management APIs")
        let resource = try await lab.get(
            Lab.graph("v1.0/servicePrincipals(appId='c5393580-f805-4401-95e8-94b7a6ef2fc2')"),
            token: token
        )
        let offered = (resource.json["appRoles"]?.arrayValue ?? []).compactMap { $0["value"]?.stringValue }
        #expect(offered.contains("ActivityFeed.ReadDlp"))
        #expect(resource.json["id"] == granted.json["value"]?[0]?["resourceId"])
        let nobody = Lab.graph("v1.0/servicePrincipals/00000000-0000-0000-0000-000000000000")
        #expect(try await lab.get(nobody, token: token).code == "Request_ResourceNotFound")
    }

    @Test func `Exchange needs a directory role, and may hide its error in a 200`() async throws {
        let lab = try await Lab {
            $0.apps[0].roles[Lab.tenant] = ["Exchange.ManageAsApp"]
            $0.apps[0].directoryRoles = [:]
            $0.knobs.exchangeErrorsInside = true
        }
        defer { lab.simulator.stop() }
        let token = try await lab.token(service: "https://outlook.office365.com")
        let path = "/exchange/adminapi/beta/\(Lab.tenant)/InvokeCommand"
        let command = #"{"CmdletInput":{"CmdletName":"Get-AdminAuditLogConfig","Parameters":{}}}"#
        let refused = try await lab.send("POST", path, token: token, body: command)
        #expect(refused.status == 200)
        #expect(refused.code == "UnauthorizedAccess")
        var app = Lab.scenario().apps[0]
        app.roles = [Lab.tenant: ["Exchange.ManageAsApp"]]
        app.directoryRoles = [Lab.tenant: ["Security Reader"]]
        await lab.simulator.register(app)
        let config = try await lab.send("POST", path, token: token, body: command)
        #expect(config.json["value"]?[0]?["UnifiedAuditLogIngestionEnabled"] == true)
    }
}
