// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import HTTPClient
import JSON
import TestSupport
import Testing

@Suite struct OktaTests {
    private static let token = "00okta~Token"

    private static func lab(_ change: (inout Scenario) -> Void = { _ in }) async throws -> Lab {
        try await Lab { scenario in
            scenario.tenants[0].okta = .init(
                name: "contoso",
                tokens: [
                    .init(token), .init("00blind", reads: false), .init("00old", expires: .after(.hours(-1))),
                ]
            )
            scenario.tenants[0].feeds[.okta] = .init(items: 120)
            scenario.knobs.oktaRequests = 0
            change(&scenario)
        }
    }

    private static func get(_ lab: Lab, _ path: String, token: String? = token) async throws -> Lab.Answer {
        let url = path.hasPrefix("http") ? path : "/okta/contoso/api/v1/logs" + path
        return try await lab.get(url, headers: token.map { [Header("Authorization", "SSWS " + $0)] } ?? [])
    }

    private static func link(_ answer: Lab.Answer, _ name: String) -> String? {
        answer.headers.headers.filter { $0.name.lowercased() == "link" }.map(\.value)
            .first { $0.hasSuffix("rel=\"\(name)\"") }
            .map { String($0.dropFirst().prefix { $0 != ">" }) }
    }

    private static func ids(_ answer: Lab.Answer) -> [String] {
        (answer.json.arrayValue ?? []).compactMap { $0["uuid"]?.stringValue }
    }

    @Test func `polling goes on behind the last event, for ever`() async throws {
        let lab = try await Self.lab {
            $0.tenants[0].feeds[.okta]?.live = .init(every: .minutes(1), events: 2)
        }
        defer { lab.simulator.stop() }
        var answer = try await Self.get(lab, "?since=\(lab.moment(.days(-2)))&limit=50&sortOrder=ASCENDING")
        #expect(answer.headers.headers.filter { $0.name.lowercased() == "link" }.count == 2)
        #expect(Self.link(answer, "self")?.contains("limit=50") ?? false)
        var seen: [String] = []
        for _ in 0..<4 {
            seen += Self.ids(answer)
            answer = try await Self.get(lab, try #require(Self.link(answer, "next")))
        }
        #expect(Self.ids(answer).isEmpty)
        #expect(seen == (await lab.held(.okta)))
        lab.time.advance(by: .minutes(3))
        answer = try await Self.get(lab, try #require(Self.link(answer, "next")))
        #expect(seen + Self.ids(answer) == (await lab.held(.okta)))
        #expect(Self.ids(answer).count == 6)
    }

    @Test func `polling meets what comes late, a bounded query does not end twice`() async throws {
        let lab = try await Self.lab {
            var plan = Scenario.FeedPlan(items: 10, newest: .hours(1))
            plan.placed = [
                .init(
                    created: .after(.hours(-3)),
                    visible: .after(.minutes(20)),
                    body: #"{"uuid":"late","published":"2026-11-21T03:00:00.000Z"}"#
                )
            ]
            $0.tenants[0].feeds[.okta] = plan
        }
        defer { lab.simulator.stop() }
        let first = try await Self.get(lab, "?since=\(lab.moment(.days(-2)))")
        #expect(Self.ids(first).count == 10)
        lab.time.advance(by: .minutes(30))
        let later = try await Self.get(lab, try #require(Self.link(first, "next")))
        #expect(Self.ids(later) == ["late"])
        let bounds = "since=\(lab.moment(.days(-2)))&until=\(lab.moment(.zero))"
        let bounded = try await Self.get(lab, "?\(bounds)&limit=1000")
        #expect(Self.ids(bounded).count == 11)
        #expect(Self.link(bounded, "next") == nil)
        let newest = try await Self.get(lab, "?\(bounds)&limit=3&sortOrder=DESCENDING")
        #expect(Self.ids(newest) == Self.ids(bounded).reversed().prefix(3).map { $0 })
        #expect(Self.link(newest, "next") != nil)
    }

    @Test(arguments: [
        ("", "wrong", 401, "E0000011"), ("", "00old", 401, "E0000011"), ("", "00blind", 403, "E0000006"),
        ("?since=yesterday", token, 400, "E0000031"), ("?after=nonsense", token, 400, "E0000031"),
        ("?limit=1001", token, 400, "E0000001"), ("?filter=eventType%20like%20x", token, 400, "E0000031"),
        ("/x", token, 404, "E0000007"),
    ])
    func `what is wrong is told in Okta's words`(
        _ path: String,
        _ token: String,
        _ status: Int,
        _ code: String
    )
        async throws
    {
        let lab = try await Self.lab()
        defer { lab.simulator.stop() }
        let answer = try await Self.get(lab, path, token: token)
        #expect(answer.status == status)
        #expect(answer.json["errorCode"] == .string(code))
        #expect(answer.json["errorSummary"]?.stringValue?.isEmpty == false)
    }

    @Test func `without a token nobody is let in`() async throws {
        let lab = try await Self.lab()
        defer { lab.simulator.stop() }
        #expect(try await Self.get(lab, "", token: nil).json["errorCode"] == "E0000011")
    }

    @Test func `the rate limit tells how it stands`() async throws {
        let lab = try await Self.lab { $0.knobs.oktaRequests = 2 }
        defer { lab.simulator.stop() }
        let first = try await Self.get(lab, "?limit=1")
        #expect(first.header("X-Rate-Limit-Limit") == "2")
        #expect(first.header("X-Rate-Limit-Remaining") == "1")
        let reset = try #require(first.header("X-Rate-Limit-Reset").flatMap { Int64($0) })
        #expect((0...61).contains(reset - lab.simulator.clock.now.seconds))
        _ = try await Self.get(lab, "?limit=1")
        let refused = try await Self.get(lab, "?limit=1")
        #expect(refused.status == 429)
        #expect(refused.json["errorCode"] == "E0000047")
        #expect(refused.header("X-Rate-Limit-Remaining") == "0")
        lab.time.advance(by: .minutes(1))
        #expect(try await Self.get(lab, "?limit=1").status == 200)
    }

    @Test func `a filter and a keyword choose`() async throws {
        let lab = try await Self.lab()
        defer { lab.simulator.stop() }
        let answer = try await Self.get(lab, "?limit=1000&filter=eventType%20eq%20%22user.session.start%22")
        let kinds = (answer.json.arrayValue ?? []).compactMap { $0["eventType"]?.stringValue }
        #expect(!kinds.isEmpty)
        #expect(kinds.allSatisfy { $0 == "user.session.start" })
        #expect(try await Self.get(lab, "?q=nothing-like-it").text == "[]")
    }

    @Test func `it can be reached by its host alone`() async throws {
        let lab = try await Self.lab()
        defer { lab.simulator.stop() }
        let answer = try await Self.get(lab, lab.base + "/api/v1/logs?limit=5")
        #expect(Self.ids(answer).count == 5)
        #expect(Self.link(answer, "next")?.hasPrefix(lab.base + "/api/v1/logs?limit=5&after=") ?? false)
    }
}
