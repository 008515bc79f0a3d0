// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import HTTPClient
import Identity
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct DeviceSignInTests {
    /// What happens at one question.
    enum Turn: Sendable {
        case answer(Int, String, [Header] = [])
        case fails(Failure.Code)

        static let code = Turn.answer(
            200,
            #"{"device_code":"device~1","user_code":"F5XH-LKQ9","verification_uri":"https://sign.example/in","#
                + #""expires_in":900,"interval":5,"message":"Go there and\u001b[2J type it in."}"#
        )
        static let pending = Turn.answer(400, #"{"error":"authorization_pending"}"#)
        static let slower = Turn.answer(400, #"{"error":"slow_down"}"#)
        static let declined = Turn.answer(400, #"{"error":"authorization_declined"}"#)
        static let denied = Turn.answer(400, #"{"error":"access_denied"}"#)
        static let expired = Turn.answer(400, #"{"error":"expired_token"}"#)
        static let blocked = Turn.answer(
            400,
            #"{"error":"invalid_grant","error_codes":[53003],"error_description":"AADSTS53003: blocked."}"#
        )
        static let busy = Turn.answer(429, "", [Header("Retry-After", "17")])
        static let down = Turn.answer(503, "<html>down</html>")
        static let page = Turn.answer(200, "<html>Sign in to the guest network</html>")
        static let token = Turn.answer(
            200,
            #"{"token_type":"Bearer","scope":"Read.All Write.All","expires_in":3599,"access_token":"person-token","#
                + #""refresh_token":"never-kept"}"#
        )
    }

    /// One sign-in from its beginning to its end.
    struct Play: Sendable, CustomTestStringConvertible {
        let name: String
        let turns: [Turn]
        /// The kind of ending.
        let ending: String
        /// The waits in seconds.
        let waits: [Int]
        var testDescription: String { name }

        init(_ name: String, _ turns: [Turn], _ ending: String, _ waits: [Int]) {
            self.name = name
            self.turns = turns
            self.ending = ending
            self.waits = waits
        }
    }

    private let time = ManualTime(noon, runsAhead: true)

    static func demand(tenant: String? = "organizations", path: String = "/oauth2/v2.0/token") throws
        -> DeviceSignIn.Demand
    {
        try DeviceSignIn.Demand(
            base: try #require(BaseURL("https://login.example/base")),
            tenant: tenant,
            codePath: "/oauth2/v2.0/devicecode",
            tokenPath: path,
            client: client,
            scopes: ["Read.All", "offline access"],
            audience: "https://graph.example",
            declinedErrors: ["authorization_declined"]
        )
    }

    private func transport(_ turns: [Turn]) -> ScriptedTransport {
        let rest = Locked(turns)
        return ScriptedTransport { _ in
            // The last turn goes on for ever.
            switch rest.withLock({ $0.count > 1 ? $0.removeFirst() : $0[0] }) {
            case .answer(let status, let body, let headers):
                return Response(status: status, headers: headers, body: Array(body.utf8))
            case .fails(let code): throw Failure(code, "the way is cut")
            }
        }
    }

    private func kind(_ ending: DeviceSignIn.Ending) -> String {
        switch ending {
        case .granted: "granted"
        case .declined: "declined"
        case .expired: "expired"
        case .refused: "refused"
        case .unreachable: "unreachable"
        }
    }

    @Test(arguments: [
        Play("the person signs in at once", [.code, .token], "granted", [5]),
        Play("the person takes a while", [.code, .pending, .pending, .token], "granted", [5, 5, 5]),
        Play("asked too often", [.code, .slower, .pending, .slower, .token], "granted", [5, 10, 10, 15]),
        Play(
            "the service names its own interval",
            [.code, .answer(400, #"{"error":"slow_down","interval":30}"#), .token],
            "granted",
            [5, 30]
        ),
        Play("no is said in the standard's word", [.code, .pending, .denied], "declined", [5, 5]),
        Play("no is said in the service's word", [.code, .declined], "declined", [5]),
        Play("the service calls the code ended", [.code, .expired], "expired", [5]),
        Play("the tenant blocks this way", [.code, .pending, .blocked], "refused", [5, 5]),
        Play("the tenant blocks it at once", [.blocked], "refused", []),
        Play("a success without a token", [.code, .answer(200, "{}")], "refused", [5]),
        Play("a success without a code", [.answer(200, #"{"user_code":"x"}"#)], "refused", []),
        Play(
            "a foreign address to sign in at",
            [
                .answer(
                    200,
                    #"{"device_code":"d","user_code":"x","verification_uri":"http://sign.example/in"}"#
                )
            ],
            "refused",
            []
        ),
        Play(
            "throttled, down, a foreign page and a cut line are waited out",
            [.code, .busy, .down, .page, .fails(.timedOut), .pending, .token],
            "granted",
            [5, 17, 20, 40, 60, 5]
        ),
        Play("down at the beginning", [.down, .fails(.connect), .code, .token], "granted", [2, 4, 5]),
        Play(
            "an error that passes",
            [.code, .answer(400, #"{"error":"temporarily_unavailable"}"#), .token],
            "granted",
            [5, 10]
        ),
        Play(
            "errors in an answer of status 200",
            [.code, .answer(200, #"{"error":"authorization_pending"}"#), .token],
            "granted",
            [5, 5]
        ),
        Play("never reached", [.fails(.resolve)], "unreachable", [2, 4, 8, 16, 32]),
    ])
    func `whatever the service answers, it ends as it should`(_ play: Play) async throws {
        let ending = try await DeviceSignIn.run(
            try Self.demand(),
            over: transport(play.turns),
            time: time,
            show: { _ in }
        )
        #expect(kind(ending) == play.ending)
        #expect(time.slept == play.waits.map { .seconds($0) })
    }

    @Test(arguments: [Turn.pending, .down, .fails(.reset), .slower])
    func `nobody waits longer than the code lives`(_ turn: Turn) async throws {
        let transport = transport([.code, turn])
        let ending = try await DeviceSignIn.run(
            try Self.demand(),
            over: transport,
            time: time,
            show: { _ in }
        )
        #expect(kind(ending) == "expired")
        #expect(time.now == noon + .seconds(900))
        // At the very end it is asked once more.
        #expect(time.slept.allSatisfy { $0 <= .minutes(1) } && transport.sent.count <= 182)
    }

    @Test func `a code is not waited for longer than an hour, whatever it promises`() async throws {
        let long = Turn.answer(
            200,
            #"{"device_code":"d","user_code":"x","verification_uri":"https://sign.example/in","#
                + #""expires_in":"86400","interval":600}"#
        )
        let ending = try await DeviceSignIn.run(
            try Self.demand(),
            over: transport([long, .pending]),
            time: time,
            show: { _ in }
        )
        #expect(kind(ending) == "expired" && time.now == noon + .hours(1))
    }

    @Test func `both requests go to the same tenant, and the code is shown before it is waited for`()
        async throws
    {
        let transport = transport([.code, .pending, .token])
        let shown = Locked([(DeviceSignIn.Code, Int)]())
        let heard = Locked([DeviceSignIn.Progress]())
        let ending = try await DeviceSignIn.run(
            try Self.demand(tenant: "contoso.example"),
            over: transport,
            time: time,
            show: { code in shown.withLock { $0.append((code, time.slept.count)) } },
            progress: { progress in heard.withLock { $0.append(progress) } }
        )
        let root = "https://login.example/base/contoso.example/oauth2/v2.0"
        #expect(transport.sent.map(\.url) == ["\(root)/devicecode", "\(root)/token", "\(root)/token"])
        #expect(form(transport.sent[0]) == ["client_id": client, "scope": "Read.All offline access"])
        #expect(
            form(transport.sent[1]) == [
                "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": client,
                "device_code": "device~1",
            ]
        )
        #expect(transport.sent.allSatisfy { $0.method == "POST" && $0.timeLimit == .seconds(30) })
        let (code, waits) = try #require(shown.withLock { $0.first })
        #expect(code.userCode == "F5XH-LKQ9" && code.address == "https://sign.example/in" && waits == 0)
        // A terminal must not obey what the provider writes.
        #expect(code.message == "Go there and [2J type it in.")
        #expect(code.expires == noon + .seconds(900))
        #expect(heard.withLock { $0 } == [.pending, .pending])
        guard case .granted(let grant) = ending else {
            Issue.record("no token")
            return
        }
        #expect(grant.scopes == ["Read.All", "Write.All"])
        #expect(grant.token.value.reveal { $0 } == "person-token")
        #expect(grant.token.audience == "https://graph.example")
        #expect(grant.token.expires == noon + .seconds(10 + 3_599))
    }

    @Test func `a refusal keeps the provider's answer for the error rules`() async throws {
        let ending = try await DeviceSignIn.run(
            try Self.demand(),
            over: transport([.code, .blocked]),
            time: time,
            show: { _ in }
        )
        let refusal = try #require(ending.refusal)
        #expect(refusal.error == "invalid_grant")
        let answer = refusal.answer(of: try definition().service("login"), service: "login")
        #expect(answer.codes.contains("AADSTS53003") && answer.status == 400 && answer.step == .token)
    }

    @Test func `cancelling ends a wait at once`() async throws {
        let time = ManualTime(noon)
        let demand = try Self.demand()
        let transport = transport([.code, .pending])
        let task = Task { try await DeviceSignIn.run(demand, over: transport, time: time, show: { _ in }) }
        while time.waiting == 0 { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(transport.sent.count == 1)
    }

    @Test(arguments: [
        ("..", "/token"), ("a\nb", "/token"), ("", "/token"), ("t", "token"), ("t", "/a?b"),
        ("t", "/../token"),
        ("t", "/a b"),
    ])
    func `what makes no address is refused before anything is asked`(_ tenant: String, _ path: String) {
        #expect(throws: IdentityFailure.self) { try Self.demand(tenant: tenant, path: path) }
    }

    @Test func `after its end it only says so again`() throws {
        var machine = DeviceSignIn(try Self.demand())
        _ = machine.next(.began, at: noon)
        for _ in 0..<2 {
            let action = machine.next(.answered(Response(status: 400, body: Array("{}".utf8))), at: noon)
            guard case .end(.refused) = action else {
                Issue.record("it went on")
                return
            }
        }
    }
}
