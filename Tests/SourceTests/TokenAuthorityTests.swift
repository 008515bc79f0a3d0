// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import HTTPClient
import Identity
import JSON
import Source
import TestSupport
import Testing

/// The shipped Office 365 definition over scripted answers, tokens included.
@Suite struct TokenAuthorityTests {
    private let tenant = "b86ab9d4-0000-4b11-8a06-7a8f91b47fbd"

    private func session(_ transport: ScriptedTransport, cloud: String = "gcc") throws -> Session {
        let shelf = try Shelf(shipped: Repository.connectors)
        let definition = try shelf.definition("office365-management")
        let time = ManualTime(Fixture.start, runsAhead: true)
        let names = Names(["credentials": ["tenantId": .string(tenant), "clientKey": "client-1"]])
        let demand = try TokenDemand(
            definition: definition,
            cloud: shelf.clouds[cloud],
            tenant: tenant,
            client: "client-1",
            credential: .secret(Secret("a-very-secret-value")),
            credentialVersion: 1,
            names: names.with("cloud", [:]),
            secrets: [:]
        )
        return try Session(
            definition: definition,
            cloud: shelf.clouds[cloud],
            owner: Session.Owner(connection: "contoso/o365", registration: "r-1", tenant: tenant),
            names: names,
            authority: TokenAuthority(Tokens(transport: transport, time: time), demand),
            shared: Session.Shared(transport: transport, time: time)
        )
    }

    private func list(_ session: Session) async throws -> Reply {
        let stream = try #require(session.definition.stream("Audit.Exchange"))
        let more = Names([
            "stream": ["id": "Audit.Exchange"],
            "window": ["start": "2026-11-21T00:00:00Z", "end": "2026-11-21T01:00:00Z"],
        ])
        return try await session.ask(stream.list.request, for: .list, with: more)
    }

    private static func isToken(_ request: HTTPClient.Request) -> Bool { request.url.contains("/oauth2/") }

    private static func token(_ number: Int) -> Response {
        Fixture.json(200, #"{"access_token":"opaque-token-\#(number)","expires_in":3599}"#)
    }

    @Test func `a list is asked for with a token of the service's audience`() async throws {
        let transport = ScriptedTransport { Self.isToken($0) ? Self.token(1) : Fixture.json(200, "[]") }
        let reply = try await list(session(transport))
        #expect(reply.isSuccess)
        let form = String(decoding: transport.sent[0].body, as: UTF8.self)
        #expect(transport.sent[0].url.hasSuffix("/\(tenant)/oauth2/v2.0/token"))
        #expect(
            form.contains("client_secret=a-very-secret-value") && form.contains("scope=https%3A%2F%2Fmanage")
        )
        let sent = transport.sent[1]
        #expect(sent.headers.contains(Header("Authorization", "Bearer opaque-token-1")))
        #expect(sent.url.hasPrefix("https://manage-gcc.office.com/api/v1.0/\(tenant)/activity/feed/"))
        #expect(sent.url.contains("contentType=Audit.Exchange") && !sent.url.contains("PublisherIdentifier"))
    }

    @Test func `a plain 401 costs one new token and one more try`() async throws {
        let tokens = Locked(0)
        let transport = ScriptedTransport { request in
            if Self.isToken(request) {
                return Self.token(
                    tokens.withLock { count in
                        count += 1
                        return count
                    }
                )
            }
            let isNew = request.headers.contains(Header("Authorization", "Bearer opaque-token-2"))
            return isNew ? Fixture.json(200, "[]") : Fixture.json(401, "")
        }
        let session = try session(transport)
        let reply = try await list(session)
        #expect(reply.isSuccess && reply.triedFreshProof && transport.sent.count == 4)
        let next = try await list(session)
        #expect(next.isSuccess && !next.triedFreshProof && transport.sent.count == 5)
    }

    @Test func `a refused credential gets the definition's own words and remedy`() async throws {
        let transport = ScriptedTransport { _ in
            Fixture.json(
                401,
                #"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided: a-very-secret-value. Trace ID: x","error_codes":[7000215]}"#
            )
        }
        let reply = try await list(session(transport))
        #expect(reply.step == .token && reply.service == "login" && reply.status == 401)
        #expect(reply.verdict?.rule == "secret-wrong" && reply.verdict?.code == "AADSTS7000215")
        #expect(reply.remedy?.id == "secret-wrong")
        #expect(reply.verdict?.message.contains("a-very-secret-value") == false)
        #expect(transport.sent.count == 1)
    }

    @Test func `a sign-in service that cannot be reached is a network matter`() async throws {
        let transport = ScriptedTransport { _ in throw Failure(.resolve, "no such host") }
        let reply = try await list(session(transport))
        #expect(reply.verdict?.rule == "host.resolve" && reply.step == .token)
    }
}
