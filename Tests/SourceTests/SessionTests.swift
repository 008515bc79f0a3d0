// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import HTTPClient
import JSON
import Source
import TestSupport
import Testing

@Suite struct SessionTests {
    private let window = Names(["window": ["start": "2026-11-21T00:00:00Z"]])
    private var list: RequestTemplate { Fixture.definition.streams[0].list.request }

    @Test func `a request is rendered, proven, sent and its answer read`() async throws {
        let transport = ScriptedTransport { _ in
            Fixture.json(
                200,
                "[]",
                headers: [Header("Date", Fixture.start.httpDate), Header("X-Request", "q-7")]
            )
        }
        let session = try Fixture.session(transport)
        let reply = try await session.ask(list, for: .list, with: window, adding: [("page", "2")])
        #expect(reply.isSuccess && reply.verdict == nil && reply.status == 200)
        #expect(reply.date == Fixture.start && reply.requestID == "q-7" && reply.service == "manage")
        let sent = try #require(transport.sent.first)
        #expect(sent.url == "https://manage.example.com/t-1/list?from=2026-11-21T00:00:00Z&page=2")
        #expect(sent.headers.contains(Header("Authorization", "Key 1")))
        #expect(await session.shared.budget.bytesHeld == 0)
        #expect(await session.shared.budget.count == 0)
    }

    @Test func `a refused proof is replaced once and no more`() async throws {
        let keys = Keys()
        let transport = ScriptedTransport { request in
            let isNew = request.headers.contains(Header("Authorization", "Key 2"))
            return Fixture.json(isNew ? 200 : 401, "[]")
        }
        let session = try Fixture.session(transport, authority: keys)
        let reply = try await session.ask(list, for: .list, with: window)
        #expect(reply.isSuccess && reply.triedFreshProof && transport.sent.count == 2)

        let never = ScriptedTransport { _ in Fixture.json(401, "{}") }
        let refused = try await Fixture.session(never).ask(list, for: .list, with: window)
        #expect(never.sent.count == 2 && refused.triedFreshProof)
        #expect(refused.verdict?.rule == "refused" && refused.verdict?.faultClass == .auth)
        #expect(refused.remedy?.steps == ["Make a new key for t-1."])
    }

    @Test func `without a proof nothing is sent, and the provider's answer is judged`() async throws {
        let transport = ScriptedTransport { _ in Fixture.json(200, "[]") }
        let answer = Answer(of: nil, service: "manage", step: .token, status: 401)
        let session = try Fixture.session(transport, authority: Keys(failure: NoProof(answer)))
        let reply = try await session.ask(list, for: .list, with: window)
        #expect(transport.sent.isEmpty && reply.verdict?.rule == "refused" && reply.step == .token)
    }

    @Test func `an unauthorised request asks for no proof`() async throws {
        let keys = Keys()
        let transport = ScriptedTransport { _ in Fixture.json(200, "[]") }
        let template = try Fixture.request("/open", isAuthorised: false)
        _ = try await Fixture.session(transport, authority: keys).ask(template, for: .probe)
        #expect(keys.asked == 0)
        #expect(transport.sent[0].headers == [Header("Accept", "application/json")])
    }

    @Test(
        arguments: [
            (Failure.Code.resolve, "host.resolve", FaultClass.network), (.connect, "host.connect", .network),
            (.proxy, "host.proxy", .network), (.tls, "host.tls", .network),
            (.timedOut, "host.broken-off", .network),
            (.reset, "host.broken-off", .network), (.truncated, "host.broken-off", .network),
            (.bodyTooLarge, "host.too-large", .shape), (.invalidRequest, "host.invalid-request", .bug),
            (.protocolError, "host.protocol", .network),
        ] as [(Failure.Code, String, FaultClass)]
    )
    func `a failure on the way gets a verdict`(_ code: Failure.Code, _ rule: String, _ fault: FaultClass)
        async throws
    {
        let transport = ScriptedTransport { _ in throw Failure(code, "the way is closed") }
        let reply = try await Fixture.session(transport).ask(list, for: .list, with: window)
        #expect(reply.verdict?.rule == rule && reply.verdict?.faultClass == fault && reply.response == nil)
        #expect(reply.verdict?.message == "the way is closed")
    }

    @Test(
        arguments: [
            (400, "{}", "host.unknown", FaultClass.bug, FaultAction.retry),
            (404, "", "host.unknown", .bug, .retry),
            (403, "<html>", "host.forbidden", .permission, .blockStream),
            (408, "", "host.slow", .transient, .retry),
            (429, #""429""#, "host.too-many-requests", .throttle, .wait),
            (500, "oops", "host.server", .transient, .wait),
            (503, "", "host.server", .transient, .wait), (302, "", "host.redirect", .shape, .retry),
            (400, #"{"error":{"code":"ALREADY"}}"#, "told-ok", .ok, .succeed),
        ] as [(Int, String, String, FaultClass, FaultAction)]
    )
    func `an answer that is no success gets a verdict`(
        _ status: Int,
        _ body: String,
        _ rule: String,
        _ fault: FaultClass,
        _ action: FaultAction
    ) async throws {
        let transport = ScriptedTransport { _ in Fixture.json(status, body) }
        let reply = try await Fixture.session(transport).ask(list, for: .list, with: window)
        #expect(
            reply.verdict?.rule == rule && reply.verdict?.faultClass == fault
                && reply.verdict?.action == action
        )
        #expect(reply.isSuccess == (action == .succeed))
    }

    @Test func `a wait is read from the answer, and a secret in its words is hidden`() async throws {
        _ = Secret("hunter2-hunter2")
        let transport = ScriptedTransport { _ in
            Fixture.json(
                429,
                #"{"error":{"code":"X","message":"key hunter2-hunter2 asks too often"}}"#,
                headers: [Header("Retry-After", "37")]
            )
        }
        let reply = try await Fixture.session(transport).ask(list, for: .list, with: window)
        #expect(reply.verdict?.wait == .seconds(37) && reply.verdict?.code == "X")
        #expect(reply.verdict?.message == "key ‹secret› asks too often")
    }

    @Test func `a success is looked at by rules only where one asks for it`() async throws {
        let transport = ScriptedTransport { _ in Fixture.json(200, #"{"code":"DOWN"}"#) }
        let session = try Fixture.session(transport)
        let fixed = try await session.ask(Fixture.request("/x", service: "fixed"), for: .list)
        #expect(fixed.verdict?.rule == "in-disguise")
        #expect(try await session.ask(Fixture.request("/x"), for: .list).verdict == nil)
    }

    @Test(arguments: [
        "https://evil.example.com/t-1/list", "http://localhost/x", "https://manage.example.com@evil.com/",
        "https://manage.example.com:8443/x", "not an address",
    ])
    func `a foreign link is not followed and no proof is asked for`(_ link: String) async throws {
        let keys = Keys()
        let transport = ScriptedTransport { _ in Fixture.json(200, "[]") }
        let reply = try await Fixture.session(transport, authority: keys).follow(link, like: list, for: .list)
        #expect(transport.sent.isEmpty && keys.asked == 0)
        #expect(reply.verdict?.rule == "host.foreign-page" && reply.verdict?.faultClass == .shape)
    }

    @Test func `a link under the base is followed with what is added to it`() async throws {
        let transport = ScriptedTransport { _ in Fixture.json(200, "[]") }
        let item = RequestTemplate.Item(name: "Publisher", value: try Template("{{ credentials.tenantId }}"))
        let reply = try await Fixture.session(transport).follow(
            "https://manage.example.com/next?page=2",
            like: list,
            for: .list,
            addQuery: [item]
        )
        #expect(reply.isSuccess)
        #expect(transport.sent[0].url == "https://manage.example.com/next?page=2&Publisher=t-1")
        #expect(transport.sent[0].headers.contains(Header("Authorization", "Key 1")))
    }

    @Test func `a request that cannot be made is a reply too`() async throws {
        let transport = ScriptedTransport { _ in Fixture.json(200, "[]") }
        let session = try Fixture.session(transport)
        let missing = try await session.ask(list, for: .list)
        #expect(missing.verdict?.rule == "host.invalid-request" && missing.url == nil)
        #expect(missing.verdict?.message.contains("window.start is missing") == true)
        let unknown = try await session.ask(Fixture.request("/x", service: "graph"), for: .list)
        #expect(unknown.verdict?.message.contains("graph") == true)
        #expect(transport.sent.isEmpty)
    }

    @Test func `quotas hold requests back, those asked again included`() async throws {
        let time = ManualTime(Fixture.start, runsAhead: true)
        let session = try Fixture.session(ScriptedTransport { _ in Fixture.json(200, "[]") }, time: time)
        for _ in 0..<3 { _ = try await session.ask(list, for: .list, with: window) }
        #expect(time.slept == [.seconds(10)])
    }

    @Test func `a large answer is asked for again with room for it, and the size is remembered`() async throws
    {
        let size = 3 << 20
        let transport = ScriptedTransport { request in
            guard request.bodyLimit >= size else { throw Failure(.bodyTooLarge, "larger than asked for") }
            return Response(status: 200, body: [UInt8](repeating: 0x20, count: size))
        }
        let session = try Fixture.session(transport)
        let template = try Fixture.request("/blob")
        let held = try await session.asking(template, for: .fetch) { reply in
            #expect(reply.isSuccess)
            return await session.shared.budget.bytesHeld
        }
        #expect(held == size && transport.sent.map(\.bodyLimit) == [512 << 10, 8 << 20])
        _ = try await session.ask(template, for: .fetch)
        #expect(transport.sent.count == 3)
        #expect(await session.shared.budget.bytesHeld == 0)
        let endless = ScriptedTransport { _ in throw Failure(.bodyTooLarge, "larger than is taken") }
        let reply = try await Fixture.session(endless).ask(template, for: .fetch)
        #expect(reply.verdict?.rule == "host.too-large" && endless.sent.map(\.bodyLimit).last == 16 << 20)
    }

    @Test func `a body of another shape is judged as malformed`() async throws {
        let session = try Fixture.session(
            ScriptedTransport { _ in Fixture.json(200, "<html>sign in</html>") }
        )
        let reply = try await session.ask(list, for: .list, with: window)
        let judged = session.judge(reply, .malformed, "line 1, column 1: a value was expected here")
        #expect(judged.verdict?.faultClass == .shape && judged.status == 200)
        #expect(judged.verdict?.message == "line 1, column 1: a value was expected here")
    }

    @Test func `our clock's error is learnt from answers and corrected`() async throws {
        let time = ManualTime(Fixture.start + .hours(1))
        let transport = ScriptedTransport { _ in
            Fixture.json(500, "", headers: [Header("Date", Fixture.start.httpDate)])
        }
        let session = try Fixture.session(transport, time: time)
        _ = try await session.ask(Fixture.request("/x"), for: .list)
        #expect(session.skew(of: "manage") == .hours(1) - .milliseconds(500))
        #expect(session.correctedNow("manage") == Fixture.start + .milliseconds(500))
        #expect(session.skew(of: "fixed") == .zero)
    }

    @Test func `a stopped client and a cancelled task end the asking`() async throws {
        let stopped = ScriptedTransport { _ in throw Failure(.stopped, "stopped") }
        let session = try Fixture.session(stopped)
        await #expect(throws: CancellationError.self) {
            try await session.ask(Fixture.request("/x"), for: .list)
        }
        #expect(await session.shared.budget.count == 0)
        #expect(await session.shared.budget.bytesHeld == 0)
    }
}
