// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import HTTPClient
import Identity
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct TokensTests {
    private let time = ManualTime(noon)
    private let shipped: Definition

    init() throws { shipped = try definition() }

    /// Answers with token-1, token-2 and so on.
    private func counting(expiresIn: String = "3599") -> ScriptedTransport {
        let count = Locked(0)
        return ScriptedTransport { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return granted("token-\(number)", expiresIn: expiresIn)
        }
    }

    private func value(_ token: Token) -> String { token.value.reveal { $0 } }

    @Test func `the request is what the definition says, with the secret as a form field`() async throws {
        let transport = counting()
        let token = try await Tokens(transport: transport, time: time).token(for: demand(shipped))
        let sent = try #require(transport.sent.first)
        #expect(sent.method == "POST")
        #expect(sent.url == "https://login.example/base/\(tenant)/oauth2/v2.0/token")
        #expect(sent.headers.contains(Header("Content-Type", "application/x-www-form-urlencoded")))
        #expect(
            form(sent) == [
                "grant_type": "client_credentials", "client_id": client,
                "scope": "https://api.example/.default",
                "client_secret": "s3cr+t/=&value",
            ]
        )
        #expect(String(decoding: sent.body, as: UTF8.self).contains("client_secret=s3cr%2Bt%2F%3D%26value"))
        #expect(value(token) == "token-1")
        #expect(token.header == Header("Authorization", "Bearer token-1"))
        #expect(token.expires == noon + .seconds(3_599))
        #expect("\(token)".contains("token-1") == false)
    }

    @Test func `one token serves all until shortly before its end`() async throws {
        let transport = counting()
        let tokens = Tokens(transport: transport, time: time)
        for _ in 0..<5 { #expect(value(try await tokens.token(for: demand(shipped))) == "token-1") }
        time.advance(by: .seconds(3_599 - 300 - 1))
        #expect(value(try await tokens.token(for: demand(shipped))) == "token-1")
        time.advance(by: .seconds(1))
        #expect(value(try await tokens.token(for: demand(shipped))) == "token-2")
        #expect(transport.sent.count == 2)
    }

    @Test(arguments: ["3599", "\"3599\"", "3599.0"])
    func `the lifetime is read as number and as text`(text: String) async throws {
        let token = try await Tokens(transport: counting(expiresIn: text), time: time).token(
            for: demand(shipped)
        )
        #expect(token.expires == noon + .seconds(3_599))
        #expect(token.refresh == noon + .seconds(3_299))
    }

    @Test func `a lifetime that is missing, tiny or absurd is lived with`() async throws {
        let missing = try await Tokens(transport: counting(expiresIn: "null"), time: time).token(
            for: demand(shipped)
        )
        #expect(missing.expires == noon + .minutes(10))
        let tiny = try await Tokens(transport: counting(expiresIn: "60"), time: time).token(
            for: demand(shipped)
        )
        #expect(tiny.refresh == noon + .seconds(30))
        let absurd = try await Tokens(transport: counting(expiresIn: "1e300"), time: time).token(
            for: demand(shipped)
        )
        #expect(absurd.expires == noon + .seconds(10_000_000))
        _ = try await Tokens(transport: counting(expiresIn: "-5"), time: time).token(for: demand(shipped))
    }

    @Test func `tenant, audience and credential version each have a token of their own`() async throws {
        let transport = counting()
        let tokens = Tokens(transport: transport, time: time)
        let other = "33333333-3333-3333-3333-333333333333"
        let demands = [
            demand(shipped), demand(shipped, tenant: other),
            demand(shipped, audiences: ["https://b.example"]),
            demand(shipped, version: 2),
        ]
        for demand in demands + demands { _ = try await tokens.token(for: demand) }
        #expect(transport.sent.count == demands.count)
    }

    @Test func `a hundred who ask at once wait for one request`() async throws {
        let gate = AsyncStream.makeStream(of: Void.self)
        let transport = ScriptedTransport { _ in
            for await _ in gate.stream { break }
            return granted("only")
        }
        let tokens = Tokens(transport: transport, time: time)
        let wanted = demand(shipped)
        let numbers = try await withThrowingTaskGroup(of: UInt64.self) { group in
            for _ in 0..<100 { group.addTask { try await tokens.token(for: wanted).number } }
            while transport.sent.isEmpty { await Task.yield() }
            gate.continuation.yield()
            return try await group.reduce(into: Set<UInt64>()) { $0.insert($1) }
        }
        #expect(numbers.count == 1)
        #expect(transport.sent.count == 1)
    }

    @Test func `when the one who asks is cancelled another asks in its place`() async throws {
        let turn = Locked(0)
        let asked = AsyncStream.makeStream(of: Void.self)
        let transport = ScriptedTransport { _ in
            let number = turn.withLock { turn in
                turn += 1
                return turn
            }
            guard number == 1 else { return granted("second") }
            asked.continuation.yield()
            try await Task.sleep(for: .seconds(60))
            return granted("first")
        }
        let tokens = Tokens(transport: transport, time: time)
        let wanted = demand(shipped)
        let leader = Task { try await tokens.token(for: wanted) }
        for await _ in asked.stream { break }
        let follower = Task { try await tokens.token(for: wanted) }
        let impatient = Task { try await tokens.token(for: wanted) }
        impatient.cancel()
        await #expect(throws: CancellationError.self) { try await impatient.value }
        leader.cancel()
        await #expect(throws: CancellationError.self) { try await leader.value }
        #expect(value(try await follower.value) == "second")
    }

    @Test func `a token refused many times is renewed once`() async throws {
        let transport = counting()
        let tokens = Tokens(transport: transport, time: time)
        let wanted = demand(shipped)
        let first = try await tokens.token(for: wanted)
        for _ in 0..<5 {
            await tokens.invalidate(wanted, refused: first)
            #expect(value(try await tokens.token(for: wanted)) == "token-2")
        }
        await tokens.invalidate(wanted)
        #expect(value(try await tokens.token(for: wanted)) == "token-3")
    }

    @Test func `a refusal is passed on with the whole answer, and not kept`() async throws {
        let answers = Locked([refused(401, code: 7_000_215), granted("good")])
        let transport = ScriptedTransport { _ in answers.withLock { $0.removeFirst() } }
        let tokens = Tokens(transport: transport, time: time)
        let refusal = await #expect(throws: TokenRefused.self) {
            try await tokens.token(for: demand(shipped))
        }
        #expect(refusal?.response.status == 401)
        #expect(refusal?.trouble == nil)
        #expect(value(try await tokens.token(for: demand(shipped))) == "good")
    }

    @Test(arguments: [
        "<html>", "{}", #"{"access_token":""}"#, #"{"access_token":"a b"}"#, #"{"access_token":"a\r\nb"}"#,
    ])
    func `a success without a token is malformed`(body: String) async throws {
        let transport = ScriptedTransport { _ in Response(status: 200, body: Array(body.utf8)) }
        let refusal = await #expect(throws: TokenRefused.self) {
            try await Tokens(transport: transport, time: time).token(for: demand(shipped))
        }
        #expect(refusal?.trouble == .malformed)
    }

    @Test func `trouble on the way passes through as it is`() async throws {
        let transport = ScriptedTransport { _ in throw HTTPClient.Failure(.resolve, "no address") }
        let failure = await #expect(throws: HTTPClient.Failure.self) {
            try await Tokens(transport: transport, time: time).token(for: demand(shipped))
        }
        #expect(failure?.code == .resolve)
    }

    @Test func `of several audiences the first known one is taken and remembered`() async throws {
        let transport = ScriptedTransport { request in
            form(request)["scope"]?.contains("second") == true ? granted("t") : refused(400, code: 500_011)
        }
        let tokens = Tokens(transport: transport, time: time)
        let wanted = demand(shipped, audiences: ["https://first", "https://second", "https://third"])
        #expect(try await tokens.token(for: wanted).audience == "https://second")
        #expect(transport.sent.count == 2)
        await tokens.invalidate(wanted)
        #expect(try await tokens.token(for: wanted).audience == "https://second")
        #expect(transport.sent.count == 3)
    }

    @Test func `another refusal ends the search, and an unknown audience is told as the first was`()
        async throws
    {
        let wrong = ScriptedTransport { _ in refused(401, code: 7_000_215) }
        let wanted = demand(shipped, audiences: ["https://first", "https://second"])
        await #expect(throws: TokenRefused.self) {
            try await Tokens(transport: wrong, time: time).token(for: wanted)
        }
        #expect(wrong.sent.count == 1)
        let unknown = ScriptedTransport { request in
            refused(form(request)["scope"]?.contains("first") == true ? 400 : 418, code: 500_011)
        }
        let refusal = await #expect(throws: TokenRefused.self) {
            try await Tokens(transport: unknown, time: time).token(for: wanted)
        }
        #expect(refusal?.response.status == 400)
        #expect(unknown.sent.count == 2)
    }

    @Test(arguments: ["", "..", "a\nb"])
    func `a tenant that would lead elsewhere is never sent`(tenant: String) async throws {
        let transport = counting()
        await #expect(throws: IdentityFailure.self) {
            try await Tokens(transport: transport, time: time).token(for: demand(shipped, tenant: tenant))
        }
        #expect(transport.sent.isEmpty)
    }

    @Test func `a tenant stays one segment of the path`() async throws {
        let transport = counting()
        _ = try await Tokens(transport: transport, time: time).token(for: demand(shipped, tenant: "../x?y#z"))
        #expect(transport.sent.first?.url == "https://login.example/base/..%2Fx%3Fy%23z/oauth2/v2.0/token")
    }
}
