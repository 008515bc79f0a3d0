// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Crypto
import HTTPClient
import JSON
import TestSupport
import Testing

@Suite struct ApplicationTests {
    @Test func `an application is made, found by its tag, changed and taken away`() async throws {
        let lab = try await Lab.directory()
        defer { lab.simulator.stop() }
        let token = try await lab.personToken()
        let made = try await lab.made([("tags", ["headgate", "setup-1"])], token: token)
        _ = try await lab.made([("tags", ["headgate", "setup-2"])], token: token)
        func found(_ filter: String) async throws -> [String] {
            let path = Lab.graph("v1.0/applications", [("$filter", filter), ("$select", "appId")])
            let answer = try await lab.get(path, token: token)
            return (answer.json["value"]?.arrayValue ?? []).compactMap { $0["appId"]?.stringValue }
        }
        #expect(try await found("tags/any(t: t eq 'setup-1')") == [made.app])
        #expect(try await found("tags/any(t:t eq 'headgate')").count == 2)
        #expect(try await found("appId eq '\(made.app)'") == [made.app])
        #expect(try await found("displayName eq 'Headgate'").count == 2)
        #expect(try await found("displayName eq 'Nobody'") == [])
        let patch: Value = ["displayName": "Renamed", "requiredResourceAccess": []]
        #expect(
            try await lab.graph("PATCH", "applications/\(made.object)", patch, token: token).status == 204
        )
        let changed = try await lab.graph("GET", "applications(appId='\(made.app)')", token: token)
        #expect(changed.json["displayName"] == "Renamed")
        #expect(changed.json["tags"] == ["headgate", "setup-1"])
        #expect(changed.json["id"] == .string(made.object))
        #expect(try await lab.ask(made.app, made.secret).status == 200)
        #expect(try await lab.graph("DELETE", "applications/\(made.object)", token: token).status == 204)
        #expect(try await lab.graph("GET", "applications/\(made.object)", token: token).status == 404)
        // What stood for it goes with it, and so does every way to a token.
        #expect(try await lab.graph("GET", "servicePrincipals/\(made.principal)", token: token).status == 404)
        #expect(try await lab.ask(made.app, made.secret).aadsts == 700_016)
    }

    @Test func `nobody of another tenant sees it`() async throws {
        let lab = try await Lab.directory()
        defer { lab.simulator.stop() }
        let made = try await lab.made(token: try await lab.personToken())
        let abroad = try await lab.personToken(tenant: Lab.other)
        #expect(try await lab.graph("GET", "applications/\(made.object)", token: abroad).status == 404)
        let principal: Value = ["appId": .string(made.app)]
        let refused = try await lab.graph("POST", "servicePrincipals", principal, token: abroad)
        #expect(refused.status == 400)
        #expect(refused.message?.contains("does not reference a valid application object") == true)
        #expect(try await lab.ask(made.app, made.secret, tenant: Lab.other).aadsts == 700_016)
    }

    @Test(
        arguments: [
            ("no name", [:], "displayName"),
            ("unknown property", ["displayName": "a", "colour": "red"], "colour"),
            ("unknown audience", ["displayName": "a", "signInAudience": "Everybody"], "signInAudience"),
            ("tags that are none", ["displayName": "a", "tags": "b"], "tags"),
            (
                "a role without an id",
                [
                    "displayName": "a",
                    "requiredResourceAccess": [
                        [
                            "resourceAppId": "c5393580-f805-4401-95e8-94b7a6ef2fc2",
                            "resourceAccess": [["id": "ActivityFeed.Read", "type": "Role"]],
                        ]
                    ],
                ], "requiredResourceAccess"
            ),
            (
                "a key of another kind", ["displayName": "a", "keyCredentials": [["key": "AA=="]]],
                "AsymmetricX509Cert"
            ),
            (
                "a key that is no certificate",
                [
                    "displayName": "a",
                    "keyCredentials": [["type": "AsymmetricX509Cert", "usage": "Verify", "key": "AAAA"]],
                ], "X.509"
            ),
        ] as [(String, Value, String)]
    )
    func `a body that does not do is refused`(_ name: String, _ body: Value, _ words: String) async throws {
        let lab = try await Lab.directory()
        defer { lab.simulator.stop() }
        let answer = try await lab.graph("POST", "applications", body, token: try await lab.personToken())
        #expect(answer.status == 400, "\(name)")
        #expect(answer.code == "Request_BadRequest")
        #expect(answer.message?.contains(words) == true, "\(answer.text)")
        let directory = await lab.simulator.directory(tenant: Lab.tenant, made: true)
        #expect(directory["applications"] == [])
    }

    @Test(
        arguments: [
            ([], 403, 403), (["Global Reader"], 403, 403), (["Application Administrator"], 201, 403),
            (["Cloud Application Administrator"], 201, 403), (["Privileged Role Administrator"], 403, 201),
            (["Application Administrator", "Privileged Role Administrator"], 201, 201),
            (["Global Administrator"], 201, 201),
        ] as [([String], Int, Int)]
    )
    func `a person needs the role for what they do`(_ roles: [String], _ making: Int, _ granting: Int)
        async throws
    {
        let lab = try await Lab.directory { $0.tenants[0].signIn = .init() }
        defer { lab.simulator.stop() }
        let admin = try await lab.personToken()
        let before = try await lab.made(token: admin)
        var person = Scenario.SignIn()
        person.user = "somebody@contoso.example"
        person.roles = roles
        await lab.simulator.setSignIn(person, tenant: Lab.tenant)
        let token = try await lab.personToken()
        let body: Value = ["displayName": "Headgate"]
        let answer = try await lab.graph("POST", "applications", body, token: token)
        #expect(answer.status == making)
        if making == 403 { #expect(answer.code == "Authorization_RequestDenied") }
        let grant: Value = [
            "principalId": .string(before.principal),
            "resourceId": .string(try await lab.principal(of: Lab.graphApp, token: token)),
            "appRoleId": "b0afded3-3588-46d8-8b3d-9842eff778da",
        ]
        let path = "servicePrincipals/\(before.principal)/appRoleAssignments"
        let granted = try await lab.graph("POST", path, grant, token: token)
        #expect(granted.status == granting)
        #expect(try await lab.graph("GET", "organization", token: token).status == 200)
    }

    @Test func `an application without a role of its own may do nothing here`() async throws {
        let lab = try await Lab.directory { $0.apps[0].roles[Lab.tenant] = ["Organization.Read.All"] }
        defer { lab.simulator.stop() }
        let token = try await lab.graphToken()
        let answer = try await lab.graph("POST", "applications", ["displayName": "a"], token: token)
        #expect(answer.code == "Authorization_RequestDenied")
        #expect(try await lab.graph("GET", "applications", token: token).status == 403)
    }

    @Test func `an application that owns itself rolls its own secrets`() async throws {
        let lab = try await Lab.directory {
            $0.apps[0].roles[Lab.tenant] = ["Application.ReadWrite.OwnedBy"]
            $0.apps[0].home = Lab.tenant
        }
        defer { lab.simulator.stop() }
        let token = try await lab.graphToken()
        let others = try await lab.made(token: try await lab.personToken())
        let own = "applications(appId='\(Lab.app)')"
        let added = try await lab.graph("POST", own + "/addPassword", token: token)
        let secret = try #require(added.json["secretText"]?.stringValue, "\(added.text)")
        #expect(try await lab.ask(Lab.app, secret).status == 200)
        let path = "applications/\(others.object)/addPassword"
        #expect(try await lab.graph("POST", path, token: token).status == 403)
        // What it makes is its own; what stands for a service never is.
        #expect(
            try await lab.graph("POST", "applications", ["displayName": "b"], token: token).status == 201
        )
        let service = "servicePrincipals(appId='\(Lab.graphApp)')"
        #expect(try await lab.graph("DELETE", service, token: token).status == 403)
    }

    @Test func `what stands for an application may be there once, and be switched off`() async throws {
        let lab = try await Lab.directory()
        defer { lab.simulator.stop() }
        let token = try await lab.personToken()
        let made = try await lab.made(token: token)
        let body: Value = ["appId": .string(made.app)]
        let again = try await lab.graph("POST", "servicePrincipals", body, token: token)
        #expect(again.status == 409)
        #expect(again.message?.contains("already in use") == true)
        let unknown: Value = ["appId": "11111111-0000-4000-8000-000000000000"]
        #expect(try await lab.graph("POST", "servicePrincipals", unknown, token: token).status == 400)
        let path = "servicePrincipals/\(made.principal)"
        let off: Value = ["accountEnabled": false]
        #expect(try await lab.graph("PATCH", path, off, token: token).status == 204)
        #expect(try await lab.ask(made.app, made.secret).aadsts == 7_000_112)
        #expect(try await lab.graph("PATCH", path, ["accountEnabled": true], token: token).status == 204)
        #expect(try await lab.ask(made.app, made.secret).status == 200)
        #expect(try await lab.graph("DELETE", path, token: token).status == 204)
        #expect(try await lab.ask(made.app, made.secret).aadsts == 7_000_229)
    }

    @Test func `a service is missing or switched off like anything else`() async throws {
        let lab = try await Lab.directory { $0.tenants[0].hasService = false }
        defer { lab.simulator.stop() }
        let token = try await lab.personToken()
        let made = try await lab.made(token: token)
        #expect(try await lab.ask(made.app, made.secret).aadsts == 500_011)
        let service: Value = ["appId": .string(Lab.manageApp)]
        let added = try await lab.graph("POST", "servicePrincipals", service, token: token)
        #expect(added.status == 201)
        #expect(added.json["displayName"] == "Office 365 Management APIs")
        #expect(try await lab.ask(made.app, made.secret).status == 200)
        let path = "servicePrincipals(appId='\(Lab.manageApp)')"
        _ = try await lab.graph("PATCH", path, ["accountEnabled": false], token: token)
        #expect(try await lab.ask(made.app, made.secret).aadsts == 500_014)
    }
}
