// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import HTTPClient
import Identity
import JSON
import Source
import TestSupport
import Testing

/// Requests on behalf of a person who signed in.
@Suite struct PersonAuthorityTests {
    private static let audience = "https://audience.example.com"
    private let time = ManualTime(Fixture.start, runsAhead: true)

    private func authority(for audience: String = audience) async throws -> PersonAuthority {
        let demand = try DeviceSignIn.Demand(
            base: try #require(BaseURL("https://login.example.com")),
            tenant: "t-1",
            codePath: "/devicecode",
            tokenPath: "/token",
            client: "client-1",
            scopes: ["All"],
            audience: audience
        )
        let provider = ScriptedTransport { request in
            request.url.hasSuffix("/token")
                ? Fixture.json(200, #"{"access_token":"token-of-a-person","expires_in":600}"#)
                : Fixture.json(
                    200,
                    #"{"device_code":"d","user_code":"u","verification_uri":"https://sign.example/in","interval":1}"#
                )
        }
        let ending = try await DeviceSignIn.run(demand, over: provider, time: time, show: { _ in })
        guard case .granted(let grant) = ending else { throw Failure(.reset, "no grant") }
        return PersonAuthority(grant, of: "login", time: time)
    }

    private func ask(_ authority: PersonAuthority, _ transport: ScriptedTransport) async throws -> Reply {
        let session = try Fixture.session(transport, authority: authority, time: time)
        let template = RequestTemplate(service: "manage", path: Template(literal: "/me"))
        return try await session.ask(template, for: .probe)
    }

    @Test func `requests carry the person's token until it is dropped`() async throws {
        let authority = try await authority()
        let transport = ScriptedTransport { _ in Fixture.json(200, "{}") }
        #expect(try await ask(authority, transport).isSuccess && authority.isGood)
        #expect(transport.sent[0].headers.contains(Header("Authorization", "Bearer token-of-a-person")))
        authority.drop()
        let refused = try await ask(authority, transport)
        #expect(!refused.isSuccess && !authority.isGood && transport.sent.count == 1)
        #expect(refused.step == .token && refused.service == "login")
        #expect(refused.verdict?.faultClass == .auth)
        #expect(refused.verdict?.message == "the sign-in is over; sign in again")
        // What is forgotten is not even kept for hiding it.
        #expect(Redaction.shared.redact("token-of-a-person") == "token-of-a-person")
    }

    @Test func `a token that has ended or is for somebody else is not sent`() async throws {
        let transport = ScriptedTransport { _ in Fixture.json(200, "{}") }
        let foreign = try await ask(try await authority(for: "https://other.example.com"), transport)
        #expect(foreign.verdict?.message.contains("for https://other.example.com only") == true)
        let authority = try await authority()
        time.advance(by: .seconds(601))
        let ended = try await ask(authority, transport)
        #expect(ended.verdict?.faultClass == .auth && ended.verdict?.message.contains("good until") == true)
        #expect(transport.sent.isEmpty)
    }

    @Test func `a refused token is not replaced, and the service's own answer is what is told`() async throws
    {
        let authority = try await authority()
        let transport = ScriptedTransport { _ in
            Fixture.json(401, #"{"error":{"code":"InvalidAuthenticationToken","message":"Access denied."}}"#)
        }
        let reply = try await ask(authority, transport)
        #expect(reply.status == 401 && reply.verdict?.code == "InvalidAuthenticationToken")
        #expect(transport.sent.count == 1 && !reply.triedFreshProof)
        let proof = try await authority.proof(for: [Self.audience], refused: nil)
        await #expect(throws: NoProof.self) {
            try await authority.proof(for: [Self.audience], refused: proof)
        }
    }
}
