// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Crypto
import HTTPClient
import Identity
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct CredentialTests {
    private static let pair = Result { () throws(CryptoFailure) in
        try CertifiedKey.make(commonName: "identity tests", validFor: .days(1), now: noon)
    }
    private let time = ManualTime(noon)

    private func sentForm(_ demand: TokenDemand) async throws -> [String: String] {
        let transport = ScriptedTransport { _ in granted("t") }
        _ = try await Tokens(transport: transport, time: time).token(for: demand)
        return form(try #require(transport.sent.first))
    }

    private func assertion(_ definition: Definition) async throws -> (
        header: Value, claims: Value, verified: Bool
    ) {
        let pair = try Self.pair.get()
        let algorithm = try #require(
            SignatureAlgorithm(rawValue: definition.auth.assertion?.algorithm.rawValue ?? "")
        )
        let fields = try await sentForm(demand(definition, credential: .certificate(pair)))
        #expect(fields["client_secret"] == nil)
        #expect(fields["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        let text = try #require(fields["client_assertion"])
        let parts = text.split(separator: ".").map { Base64.decode($0) ?? [] }
        #expect(parts.count == 3)
        let signed = Array(text.prefix(upTo: try #require(text.lastIndex(of: "."))).utf8)
        return (
            try Value(parsing: parts[0]), try Value(parsing: parts[1]),
            pair.certificate.verifies(parts[2], of: signed, algorithm)
        )
    }

    @Test func `a certificate signs an assertion that its public key verifies`() async throws {
        let made = try await assertion(try definition())
        let pair = try Self.pair.get()
        #expect(made.verified)
        #expect(made.header["alg"] == "PS256")
        #expect(made.header["typ"] == "JWT")
        #expect(made.header["x5t#S256"]?.stringValue == Base64.encodeURL(pair.certificate.thumbprintSHA256))
        #expect(made.claims["aud"]?.stringValue == "https://login.example/base/\(tenant)/oauth2/v2.0/token")
        #expect(made.claims["iss"]?.stringValue == client)
        #expect(made.claims["sub"]?.stringValue == client)
        #expect(made.claims["nbf"]?.int64 == noon.seconds)
        #expect(made.claims["exp"]?.int64 == noon.seconds + 600)
        #expect(made.claims["jti"]?.stringValue?.count == 36)
        let again = try await assertion(try definition())
        #expect(again.claims["jti"] != made.claims["jti"])
    }

    @Test func `the older form of assertion is made where a definition asks for it`() async throws {
        let path = Repository.connectors + "/office365-management/connector.json"
        let bytes = try #require(TemporaryFolder.contents(of: path))
        var auth = try #require(try Value(parsing: bytes)["auth"]?.objectValue)
        auth["assertion"] = ["algorithm": "RS256", "thumbprint": "x5t", "lifetime": "PT5M"]
        let made = try await assertion(try definition(auth: Value.object(auth).text()))
        #expect(made.verified)
        #expect(made.header["alg"] == "RS256")
        #expect(
            made.header["x5t"]?.stringValue
                == Base64.encodeURL(try Self.pair.get().certificate.thumbprintSHA1)
        )
        #expect(made.claims["exp"]?.int64 == noon.seconds + 300)
    }

    @Test func `a federated token is read from its file at each request`() async throws {
        let folder = TemporaryFolder()
        let path = folder.write("first.token.x\n", to: "token")
        let wanted = demand(try definition(), credential: .federatedFile(path))
        let transport = ScriptedTransport { _ in granted("t") }
        let tokens = Tokens(transport: transport, time: time)
        _ = try await tokens.token(for: wanted)
        folder.write("second.token.y", to: "token")
        await tokens.invalidate(wanted)
        _ = try await tokens.token(for: wanted)
        #expect(transport.sent.map { form($0)["client_assertion"] } == ["first.token.x", "second.token.y"])
    }

    @Test func `a federated token file that is missing, empty or no token is said by name`() async throws {
        let folder = TemporaryFolder()
        for (name, text) in [("none", nil), ("empty", "\n"), ("two", "a.b.c d.e.f")] as [(String, String?)] {
            if let text { folder.write(text, to: name) }
            let wanted = demand(try definition(), credential: .federatedFile(folder.file(name)))
            let failure = await #expect(throws: IdentityFailure.self) { try await sentForm(wanted) }
            #expect(failure?.description.contains(folder.file(name)) == true)
        }
    }

    @Test func `a credential of a kind that the definition does not take is refused`() async throws {
        let path = Repository.connectors + "/office365-management/connector.json"
        let bytes = try #require(TemporaryFolder.contents(of: path))
        var auth = try #require(try Value(parsing: bytes)["auth"]?.objectValue)
        auth["credential"] = ["certificate"]
        let only = try definition(auth: Value.object(auth).text())
        let failure = await #expect(throws: IdentityFailure.self) { try await sentForm(demand(only)) }
        #expect(
            failure?.description == "the connector cannot use this kind of credential: it takes no secret"
        )
    }

    @Test func `a key goes into its header with its scheme`() async throws {
        let auth =
            #"{"kind":"header","credential":["secret"],"header":{"name":"X-Key","scheme":"Key ","value":"{{ secrets.secret }}"}}"#
        var wanted = demand(try definition(auth: auth))
        wanted.secrets = ["secret": Secret("k3y-value")]
        let tokens = Tokens(transport: ScriptedTransport { _ in granted("t") }, time: time)
        let made = try await tokens.authorisation(for: wanted)
        #expect(made.header == Header("X-Key", "Key k3y-value"))
        #expect(made.token == nil)
    }

    @Test func `a name and a password make the basic scheme`() async throws {
        let auth =
            #"{"kind":"basic","credential":["secret"],"user":"{{ credentials.clientKey }}","password":"{{ secrets.secret }}"}"#
        var wanted = demand(try definition(auth: auth))
        wanted.secrets = ["secret": Secret("p:ss wörd")]
        let tokens = Tokens(transport: ScriptedTransport { _ in granted("t") }, time: time)
        let made = try await tokens.authorisation(for: wanted)
        #expect(made.header.value == "Basic " + Base64.encode(Array("\(client):p:ss wörd".utf8)))
    }
}

@Suite struct ClaimsTests {
    private func claims(_ payload: Value) throws -> Claims? {
        Claims(token: Secret(jwt(payload)), names: try #require(try definition().auth.claims))
    }

    @Test func `an app's token says its tenant, audience, permissions and end`() throws {
        let claims = try #require(
            try claims([
                "tid": .string(tenant), "aud": "https://api.example", "roles": ["ActivityFeed.Read", "B"],
                "appid": .string(client), "exp": 1_750_003_599, "iat": 1_750_000_000,
            ])
        )
        #expect(claims.tenant == tenant)
        #expect(claims.audiences == ["https://api.example"])
        #expect(claims.permissions == ["ActivityFeed.Read", "B"])
        #expect(claims.delegated.isEmpty)
        #expect(claims.client == client)
        #expect(claims.expires == noon + .seconds(3_599))
        #expect(claims.issuedAt == noon)
        #expect(claims.value["audience"] == "https://api.example")
    }

    @Test func `a token without permissions and one of a person are told apart`() throws {
        #expect(try claims(["azp": .string(client)])?.client == client)
        #expect(try claims([:])?.permissions == [])
        #expect(try claims(["scp": "User.Read Mail.Read"])?.delegated == ["User.Read", "Mail.Read"])
        #expect(try claims(["aud": ["a", "b"]])?.audiences == ["a", "b"])
        #expect(try claims(["exp": "1750003599"])?.expires == noon + .seconds(3_599))
        #expect(try claims(["exp": "1e300"])?.expires == nil)
    }

    @Test(arguments: ["opaque", "a.b", "a.b.c", "..", "e30.W10.x", "e30.!!.x"])
    func `an opaque token has no claims`(text: String) throws {
        #expect(Claims(token: Secret(text), names: try #require(try definition().auth.claims)) == nil)
    }
}
