// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import HTTPClient
import JSON
import TestSupport
import Testing

@Suite struct ConsentTests {
    static let redirect = "https://headgate.example/consent/callback"

    /// A provider's app, registered in the first tenant and unknown in the second.
    static func provider(_ change: (inout Scenario) -> Void = { _ in }) async throws -> Lab {
        try await Lab.directory { scenario in
            scenario.apps[0].roles = [:]
            scenario.apps[0].home = Lab.tenant
            scenario.apps[0].redirectURIs = [redirect]
            scenario.apps[0].requires = ["ActivityFeed.Read", "AuditLog.Read.All"]
            change(&scenario)
        }
    }

    /// Opens a consent link.
    func open(
        _ lab: Lab,
        _ tenant: String = Lab.other,
        older: Bool = false,
        without: String = "",
        with: [(String, String)] = []
    ) async throws -> Lab.Answer {
        var fields = [
            ("client_id", Lab.app), ("state", "s 1&2"), ("redirect_uri", Self.redirect),
            ("scope", "https://graph.microsoft.com/.default"),
        ]
        fields.removeAll { field in
            field.0 == without || (older && field.0 == "scope") || with.contains { $0.0 == field.0 }
        }
        let query = (fields + with).map { $0.0 + "=" + Lab.escaped($0.1) }.joined(separator: "&")
        return try await lab.get("/login/\(tenant)/\(older ? "" : "v2.0/")adminconsent?\(query)")
    }

    /// The values that a redirect carries.
    static func carried(_ answer: Lab.Answer) throws -> [String: String] {
        let location = try #require(answer.header("Location"), "\(answer.text)")
        let parts = location.split(separator: "?", maxSplits: 1)
        #expect(parts[0] == redirect)
        let pairs = parts[1].split(separator: "#")[0].split(separator: "&").map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(halves[0]), decoded(halves[1]))
        }
        return Dictionary(pairs) { $1 }
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"),
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        (Lab.other, false), ("organizations", false), (Lab.other, true), ("common", true),
        ("organizations", true), ("fabrikam.example", true),
    ])
    func `one who accepts lets the app in with all that it needs`(_ segment: String, _ older: Bool)
        async throws
    {
        let lab = try await Self.provider {
            $0.knobs.lags.consent = .init(asks: 2)
            $0.signIn = .init()
            $0.signIn?.home = Lab.other
        }
        defer { lab.simulator.stop() }
        #expect(try await lab.ask(Lab.app, Lab.secret, tenant: Lab.other).aadsts == 7_000_229)
        let answer = try await open(lab, segment, older: older)
        #expect(answer.status == 302)
        let carried = try Self.carried(answer)
        #expect(carried["admin_consent"] == "True")
        #expect(carried["tenant"] == Lab.other)
        #expect(carried["state"] == "s 1&2")
        #expect(carried["error"] == nil)
        for expected in [[], [], ["ActivityFeed.Read"]] as [[String]] {
            let token = try await lab.ask(Lab.app, Lab.secret, tenant: Lab.other)
            #expect(try Lab.roles(token) == expected)
        }
        let made = await lab.simulator.directory(tenant: Lab.other, made: true)
        #expect(made["servicePrincipals"]?[0]?["appId"] == .string(Lab.app))
        #expect(made["assignments"]?.arrayValue?.count == 2)
        // Nobody else's tenant is touched, and consenting again changes nothing.
        #expect(try await lab.ask(Lab.app, Lab.secret).aadsts == 7_000_229)
        #expect(try await open(lab, segment, older: older).status == 302)
        #expect(await lab.simulator.directory(tenant: Lab.other, made: true) == made)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var error: String
        var code: String
        var older = false
        var without = ""
        var change: @Sendable (inout Scenario) -> Void = { _ in }
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "declined", error: "access_denied", code: "65004") {
            $0.tenants[1].signIn?.consent = .decline
        },
        Case(name: "declined at the older endpoint", error: "access_denied", code: "65004", older: true) {
            $0.tenants[1].signIn?.consent = .decline
        },
        Case(name: "wrong account", error: "access_denied", code: "50020") {
            $0.tenants[1].signIn?.home = Lab.tenant
        },
        Case(name: "no admin", error: "consent_required", code: "90094") {
            $0.tenants[1].signIn?.roles = ["Global Reader"]
        },
        Case(name: "no admin of Graph's roles", error: "consent_required", code: "90094") {
            $0.tenants[1].signIn?.roles = ["Cloud Application Administrator"]
        },
        Case(name: "kept out by a policy", error: "access_denied", code: "53003") {
            $0.tenants[1].signIn?.does = .blocked
        },
        Case(name: "no scope", error: "invalid_request", code: "900144", without: "scope"),
        Case(name: "service not in the tenant", error: "invalid_client", code: "650052") {
            $0.tenants[1].hasService = false
        },
    ]

    @Test(arguments: cases) func `an error goes to the app, says consent all the same, and names no tenant`(
        _ one: Case
    ) async throws {
        let lab = try await Self.provider { scenario in
            scenario.tenants[1].signIn = .init()
            one.change(&scenario)
        }
        defer { lab.simulator.stop() }
        let answer = try await open(lab, older: one.older, without: one.without)
        #expect(answer.status == 302, "\(answer.text)")
        let carried = try Self.carried(answer)
        #expect(carried["error"] == one.error)
        #expect(carried["error_description"]?.hasPrefix("AADSTS\(one.code): ") == true)
        #expect(carried["error_uri"]?.hasSuffix("code=\(one.code)") == true)
        #expect(carried["admin_consent"] == "True")
        #expect(carried["state"] == "s 1&2")
        #expect(carried["tenant"] == nil)
        let made = await lab.simulator.directory(tenant: Lab.other, made: true)
        #expect(made["servicePrincipals"] == [])
    }

    @Test(arguments: [
        (Lab.other, false, "client_id", "11111111-0000-4000-8000-000000000000", "AADSTS700016"),
        (Lab.other, false, "redirect_uri", redirect + "/", "AADSTS50011"),
        (Lab.other, false, "redirect_uri", redirect + "/more", "AADSTS50011"),
        (Lab.other, true, "redirect_uri", "https://elsewhere.example/", "AADSTS50011"),
        ("nobody.example", false, "x", "", "AADSTS90002"), ("common", false, "x", "", "AADSTS90002"),
    ])
    func `what cannot be answered stays on the page`(
        _ segment: String,
        _ older: Bool,
        _ field: String,
        _ value: String,
        _ code: String
    ) async throws {
        let lab = try await Self.provider()
        defer { lab.simulator.stop() }
        let answer = try await open(lab, segment, older: older, with: [(field, value)])
        #expect(answer.status == 400)
        #expect(answer.text.contains(code), "\(answer.text)")
        #expect(answer.header("Location") == nil)
        #expect(await lab.simulator.directory(tenant: Lab.other, made: true)["servicePrincipals"] == [])
    }

    @Test func `the older endpoint allows further path segments`() async throws {
        let lab = try await Self.provider()
        defer { lab.simulator.stop() }
        let longer = [("redirect_uri", Self.redirect + "/more")]
        let answer = try await open(lab, older: true, with: longer)
        #expect(answer.header("Location")?.hasPrefix(Self.redirect + "/more?tenant=") == true)
    }

    @Test func `a scope that is not for all brings no application's permission`() async throws {
        let lab = try await Self.provider()
        defer { lab.simulator.stop() }
        let one = [("scope", "https://graph.microsoft.com/User.Read")]
        #expect(try await open(lab, with: one).status == 302)
        #expect(try Lab.roles(try await lab.ask(Lab.app, Lab.secret, tenant: Lab.other)) == [])
    }

    @Test func `without a reply address consent stands, though the page says otherwise`() async throws {
        let lab = try await Self.provider()
        defer { lab.simulator.stop() }
        let answer = try await open(lab, without: "redirect_uri")
        #expect(answer.text.contains("went wrong"))
        let token = try await lab.ask(Lab.app, Lab.secret, tenant: Lab.other)
        #expect(try Lab.roles(token) == ["ActivityFeed.Read"])
    }

    @Test func `an app of one tenant is granted what it declares there and nowhere else`() async throws {
        let lab = try await Lab.directory()
        defer { lab.simulator.stop() }
        let token = try await lab.personToken()
        let role: Value = ["id": .string(Lab.feedRead), "type": "Role"]
        // The scope of a person has the same id.
        let scope: Value = ["id": "4807a72c-ad38-4250-94c9-4eabfe26cd55", "type": "Scope"]
        let made = try await lab.made(
            [
                ("web", ["redirectUris": [.string(Self.redirect)]]),
                (
                    "requiredResourceAccess",
                    [["resourceAppId": .string(Lab.manageApp), "resourceAccess": [role, scope]]]
                ),
            ],
            token: token
        )
        #expect(try Lab.roles(try await lab.ask(made.app, made.secret)) == [])
        let own = [("client_id", made.app)]
        let abroad = try await open(lab, Lab.other, with: own)
        #expect(abroad.text.contains("AADSTS700016"))
        #expect(try await open(lab, "organizations", with: own).text.contains("AADSTS50194"))
        #expect(try await open(lab, Lab.tenant, with: own).status == 302)
        #expect(try Lab.roles(try await lab.ask(made.app, made.secret)) == ["ActivityFeed.Read"])
    }

    @Test func `an app that was just made is not there yet`() async throws {
        let lab = try await Lab.directory { $0.knobs.lags.application = .init(asks: 1) }
        defer { lab.simulator.stop() }
        let body: Value = ["displayName": "a", "web": ["redirectUris": [.string(Self.redirect)]]]
        let token = try await lab.personToken()
        let made = try await lab.graph("POST", "applications", body, token: token)
        let own = [("client_id", try #require(made.json["appId"]?.stringValue))]
        #expect(try await open(lab, Lab.tenant, with: own).text.contains("AADSTS650051"))
        #expect(try await open(lab, Lab.tenant, with: own).status == 302)
    }

    @Test(arguments: [("accept", true), ("decline", false)])
    func `a page that is left open has a link for each answer`(_ answer: String, _ accepts: Bool) async throws
    {
        let lab = try await Self.provider {
            $0.tenants[1].signIn = .init()
            $0.tenants[1].signIn?.consent = .wait
        }
        defer { lab.simulator.stop() }
        let page = try await open(lab)
        #expect(page.status == 200)
        #expect(page.text.contains("answer=\(answer)"))
        let carried = try Self.carried(try await open(lab, with: [("answer", answer)]))
        #expect((carried["error"] == nil) == accepts)
        #expect((carried["tenant"] == Lab.other) == accepts)
    }
}
