// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON
import Testing

extension Lab {
    static let cli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
    static let graphApp = "00000003-0000-0000-c000-000000000000"
    static let manageApp = "c5393580-f805-4401-95e8-94b7a6ef2fc2"
    static let other = "11111111-2222-4333-8444-555555555502"
    static let feedRead = "594c1fb6-4f81-4475-ae41-0c394909246c"

    /// A cloud of two tenants in which everything is known at once, unless `change` wants it otherwise.
    static func directory(_ change: (inout Scenario) -> Void = { _ in }) async throws -> Lab {
        try await Lab { scenario in
            scenario.tenants.append(Scenario.Tenant(id: other, domain: "fabrikam.example"))
            scenario.knobs.lags = .none
            change(&scenario)
        }
    }

    /// Asks for a device code.
    func deviceCode(
        _ scopes: String = "https://graph.microsoft.com/.default offline_access openid profile",
        client: String = cli,
        tenant: String = Self.tenant
    ) async throws -> Answer {
        try await form(
            "/login/\(tenant)/oauth2/v2.0/devicecode",
            [("client_id", client), ("scope", scopes)]
        )
    }

    /// Polls for a device code once.
    func poll(_ code: String, client: String = cli, tenant: String = Self.tenant) async throws -> Answer {
        try await ask(
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", client),
                ("device_code", code),
            ],
            tenant: tenant
        )
    }

    /// A Graph token of the person who signs in for a tenant.
    func personToken(tenant: String = Self.tenant) async throws -> String {
        let asked = try await deviceCode(tenant: tenant)
        let code = try #require(asked.json["device_code"]?.stringValue, "\(asked.text)")
        for _ in 0..<10 {
            let answer = try await poll(code, tenant: tenant)
            if let token = answer.json["access_token"]?.stringValue { return token }
            try #require(answer.json["error"] == "authorization_pending", "\(answer.text)")
        }
        throw NobodyCame()
    }

    struct NobodyCame: Error {}

    /// Sends an object to Graph's directory.
    func graph(_ method: String, _ path: String, _ body: Value = [:], token: String) async throws -> Answer {
        try await send(method, "/graph/v1.0/\(path)", token: token, body: method == "GET" ? "" : body.text())
    }

    /// Registers an application, and what stands for it in its tenant, with a secret; lags must allow it.
    func made(
        _ more: [(String, Value)] = [],
        token: String
    ) async throws -> (object: String, app: String, principal: String, secret: String) {
        let body: Value = .object(Object([("displayName", "Headgate")] + more))
        let answer = try await graph("POST", "applications", body, token: token)
        let object = try #require(answer.json["id"]?.stringValue, "\(answer.text)")
        let app = try #require(answer.json["appId"]?.stringValue)
        let principal = try await graph("POST", "servicePrincipals", ["appId": .string(app)], token: token)
        let secret = try await graph("POST", "applications/\(object)/addPassword", token: token)
        return (
            object, app, try #require(principal.json["id"]?.stringValue, "\(principal.text)"),
            try #require(secret.json["secretText"]?.stringValue, "\(secret.text)")
        )
    }

    /// The object id of what stands for an app in the token's tenant.
    func principal(of app: String, token: String) async throws -> String {
        let answer = try await graph("GET", "servicePrincipals(appId='\(app)')", token: token)
        return try #require(answer.json["id"]?.stringValue, "\(answer.text)")
    }

    /// A token request of an app with its secret.
    func ask(
        _ app: String,
        _ secret: String,
        service: String = "https://manage.office.com",
        tenant: String = Self.tenant
    ) async throws -> Answer {
        try await ask(
            [
                ("grant_type", "client_credentials"), ("client_id", app), ("client_secret", secret),
                ("scope", service + "/.default"),
            ],
            tenant: tenant
        )
    }

    /// The roles in the token of an answer.
    static func roles(_ answer: Answer) throws -> [String] {
        let token = try #require(answer.json["access_token"]?.stringValue, "\(answer.text)")
        return try claims(token)["roles"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }
}
