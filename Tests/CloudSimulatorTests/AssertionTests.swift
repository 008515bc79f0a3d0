// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Crypto
import JSON
import Testing

@Suite struct AssertionTests {
    static let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    static let own: CertifiedKey? = try? .make(commonName: "own", validFor: .days(30), now: Lab.start)
    static let other: CertifiedKey? = try? .make(commonName: "other", validFor: .days(30), now: Lab.start)

    /// What one assertion is made of; the default is a good one.
    struct Made: Sendable {
        var algorithm = SignatureAlgorithm.ps256
        var sha1 = false
        var audience: String?
        var issuer = Lab.app
        var shift = Duration.zero
        var signedByOther = false
        var namesOther = false
    }

    func assertion(_ made: Made, base: String) throws -> String {
        let own = try #require(Self.own)
        let other = try #require(Self.other)
        let named = (made.namesOther ? other : own).certificate
        let thumbprint = Base64.encodeURL(made.sha1 ? named.thumbprintSHA1 : named.thumbprintSHA256)
        let header: Value = [
            "alg": .string(made.algorithm.rawValue), "typ": "JWT",
            (made.sha1 ? "x5t" : "x5t#S256"): .string(thumbprint),
        ]
        let now = (Lab.start + made.shift).seconds
        let claims: Value = [
            "aud": .string(made.audience ?? "\(base)/login/\(Lab.tenant)/oauth2/v2.0/token"),
            "iss": .string(made.issuer), "sub": .string(made.issuer), "jti": .string(Random.uuid()),
            "nbf": .int(now), "exp": .int(now + 600),
        ]
        let signed = Base64.encodeURL(header.bytes()) + "." + Base64.encodeURL(claims.bytes())
        let key = (made.signedByOther ? other : own).key
        return signed + "." + Base64.encodeURL(try key.sign(Array(signed.utf8), made.algorithm))
    }

    func ask(_ made: Made, by thumbprintOnly: Bool = false) async throws -> Lab.Answer {
        let certificate = try #require(Self.own).certificate
        let lab = try await Lab {
            $0.apps[0].secrets = []
            $0.apps[0].certificates = [
                thumbprintOnly
                    ? .thumbprint(Hex.encode(certificate.thumbprintSHA1)) : .pem(certificate.publicPEM)
            ]
        }
        defer { lab.simulator.stop() }
        return try await lab.ask([
            ("grant_type", "client_credentials"), ("client_id", Lab.app),
            ("client_assertion_type", Self.kind),
            ("client_assertion", try assertion(made, base: lab.base)),
            ("scope", "https://manage.office.com/.default"),
        ])
    }

    @Test(arguments: [Made(), Made(algorithm: .rs256, sha1: true), Made(sha1: true)])
    func `a good assertion is taken in either form`(_ made: Made) async throws {
        let answer = try await ask(made)
        #expect(answer.status == 200, "\(answer.text)")
        let claims = try Lab.claims(try #require(answer.json["access_token"]?.stringValue))
        #expect(claims["appidacr"] == "2")
    }

    @Test func `a thumbprint alone is enough for those who only have that`() async throws {
        #expect(try await ask(Made(sha1: true, signedByOther: true), by: true).status == 200)
    }

    @Test(arguments: [
        (Made(namesOther: true), 700_027, "The key was not found"),
        (Made(signedByOther: true), 700_027, "use of the key to verify the signature failed"),
        (Made(audience: "https://example.com/token"), 700_023, "audience claim"),
        (Made(shift: .hours(-1)), 700_024, "valid time range"),
        (Made(shift: .hours(1)), 700_024, "valid time range"),
    ])
    func `a bad assertion is refused by its code`(_ made: Made, _ code: Int64, _ words: String) async throws {
        let answer = try await ask(made)
        #expect(answer.status == 401)
        #expect(answer.aadsts == code)
        #expect(answer.description?.contains(words) == true)
    }

    @Test(
        arguments: [
            (nil, 200), ("issuer", 700_211), ("subject", 700_213), ("case", 7_002_138), ("audience", 700_212),
            ("none", 70_021), ("late", 700_024),
        ] as [(String?, Int)]
    )
    func `a federated assertion must match byte for byte`(_ wrong: String?, _ code: Int) async throws {
        let lab = try await Lab {
            $0.apps[0].secrets = []
            if wrong != "none" {
                $0.apps[0].federated = [
                    Scenario.Federation(
                        issuer: "https://kubernetes.example",
                        subject: "system:serviceaccount:hg:Host"
                    )
                ]
            }
        }
        defer { lab.simulator.stop() }
        let now = (Lab.start + (wrong == "late" ? .hours(-2) : .zero)).seconds
        let subject = ["subject": "system:other", "case": "system:serviceaccount:hg:host"][wrong ?? ""]
        let claims: Value = [
            "iss": .string(wrong == "issuer" ? "https://other.example" : "https://kubernetes.example"),
            "sub": .string(subject ?? "system:serviceaccount:hg:Host"),
            "aud": .array([.string(wrong == "audience" ? "api://other" : "api://AzureADTokenExchange")]),
            "nbf": .int(now), "exp": .int(now + 600),
        ]
        let header: Value = ["alg": "RS256", "kid": "1"]
        let text = [header, claims].map { Base64.encodeURL($0.bytes()) }.joined(separator: ".") + ".c2ln"
        let answer = try await lab.ask([
            ("grant_type", "client_credentials"), ("client_id", Lab.app),
            ("client_assertion_type", Self.kind),
            ("client_assertion", text), ("scope", "https://manage.office.com/.default"),
        ])
        #expect(wrong == nil ? answer.status == code : answer.aadsts == Int64(code), "\(answer.text)")
    }
}
