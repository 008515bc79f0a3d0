// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import HTTPClient
import JSON
import TestSupport
import Testing

/// A running simulated cloud with one tenant and one app, and a client to ask it.
struct Lab {
    static let tenant = "11111111-2222-4333-8444-555555555501"
    static let app = "aaaaaaaa-2222-4333-8444-555555555501"
    static let secret = "s3cret~Value.One"
    static let full = ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]
    static let start = Timestamp(seconds: 1_795_240_800)

    let simulator: Simulator
    let base: String
    let time: ManualTime
    private let client = Client()

    /// A scenario with the one tenant, subscribed to everything.
    static func scenario(_ change: (inout Scenario) -> Void = { _ in }) -> Scenario {
        var scenario = Scenario()
        var tenant = Scenario.Tenant(id: Self.tenant, domain: "contoso.example")
        tenant.subscriptions = ContentType.allCases.map { Scenario.Subscribed($0) }
        scenario.tenants = [tenant]
        scenario.apps = [Scenario.App(id: app, secret: secret, roles: [Self.tenant: full])]
        change(&scenario)
        return scenario
    }

    init(_ scenario: Scenario) async throws {
        time = ManualTime(Self.start, runsAhead: true)
        simulator = try Simulator(scenario, time: time)
        base = try await simulator.start()
    }

    init(_ change: (inout Scenario) -> Void = { _ in }) async throws {
        try await self.init(Self.scenario(change))
    }

    struct Answer {
        let status: Int
        let headers: Response
        let text: String
        var body: [UInt8] { headers.body }
        var json: Value { (try? Value(parsing: headers.body)) ?? .null }
        /// The feed's or the token endpoint's error code.
        var code: String? { json["error"]?["code"]?.stringValue }
        var message: String? { json["error"]?["message"]?.stringValue }
        var aadsts: Int64? { json["error_codes"]?[0]?.int64 }
        var description: String? { json["error_description"]?.stringValue }
        func header(_ name: String) -> String? { headers.header(name) }
    }

    func send(
        _ method: String,
        _ url: String,
        token: String? = nil,
        headers: [Header] = [],
        body: String = ""
    ) async throws -> Answer {
        let full = url.hasPrefix("http") ? url : base + url
        var all = headers
        if let token { all.append(Header("Authorization", "Bearer " + token)) }
        let request = Request(method: method, url: full, headers: all, body: Array(body.utf8))
        let response = try await client.send(request)
        let text = String(decoding: response.body, as: UTF8.self)
        return Answer(status: response.status, headers: response, text: text)
    }

    func get(_ url: String, token: String? = nil, headers: [Header] = []) async throws -> Answer {
        try await send("GET", url, token: token, headers: headers)
    }

    /// A token request as form; nothing but `fields` is sent.
    func ask(_ fields: [(String, String)], tenant: String = Self.tenant, v1: Bool = false) async throws
        -> Answer
    {
        try await form("/login/\(tenant)/oauth2/\(v1 ? "token" : "v2.0/token")", fields)
    }

    /// Posts a form; nothing but `fields` is sent.
    func form(_ path: String, _ fields: [(String, String)]) async throws -> Answer {
        let form = fields.map { $0.0 + "=" + Self.escaped($0.1) }.joined(separator: "&")
        return try await send(
            "POST",
            path,
            headers: [Header("Content-Type", "application/x-www-form-urlencoded")],
            body: form
        )
    }

    static let usual: [(String, String)] = [
        ("grant_type", "client_credentials"), ("client_id", app), ("client_secret", secret),
        ("scope", "https://manage.office.com/.default"),
    ]

    func token(service: String = "https://manage.office.com", tenant: String = Self.tenant) async throws
        -> String
    {
        let fields = Self.usual.filter { $0.0 != "scope" } + [("scope", service + "/.default")]
        let answer = try await ask(fields, tenant: tenant)
        return try #require(answer.json["access_token"]?.stringValue, "\(answer.text)")
    }

    static func feed(_ path: String, tenant: String = Self.tenant) -> String {
        "/manage/api/v1.0/\(tenant)/activity/feed/\(path)"
    }

    /// The path of a listing of the `hours` before now.
    func content(
        _ type: ContentType = .exchange,
        hours: Int = 24,
        tenant: String = Self.tenant,
        more: String = ""
    ) -> String {
        let now = simulator.clock.now
        let from = (now - .hours(hours) + .seconds(1)).secondsText
        let query =
            "contentType=\(type.rawValue)&startTime=\(from)&endTime=\((now + .seconds(1)).secondsText)\(more)"
        return Self.feed("subscriptions/content?\(query)", tenant: tenant)
    }

    /// The claims of a token.
    static func claims(_ token: String) throws -> Value {
        let parts = token.split(separator: ".")
        let payload = try #require(parts.count == 3 ? parts[1] : nil)
        return try Value(parsing: try #require(decoded(String(payload))))
    }

    private static func decoded(_ text: String) -> [UInt8]? {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var (bits, held, out) = (0, 0, [UInt8]())
        for byte in text.utf8 {
            guard let value = alphabet.firstIndex(of: byte) else { return nil }
            bits = bits << 6 | value
            held += 6
            if held >= 8 {
                held -= 8
                out.append(UInt8(bits >> held & 0xff))
            }
        }
        return out
    }

    static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }.joined()
    }
}
