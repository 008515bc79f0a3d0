// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import HTTPClient
import JSON
import Testing

@Suite struct TokenTests {
    @Test func `the two endpoints write their numbers differently`() async throws {
        let lab = try await Lab()
        defer { lab.simulator.stop() }
        let second = try await lab.ask(Lab.usual)
        #expect(second.status == 200)
        #expect(second.json["expires_in"] == 3_599)
        let fields = Lab.usual.filter { $0.0 != "scope" } + [("resource", "https://manage.office.com")]
        let first = try await lab.ask(fields, v1: true)
        #expect(first.json["expires_in"] == "3599")
        #expect(first.json["resource"] == "https://manage.office.com")
        #expect(first.json["expires_on"]?.stringValue == String(Lab.start.seconds + 3_600))
    }

    @Test func `a token tells tenant, app, roles and audience`() async throws {
        let lab = try await Lab()
        defer { lab.simulator.stop() }
        let claims = try Lab.claims(try await lab.token())
        #expect(claims["tid"] == .string(Lab.tenant))
        #expect(claims["appid"] == .string(Lab.app))
        #expect(claims["roles"] == ["ActivityFeed.Read", "ActivityFeed.ReadDlp"])
        #expect(claims["aud"] == "https://manage.office.com")
        #expect(claims["exp"]?.int64 == Lab.start.seconds + 3_600)
        // Roles of another service are not in it, and none at all leaves the claim out.
        let graph = try Lab.claims(try await lab.token(service: "https://graph.microsoft.com"))
        #expect(graph["roles"] == nil)
    }

    @Test func `a domain is as good as a GUID`() async throws {
        let lab = try await Lab()
        defer { lab.simulator.stop() }
        #expect(try await lab.ask(Lab.usual, tenant: "contoso.example").status == 200)
        let found = try await lab.get("/login/contoso.example/v2.0/.well-known/openid-configuration")
        #expect(found.json["token_endpoint"]?.stringValue?.contains(Lab.tenant) == true)
        #expect(found.json["issuer"]?.stringValue?.hasSuffix("/\(Lab.tenant)/v2.0") == true)
        let unknown = try await lab.get("/login/nobody.example/v2.0/.well-known/openid-configuration")
        #expect(unknown.status == 400)
        #expect(unknown.json["error"] == "invalid_tenant")
        #expect(unknown.aadsts == 90_002)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var code: Int64
        var error: String
        var status = 400
        var tenant = Lab.tenant
        var without: String?
        var with: [(String, String)] = []
        var v1 = false
        var scenario: @Sendable (inout Scenario) -> Void = { _ in }
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "tenant unknown",
            code: 90_002,
            error: "invalid_request",
            tenant: "11111111-2222-4333-8444-999999999999"
        ),
        Case(
            name: "tenant malformed",
            code: 900_023,
            error: "invalid_request",
            tenant: "11111111-2222-4333-8444"
        ),
        Case(name: "no tenant", code: 9_001_023, error: "invalid_request", tenant: "common"),
        Case(name: "no grant", code: 900_144, error: "invalid_request", without: "grant_type"),
        Case(
            name: "other grant",
            code: 70_003,
            error: "unsupported_grant_type",
            with: [("grant_type", "password")]
        ),
        Case(name: "no client id", code: 900_144, error: "invalid_request", without: "client_id"),
        Case(
            name: "app unknown",
            code: 700_016,
            error: "unauthorized_client",
            with: [("client_id", Lab.tenant)]
        ),
        Case(
            name: "secret missing",
            code: 7_000_216,
            error: "invalid_client",
            status: 401,
            without: "client_secret"
        ),
        Case(
            name: "secret wrong",
            code: 7_000_215,
            error: "invalid_client",
            status: 401,
            with: [("client_secret", "11111111-2222-4333-8444-999999999999")]
        ),
        Case(
            name: "secret expired",
            code: 7_000_222,
            error: "invalid_client",
            status: 401,
            scenario: { $0.apps[0].secrets[0].expires = .after(.days(-1)) }
        ),
        Case(
            name: "secret not yet known",
            code: 7_000_215,
            error: "invalid_client",
            status: 401,
            scenario: { $0.apps[0].secrets[0].usableFrom = .after(.minutes(1)) }
        ),
        Case(
            name: "not consented",
            code: 7_000_229,
            error: "invalid_client",
            status: 401,
            scenario: { $0.apps[0].roles = [:] }
        ),
        Case(
            name: "not consented, single tenant",
            code: 700_016,
            error: "unauthorized_client",
            scenario: {
                $0.apps[0].roles = [:]
                $0.apps[0].multiTenant = false
            }
        ),
        Case(
            name: "app disabled",
            code: 7_000_112,
            error: "unauthorized_client",
            scenario: { $0.apps[0].disabled = true }
        ),
        Case(
            name: "resource unknown",
            code: 500_011,
            error: "invalid_resource",
            with: [("scope", "https://manage.office365.us/.default")]
        ),
        Case(
            name: "resource with a slash",
            code: 500_011,
            error: "invalid_resource",
            with: [("scope", "https://manage.office.com//.default")]
        ),
        Case(
            name: "service not in tenant",
            code: 500_011,
            error: "invalid_resource",
            scenario: { $0.tenants[0].hasService = false }
        ),
        Case(
            name: "no license",
            code: 500_014,
            error: "invalid_resource",
            scenario: { $0.tenants[0].licensed = false }
        ),
        Case(name: "no scope", code: 90_014, error: "invalid_request", without: "scope"),
        Case(
            name: "scope of a user",
            code: 1_002_012,
            error: "invalid_scope",
            with: [("scope", "https://manage.office.com/ActivityFeed.Read")]
        ),
        Case(
            name: "two resources",
            code: 28_000,
            error: "invalid_scope",
            with: [("scope", "https://manage.office.com/.default https://graph.microsoft.com/.default")]
        ),
        Case(
            name: "resource at v2",
            code: 901_002,
            error: "invalid_request",
            with: [("resource", "https://manage.office.com")]
        ),
        Case(name: "no resource at v1", code: 900_144, error: "invalid_request", v1: true),
    ]

    @Test(arguments: cases) func `a wrong request is refused as the service refuses it`(_ one: Case)
        async throws
    {
        let lab = try await Lab(one.scenario)
        defer { lab.simulator.stop() }
        var fields = Lab.usual.filter { field in
            field.0 != one.without && !one.with.contains { $0.0 == field.0 }
        }
        fields += one.with
        let answer = try await lab.ask(fields, tenant: one.tenant, v1: one.v1)
        #expect(answer.aadsts == one.code)
        #expect(answer.json["error"] == .string(one.error))
        #expect(answer.status == one.status)
        #expect(answer.description?.hasPrefix("AADSTS\(one.code): ") == true)
        #expect(answer.description?.contains(" Trace ID: ") == true)
        #expect(answer.json["timestamp"]?.stringValue == "2026-11-21 06:00:00Z")
    }

    @Test func `older answers set the trailer off by line ends`() async throws {
        let lab = try await Lab { $0.knobs.oldTrailer = true }
        defer { lab.simulator.stop() }
        let answer = try await lab.ask([])
        #expect(answer.description?.contains("\r\nTrace ID: ") == true)
    }

    @Test func `a secret may also come by HTTP Basic`() async throws {
        let lab = try await Lab { $0.apps[0].secrets = [Scenario.ClientSecret(value: "abc")] }
        defer { lab.simulator.stop() }
        // "aaaaaaaa-2222-4333-8444-555555555501:abc"
        let basic = "YWFhYWFhYWEtMjIyMi00MzMzLTg0NDQtNTU1NTU1NTU1NTAxOmFiYw=="
        let answer = try await lab.send(
            "POST",
            "/login/\(Lab.tenant)/oauth2/v2.0/token",
            headers: [Header("Authorization", "Basic \(basic)")],
            body: "grant_type=client_credentials&scope=https%3A%2F%2Fmanage.office.com%2F.default"
        )
        #expect(answer.status == 200)
    }
}
