// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import HTTPClient
import JSON
import TestSupport
import Testing

@Suite struct GrantTests {
    /// What assigns a role of a service.
    func grant(_ lab: Lab, _ principal: String, token: String, role: String = Lab.feedRead) async throws
        -> Value
    {
        [
            "principalId": .string(principal),
            "resourceId": .string(try await lab.principal(of: Lab.manageApp, token: token)),
            "appRoleId": .string(role),
        ]
    }

    @Test(arguments: ["appRoleAssignments", "appRoleAssignedTo"])
    func `a role is granted, shown from both sides, told in tokens and taken back`(_ side: String)
        async throws
    {
        let lab = try await Lab.directory { $0.knobs.lags.grant = .init(asks: 2) }
        defer { lab.simulator.stop() }
        let token = try await lab.personToken()
        let made = try await lab.made(token: token)
        let service = try await lab.principal(of: Lab.manageApp, token: token)
        let path = "servicePrincipals/\(side == "appRoleAssignments" ? made.principal : service)/\(side)"
        let body = try await grant(lab, made.principal, token: token)
        let answer = try await lab.graph("POST", path, body, token: token)
        #expect(answer.status == 201, "\(answer.text)")
        #expect(answer.json["resourceDisplayName"] == "Office 365 Management APIs")
        #expect(answer.json["principalDisplayName"] == "Headgate")
        // Tokens come without it at first, and others never know it.
        for _ in 0..<2 { #expect(try Lab.roles(try await lab.ask(made.app, made.secret)) == []) }
        #expect(try Lab.roles(try await lab.ask(made.app, made.secret)) == ["ActivityFeed.Read"])
        let graph = try await lab.ask(made.app, made.secret, service: "https://graph.microsoft.com")
        #expect(try Lab.roles(graph) == [])
        let again = try await lab.graph("POST", path, body, token: token)
        #expect(again.status == 400)
        #expect(again.message == "Permission being assigned already exists on the object")
        let held = try await lab.graph(
            "GET",
            "servicePrincipals/\(made.principal)/appRoleAssignments",
            token: token
        )
        #expect(held.json["value"]?.arrayValue?.count == 1)
        let given = try await lab.graph("GET", "servicePrincipals/\(service)/appRoleAssignedTo", token: token)
        let ids = (given.json["value"]?.arrayValue ?? []).map { $0["id"] }
        #expect(ids.contains(answer.json["id"]))
        let id = try #require(answer.json["id"]?.stringValue)
        #expect(try await lab.graph("DELETE", "\(path)/\(id)", token: token).status == 204)
        #expect(try await lab.graph("DELETE", "\(path)/\(id)", token: token).status == 404)
        #expect(try Lab.roles(try await lab.ask(made.app, made.secret)) == [])
    }

    @Test(arguments: [
        ("Application Administrator", 201), ("Cloud Application Administrator", 201), ("Global Reader", 403),
    ])
    func `those who look after applications grant roles of other services than Graph`(
        _ role: String,
        _ status: Int
    ) async throws {
        let lab = try await Lab.directory()
        defer { lab.simulator.stop() }
        let made = try await lab.made(token: try await lab.personToken())
        var person = Scenario.SignIn()
        person.roles = [role]
        await lab.simulator.setSignIn(person, tenant: Lab.tenant)
        let token = try await lab.personToken()
        let path = "servicePrincipals/\(made.principal)/appRoleAssignments"
        let body = try await grant(lab, made.principal, token: token)
        #expect(try await lab.graph("POST", path, body, token: token).status == status)
    }

    @Test(arguments: [
        (["AppRoleAssignment.ReadWrite.All"], 403), (["Application.ReadWrite.All"], 403),
        (["AppRoleAssignment.ReadWrite.All", "Directory.Read.All"], 201),
    ])
    func `granting needs the right to read applications too`(_ roles: [String], _ status: Int) async throws {
        let lab = try await Lab.directory { $0.apps[0].roles[Lab.tenant] = roles }
        defer { lab.simulator.stop() }
        let admin = try await lab.personToken()
        let made = try await lab.made(token: admin)
        let body = try await grant(lab, made.principal, token: admin)
        let path = "servicePrincipals/\(made.principal)/appRoleAssignments"
        let answer = try await lab.graph("POST", path, body, token: try await lab.graphToken())
        #expect(answer.status == status)
    }

    @Test func `the control path changes what was made, and leaves what it does not name`() async throws {
        let lab = try await Lab.directory()
        defer { lab.simulator.stop() }
        let made = try await lab.made([("tags", ["headgate"])], token: try await lab.personToken())
        func control(_ members: String) async throws {
            let body = #"{"id": "\#(made.app)", \#(members)}"#
            #expect(try await lab.send("POST", "/control/app", body: body).status == 200)
        }
        try await control(#""roles": {"\#(Lab.tenant)": ["ActivityFeed.Read", "Exchange.ManageAsApp"]}"#)
        #expect(try Lab.roles(try await lab.ask(made.app, made.secret)) == ["ActivityFeed.Read"])
        let held = await lab.simulator.directory(tenant: Lab.tenant)
        #expect(held["applications"]?[0]?["id"] == .string(made.object))
        #expect(held["applications"]?[0]?["displayName"] == "Headgate")
        #expect(held["applications"]?[0]?["tags"] == ["headgate"])
        // Exchange lets it in with a directory role only.
        let service = "https://outlook.office365.com"
        let token = try await lab.ask(made.app, made.secret, service: service).json["access_token"]
        let command = #"{"CmdletInput":{"CmdletName":"Get-AdminAuditLogConfig","Parameters":{}}}"#
        let path = "/exchange/adminapi/beta/\(Lab.tenant)/InvokeCommand"
        func status() async throws -> Int {
            try await lab.send("POST", path, token: token?.stringValue, body: command).status
        }
        #expect(try await status() == 403)
        try await control(#""directoryRoles": {"\#(Lab.tenant)": ["Global Reader"]}"#)
        #expect(try await status() == 200)
        try await control(#""disabled": true"#)
        #expect(try await lab.ask(made.app, made.secret).aadsts == 7_000_112)
    }

    @Test(arguments: ["principalId", "resourceId", "appRoleId"])
    func `ids that do not fit are no valid reference`(_ wrong: String) async throws {
        let lab = try await Lab.directory()
        defer { lab.simulator.stop() }
        let token = try await lab.personToken()
        let made = try await lab.made(token: token)
        guard case .object(var body) = try await grant(lab, made.principal, token: token) else { return }
        body[wrong] = "11111111-0000-4000-8000-000000000000"
        let path = "servicePrincipals/\(made.principal)/appRoleAssignments"
        let answer = try await lab.graph("POST", path, .object(body), token: token)
        #expect(answer.status == 400)
        #expect(answer.message?.contains("Not a valid reference update") == true)
    }

    @Test func `what is made waits for its time, one thing after the other`() async throws {
        // Nothing but the usual lags.
        let lab = try await Lab.directory { $0.knobs.lags = .init() }
        defer { lab.simulator.stop() }
        let token = try await lab.personToken()
        let answer = try await lab.graph("POST", "applications", ["displayName": "Headgate"], token: token)
        let object = try #require(answer.json["id"]?.stringValue)
        let app = try #require(answer.json["appId"]?.stringValue)
        let added = try await lab.graph("POST", "applications/\(object)/addPassword", token: token)
        let secret = try #require(added.json["secretText"]?.stringValue)
        #expect(try await lab.ask(app, secret).aadsts == 7_000_215)
        #expect(try await lab.ask(app, secret).aadsts == 7_000_229)
        let body: Value = ["appId": .string(app)]
        #expect(try await lab.graph("POST", "servicePrincipals", body, token: token).status == 400)
        let principal = try await lab.graph("POST", "servicePrincipals", body, token: token)
        let id = try #require(principal.json["id"]?.stringValue)
        #expect(try Lab.roles(try await lab.ask(app, secret)) == [])
        let path = "servicePrincipals/\(id)/appRoleAssignments"
        let role = try await grant(lab, id, token: token)
        #expect(try await lab.graph("POST", path, role, token: token).status == 201)
        #expect(try Lab.roles(try await lab.ask(app, secret)) == [])
        #expect(try Lab.roles(try await lab.ask(app, secret)) == ["ActivityFeed.Read"])
    }

    @Test func `a lag may be a time of the simulated clock, which the control path moves`() async throws {
        let lab = try await Lab.directory {
            $0.knobs.lags.application = .init(wait: .seconds(10))
            $0.knobs.lags.principal = .init(wait: .seconds(10))
        }
        defer { lab.simulator.stop() }
        let token = try await lab.personToken()
        let answer = try await lab.graph("POST", "applications", ["displayName": "Headgate"], token: token)
        let object = try #require(answer.json["id"]?.stringValue)
        let app = try #require(answer.json["appId"]?.stringValue)
        let added = try await lab.graph("POST", "applications/\(object)/addPassword", token: token)
        let secret = try #require(added.json["secretText"]?.stringValue)
        let body: Value = ["appId": .string(app)]
        func pass() async throws {
            let moved = try await lab.send("POST", "/control/clock", body: #"{"advance": "PT10S"}"#)
            #expect(moved.status == 200)
        }
        #expect(try await lab.graph("POST", "servicePrincipals", body, token: token).status == 400)
        #expect(try await lab.graph("POST", "servicePrincipals", body, token: token).status == 400)
        try await pass()
        #expect(try await lab.graph("POST", "servicePrincipals", body, token: token).status == 201)
        #expect(try await lab.ask(app, secret).aadsts == 7_000_229)
        try await pass()
        #expect(try await lab.ask(app, secret).status == 200)
    }

    @Test func `with a service goes what was granted of it`() async throws {
        let lab = try await Lab.directory()
        defer { lab.simulator.stop() }
        let token = try await lab.personToken()
        #expect(try Lab.roles(try await lab.ask(Lab.app, Lab.secret)) == Lab.full)
        let service = "servicePrincipals(appId='\(Lab.manageApp)')"
        #expect(try await lab.graph("DELETE", service, token: token).status == 204)
        #expect(try await lab.ask(Lab.app, Lab.secret).aadsts == 500_011)
        let body: Value = ["appId": .string(Lab.manageApp)]
        #expect(try await lab.graph("POST", "servicePrincipals", body, token: token).status == 201)
        #expect(try Lab.roles(try await lab.ask(Lab.app, Lab.secret)) == [])
    }

    @Test func `the control path tells what was made and what was left behind`() async throws {
        let lab = try await Lab.directory { $0.apps[0].home = Lab.tenant }
        defer { lab.simulator.stop() }
        let path = "/control/directory?tenant=contoso.example"
        let before = try await lab.get(path).json
        #expect(before["applications"]?[0]?["appId"] == .string(Lab.app))
        #expect(before["credentials"]?[0]?["kind"] == "secret")
        #expect(before["servicePrincipals"]?.arrayValue?.count == 4)
        #expect(before["assignments"]?.arrayValue?.count == 2)
        let nothing = try await lab.get(path + "&made=true").json
        let token = try await lab.personToken()
        let made = try await lab.made(token: token)
        let grants = "servicePrincipals/\(made.principal)/appRoleAssignments"
        let body = try await grant(lab, made.principal, token: token)
        _ = try await lab.graph("POST", grants, body, token: token)
        let during = try await lab.get(path + "&made=true").json
        #expect(during["applications"]?[0]?["id"] == .string(made.object))
        #expect(during["credentials"]?[0]?["appId"] == .string(made.app))
        #expect(during["servicePrincipals"]?[0]?["id"] == .string(made.principal))
        #expect(during["assignments"]?[0]?["role"] == "ActivityFeed.Read")
        _ = try await lab.graph("DELETE", "applications/\(made.object)", token: token)
        #expect(await lab.simulator.directory(tenant: Lab.tenant, made: true) == nothing)
        #expect(nothing["applications"] == [])
    }
}
