// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Crypto
import HTTPClient
import JSON
import TestSupport
import Testing

@Suite struct CredentialTests {
    static let own: CertifiedKey? = try? .make(commonName: "own", validFor: .days(30), now: Lab.start)
    /// A certificate with a key of 1024 bits, which nobody makes any more.
    static let small =
        "MIIB/jCCAWegAwIBAgIUdmIn+d0V1s0fRfr1FLpvGh/h8lgwDQYJKoZIhvcNAQELBQAwEDEOMAwGA1UEAwwFc21hbGww"
        + "IBcNMjYxMTI3MDIwMDQyWhgPMjEyNjExMDMwMjAwNDJaMBAxDjAMBgNVBAMMBXNtYWxsMIGfMA0GCSqGSIb3DQEBAQUA"
        + "A4GNADCBiQKBgQC83DKUTJlEyqNQBPyXwJfHrNvVEGa2H0LEEOLAVIwnfSDQmrM+syx18lh4meyVnDrjXZLD1MSk9vAp"
        + "VVa+8wcrUTHMXbiug5biqn4pifvwa4BDnVGSpSC3J2h3OKAdX5vBcCCAuZshh5LKaJr5Q/SqgnAtp+a+LyZHBE/AmdF0"
        + "DQIDAQABo1MwUTAdBgNVHQ4EFgQU/srqEjxyF0uCmBdSlZdSPZNODpYwHwYDVR0jBBgwFoAU/srqEjxyF0uCmBdSlZdS"
        + "PZNODpYwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOBgQBM3syyTbPggkTHrIW2gEVUwmRX40GG+WNpE5QI"
        + "Xk00t4OCwzcNqf2++i4ZeynVATONzk/DywXlUjHwg4Rk/PeFU6Qsu21OYHD+eKd8d9eSOkeYV1eZC7JM78eVwDX2ixuI"
        + "C9w2uxKn7auaIUaF6K9zOKu8iQIE2wrnQE41EVxR/A=="
    static let old: CertifiedKey? = try? .make(
        commonName: "old",
        validFor: .days(1),
        now: Lab.start - .days(9)
    )

    /// A token request that is signed with a key.
    func ask(_ lab: Lab, _ app: String, _ key: CertifiedKey) async throws -> Lab.Answer {
        let header: Value = [
            "alg": "PS256", "typ": "JWT",
            "x5t#S256": .string(Base64.encodeURL(key.certificate.thumbprintSHA256)),
        ]
        let now = lab.simulator.clock.now.seconds
        let claims: Value = [
            "aud": .string("\(lab.base)/login/\(Lab.tenant)/oauth2/v2.0/token"), "iss": .string(app),
            "sub": .string(app), "jti": .string(Random.uuid()), "nbf": .int(now), "exp": .int(now + 600),
        ]
        let signed = Base64.encodeURL(header.bytes()) + "." + Base64.encodeURL(claims.bytes())
        let signature = Base64.encodeURL(try key.key.sign(Array(signed.utf8), .ps256))
        return try await ask(lab, app, assertion: signed + "." + signature)
    }

    func ask(_ lab: Lab, _ app: String, assertion: String) async throws -> Lab.Answer {
        try await lab.ask([
            ("grant_type", "client_credentials"), ("client_id", app),
            ("client_assertion_type", AssertionTests.kind), ("client_assertion", assertion),
            ("scope", "https://manage.office.com/.default"),
        ])
    }

    static func uploaded(_ key: CertifiedKey?) throws -> Value {
        let der = try #require(key).certificate.der
        return [
            "type": "AsymmetricX509Cert", "usage": "Verify", "key": .string(Base64.encode(der)),
            "displayName": "Headgate",
        ]
    }

    @Test func `a secret is told once, can be taken away, and flaps at first`() async throws {
        let lab = try await Lab.directory { $0.knobs.lags.secret = .init(rhythm: "x.x") }
        defer { lab.simulator.stop() }
        let token = try await lab.personToken()
        let made = try await lab.made(token: token)
        #expect(!made.secret.contains(" "))
        var codes: [Int64] = []
        for _ in 0..<5 { codes.append(try await lab.ask(made.app, made.secret).aadsts ?? 0) }
        #expect(codes == [7_000_215, 0, 7_000_215, 0, 0])
        let shown = try await lab.graph("GET", "applications/\(made.object)", token: token)
        let entry = try #require(shown.json["passwordCredentials"]?[0])
        #expect(entry["secretText"] == .null)
        #expect(entry["hint"]?.stringValue == String(made.secret.prefix(3)))
        let path = "applications/\(made.object)/removePassword"
        let wrong: Value = ["keyId": .string(Lab.tenant)]
        #expect(try await lab.graph("POST", path, wrong, token: token).status == 400)
        let right: Value = ["keyId": entry["keyId"] ?? .null]
        #expect(try await lab.graph("POST", path, right, token: token).status == 204)
        #expect(try await lab.ask(made.app, made.secret).aadsts == 7_000_215)
    }

    @Test func `a secret ends when it was told to`() async throws {
        let lab = try await Lab.directory()
        defer { lab.simulator.stop() }
        let token = try await lab.personToken()
        let made = try await lab.made(token: token)
        let path = "applications/\(made.object)/addPassword"
        let end = (lab.simulator.clock.now + .days(30)).description
        let body: Value = ["passwordCredential": ["displayName": "short", "endDateTime": .string(end)]]
        let added = try await lab.graph("POST", path, body, token: token)
        #expect(added.json["displayName"] == "short")
        let secret = try #require(added.json["secretText"]?.stringValue)
        #expect(try await lab.ask(made.app, secret).status == 200)
        lab.time.advance(by: .days(31))
        #expect(try await lab.ask(made.app, secret).aadsts == 7_000_222)
        #expect(try await lab.ask(made.app, made.secret).status == 200)
    }

    @Test func `a certificate works once its time has come, and stays when the list is replaced`()
        async throws
    {
        let lab = try await Lab.directory { $0.knobs.lags.certificate = .init(wait: .seconds(20), asks: 1) }
        defer { lab.simulator.stop() }
        let token = try await lab.personToken()
        let key = try #require(Self.own)
        let made = try await lab.made([("keyCredentials", [try Self.uploaded(key)])], token: token)
        let early = try await ask(lab, made.app, key)
        #expect(early.aadsts == 700_027)
        #expect(early.description?.contains("The key was not found") == true)
        lab.time.advance(by: .seconds(20))
        #expect(try await ask(lab, made.app, key).aadsts == 700_027)
        #expect(try await ask(lab, made.app, key).status == 200)
        let path = "applications/\(made.object)"
        let shown = try await lab.graph("GET", path, token: token)
        let entry = try #require(shown.json["keyCredentials"]?[0])
        let thumbprint = Hex.encode(key.certificate.thumbprintSHA1).uppercased()
        #expect(entry["customKeyIdentifier"]?.stringValue == thumbprint)
        // The id alone keeps the key; without it the list is empty.
        let kept: Value = ["keyCredentials": [["keyId": entry["keyId"] ?? .null, "key": .null]]]
        #expect(try await lab.graph("PATCH", path, kept, token: token).status == 204)
        #expect(try await ask(lab, made.app, key).status == 200)
        #expect(try await lab.graph("PATCH", path, ["keyCredentials": []], token: token).status == 204)
        #expect(try await ask(lab, made.app, key).aadsts == 700_027)
        #expect(try await lab.graph("PATCH", path, kept, token: token).status == 400)
    }

    @Test(arguments: ["small", "old"])
    func `a certificate that is too weak or too old is refused`(_ name: String) async throws {
        let lab = try await Lab.directory()
        defer { lab.simulator.stop() }
        let token = try await lab.personToken()
        let made = try await lab.made(token: token)
        var entry = try Self.uploaded(Self.old)
        if name == "small", case .object(var changed) = entry {
            changed["key"] = .string(Self.small)
            entry = .object(changed)
        }
        let body: Value = ["keyCredentials": [entry]]
        let answer = try await lab.graph("PATCH", "applications/\(made.object)", body, token: token)
        #expect(answer.status == 400)
        #expect(answer.message?.contains(name == "small" ? "2048" : "expired") == true)
        let shown = try await lab.graph("GET", "applications/\(made.object)", token: token)
        #expect(shown.json["keyCredentials"] == [])
    }

    @Test func `an outside issuer speaks for an application once it is known`() async throws {
        let lab = try await Lab.directory { $0.knobs.lags.federation = .init(asks: 1) }
        defer { lab.simulator.stop() }
        let token = try await lab.personToken()
        let made = try await lab.made(token: token)
        let path = "applications/\(made.object)/federatedIdentityCredentials"
        let body: Value = [
            "name": "cluster", "issuer": "https://kubernetes.example", "subject": "system:hg",
            "audiences": ["api://AzureADTokenExchange"],
        ]
        let answer = try await lab.graph("POST", path, body, token: token)
        #expect(answer.status == 201)
        #expect(try await lab.graph("POST", path, body, token: token).status == 409)
        let now = lab.simulator.clock.now.seconds
        let claims: Value = [
            "iss": "https://kubernetes.example", "sub": "system:hg", "aud": "api://AzureADTokenExchange",
            "nbf": .int(now), "exp": .int(now + 600),
        ]
        let header: Value = ["alg": "RS256", "kid": "1"]
        let text = [header, claims].map { Base64.encodeURL($0.bytes()) }.joined(separator: ".") + ".c2ln"
        #expect(try await ask(lab, made.app, assertion: text).aadsts == 70_021)
        let good = try await ask(lab, made.app, assertion: text)
        let granted = try Lab.claims(try #require(good.json["access_token"]?.stringValue, "\(good.text)"))
        #expect(granted["appidacr"] == "2")
        let id = try #require(answer.json["id"]?.stringValue)
        #expect(try await lab.graph("DELETE", "\(path)/\(id)", token: token).status == 204)
        #expect(try await ask(lab, made.app, assertion: text).aadsts == 70_021)
    }

    @Test(
        arguments: [
            ["name": "a", "issuer": "https://a.example", "subject": "s", "audiences": ["x"]],
            ["name": "with space", "issuer": "https://a.example", "subject": "s", "audiences": ["x"]],
            ["name": "abc", "issuer": "http://a.example", "subject": "s", "audiences": ["x"]],
            ["name": "abc", "issuer": "https://a.example", "audiences": ["x"]],
            ["name": "abc", "issuer": "https://a.example", "subject": "s", "audiences": ["x", "y"]],
        ] as [Value]
    )
    func `an outside issuer must be told in full`(_ body: Value) async throws {
        let lab = try await Lab.directory()
        defer { lab.simulator.stop() }
        let token = try await lab.personToken()
        let made = try await lab.made(token: token)
        let path = "applications/\(made.object)/federatedIdentityCredentials"
        #expect(try await lab.graph("POST", path, body, token: token).status == 400)
    }
}
