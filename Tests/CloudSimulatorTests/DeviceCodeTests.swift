// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import HTTPClient
import JSON
import TestSupport
import Testing

@Suite struct DeviceCodeTests {
    @Test func `a code tells where to go and how long it holds`() async throws {
        let lab = try await Lab.directory()
        defer { lab.simulator.stop() }
        let answer = try await lab.deviceCode()
        #expect(answer.status == 200)
        #expect(answer.json["expires_in"] == 900)
        #expect(answer.json["interval"] == 5)
        let page = try #require(answer.json["verification_uri"]?.stringValue)
        let code = try #require(answer.json["user_code"]?.stringValue)
        #expect(code.count == 9)
        #expect(answer.json["message"]?.stringValue?.contains(page) == true)
        #expect(answer.json["message"]?.stringValue?.contains(code) == true)
        let shown = try await lab.get(page)
        #expect(shown.status == 200)
        #expect(shown.header("Content-Type")?.hasPrefix("text/html") == true)
    }

    @Test func `one who approves gives a token of their own`() async throws {
        let lab = try await Lab.directory { $0.tenants[0].signIn = .init(afterPolls: 2) }
        defer { lab.simulator.stop() }
        let code = try #require(try await lab.deviceCode().json["device_code"]?.stringValue)
        for _ in 0..<2 {
            let pending = try await lab.poll(code)
            #expect(pending.status == 400)
            #expect(pending.json["error"] == "authorization_pending")
            #expect(pending.aadsts == 70_016)
        }
        let answer = try await lab.poll(code)
        #expect(answer.status == 200, "\(answer.text)")
        let claims = try Lab.claims(try #require(answer.json["access_token"]?.stringValue))
        #expect(claims["tid"] == .string(Lab.tenant))
        #expect(claims["upn"] == "admin@contoso.example")
        #expect(claims["aud"] == "https://graph.microsoft.com")
        #expect(claims["roles"] == nil)
        #expect(claims["appidacr"] == "0")
        #expect(claims["scp"] == answer.json["scope"])
        #expect(claims["scp"]?.stringValue?.contains("Application.ReadWrite.All") == true)
        let identity = try Lab.claims(try #require(answer.json["id_token"]?.stringValue))
        #expect(identity["tid"] == .string(Lab.tenant))
        #expect(identity["oid"] == claims["oid"])
        // A code is good for one token.
        let again = try await lab.poll(code)
        #expect(again.json["error"] == "invalid_grant")
        let renewal = [
            ("grant_type", "refresh_token"), ("client_id", Lab.cli),
            ("refresh_token", try #require(answer.json["refresh_token"]?.stringValue)),
        ]
        #expect(try await lab.ask(renewal).json["access_token"] != nil)
        _ = try await lab.send("POST", "/control/tokens")
        #expect(try await lab.ask(renewal).json["error"] == "invalid_grant")
    }

    @Test func `what is given besides the token is what the scopes say`() async throws {
        let lab = try await Lab.directory { $0.tenants[0].signIn = .init(afterPolls: 0) }
        defer { lab.simulator.stop() }
        let code = try await lab.deviceCode("https://graph.microsoft.com/User.Read")
        let answer = try await lab.poll(try #require(code.json["device_code"]?.stringValue))
        #expect(answer.json["scope"] == "User.Read")
        #expect(answer.json["id_token"] == nil)
        #expect(answer.json["refresh_token"] == nil)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var error: String
        var code: Int64
        var does = Scenario.SignIn.Doing.approve
        var scopes = "https://graph.microsoft.com/.default"
        var client = Lab.cli
        var pollTenant = Lab.tenant
        var pollCode: String?
        var waits = Duration.zero
        var change: @Sendable (inout Scenario) -> Void = { _ in }
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "declined", error: "authorization_declined", code: 65_004, does: .decline),
        Case(name: "nobody comes", error: "authorization_pending", code: 70_016, does: .never),
        Case(name: "blocked by a policy", error: "invalid_grant", code: 53_003, does: .blocked),
        Case(name: "expired", error: "expired_token", code: 70_019, waits: .minutes(15)),
        Case(name: "unknown code", error: "bad_verification_code", code: 70_018, pollCode: "GAQx"),
        Case(
            name: "another tenant",
            error: "bad_verification_code",
            code: 70_018,
            pollTenant: "contoso.example"
        ),
        Case(
            name: "slow down",
            error: "slow_down",
            code: 70_016,
            change: { $0.tenants[0].signIn?.slowDownAt = [1] }
        ),
        Case(
            name: "not allowed without consent",
            error: "invalid_grant",
            code: 65_002,
            scopes: "https://graph.microsoft.com/Mail.Read"
        ),
        Case(
            name: "consent of an admin needed",
            error: "invalid_grant",
            code: 90_094,
            scopes: "Application.ReadWrite.All",
            client: "14d82eec-204b-4c2f-b7e8-296a70dab67e",
            change: { $0.tenants[0].signIn?.roles = [] }
        ),
        Case(
            name: "a stranger",
            error: "invalid_grant",
            code: 50_020,
            change: { $0.tenants[0].signIn?.home = Lab.other }
        ),
    ]

    @Test(arguments: cases) func `a sign-in fails as the service lets it fail`(_ one: Case) async throws {
        let lab = try await Lab.directory { scenario in
            scenario.tenants[0].signIn = .init(does: one.does, afterPolls: 0)
            one.change(&scenario)
        }
        defer { lab.simulator.stop() }
        let asked = try await lab.deviceCode(one.scopes, client: one.client)
        let code = try #require(asked.json["device_code"]?.stringValue, "\(asked.text)")
        lab.time.advance(by: one.waits)
        let answer = try await lab.poll(one.pollCode ?? code, client: one.client, tenant: one.pollTenant)
        #expect(answer.status == 400)
        #expect(answer.json["error"] == .string(one.error))
        #expect(answer.aadsts == one.code)
    }

    @Test(arguments: [
        ("nobody's client", "11111111-0000-4000-8000-000000000000", "openid", 700_016),
        ("a client with a secret", Lab.app, "openid", 7_000_218), ("no scope", Lab.cli, "", 900_144),
        (
            "two resources", Lab.cli,
            "https://graph.microsoft.com/.default https://manage.office.com/.default", 28_000
        ),
    ])
    func `a code is refused`(_ name: String, _ client: String, _ scopes: String, _ code: Int64) async throws {
        let lab = try await Lab.directory()
        defer { lab.simulator.stop() }
        #expect(try await lab.deviceCode(scopes, client: client).aadsts == code, "\(name)")
    }

    @Test func `polls that come too fast are told so where the scenario wants it`() async throws {
        let lab = try await Lab.directory {
            $0.knobs.deviceSlowsDown = true
            $0.tenants[0].signIn = .init(does: .never)
        }
        defer { lab.simulator.stop() }
        let code = try #require(try await lab.deviceCode().json["device_code"]?.stringValue)
        #expect(try await lab.poll(code).json["error"] == "authorization_pending")
        lab.time.advance(by: .seconds(4))
        #expect(try await lab.poll(code).json["error"] == "slow_down")
        lab.time.advance(by: .seconds(5))
        #expect(try await lab.poll(code).json["error"] == "authorization_pending")
    }

    @Test func `without a tenant's name the token is for the one the person belongs to`() async throws {
        let lab = try await Lab.directory {
            $0.signIn = .init(afterPolls: 0)
            $0.signIn?.home = Lab.other
        }
        defer { lab.simulator.stop() }
        let asked = try await lab.deviceCode(tenant: "organizations")
        let code = try #require(asked.json["device_code"]?.stringValue)
        #expect(try await lab.poll(code, tenant: Lab.other).json["error"] == "bad_verification_code")
        let answer = try await lab.poll(code, tenant: "organizations")
        let claims = try Lab.claims(try #require(answer.json["access_token"]?.stringValue, "\(answer.text)"))
        #expect(claims["tid"] == .string(Lab.other))
        #expect(claims["upn"] == "admin@fabrikam.example")
    }

    @Test func `a person may be sent by the control path or come to the page`() async throws {
        let lab = try await Lab.directory { $0.tenants[0].signIn = .init(does: .never) }
        defer { lab.simulator.stop() }
        let first = try await lab.deviceCode()
        let second = try await lab.deviceCode()
        let user = try #require(second.json["user_code"]?.stringValue)
        let page = try #require(second.json["verification_uri"]?.stringValue)
        let typed = try await lab.get(page + "?user_code=\(user.lowercased())&does=decline")
        #expect(typed.status == 200)
        let declined = try await lab.poll(try #require(second.json["device_code"]?.stringValue))
        #expect(declined.json["error"] == "authorization_declined")
        #expect(try await lab.get(page + "?user_code=NOTTHERE1&does=approve").status == 400)
        let sent = #"{"userCode": "\#(first.json["user_code"]?.stringValue ?? "")", "does": "approve"}"#
        #expect(try await lab.send("POST", "/control/device", body: sent).json["decided"] == 1)
        #expect(try await lab.poll(try #require(first.json["device_code"]?.stringValue)).status == 200)
        let states = try await lab.get("/control/devices").json.arrayValue ?? []
        #expect(states.map { $0["state"] } == ["redeemed", "decline"])
        // What is told of the person changes them for the codes that follow.
        let blocked = #"{"tenant": "contoso.example", "does": "blocked", "afterPolls": 0}"#
        #expect(try await lab.send("POST", "/control/signIn", body: blocked).status == 200)
        let third = try await lab.deviceCode()
        #expect(try await lab.poll(try #require(third.json["device_code"]?.stringValue)).aadsts == 53_003)
    }
}
