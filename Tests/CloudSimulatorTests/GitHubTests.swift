// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import HTTPClient
import JSON
import TestSupport
import Testing

@Suite struct GitHubTests {
    private static let token = "ghp_simulated"

    private static func lab(_ change: (inout Scenario) -> Void = { _ in }) async throws -> Lab {
        try await Lab { scenario in
            scenario.tenants[0].github = .init(
                name: "Contoso",
                tokens: [
                    .init(token), .init("ghp_narrow", reads: false), .init("ghp_old", expires: .after(.zero)),
                ]
            )
            scenario.tenants[0].feeds[.github] = .init(items: 100)
            change(&scenario)
        }
    }

    private static func get(
        _ lab: Lab,
        _ path: String,
        token: String = token,
        version: String = "2022-11-28",
        org: String = "contoso"
    ) async throws -> Lab.Answer {
        let url = path.hasPrefix("http") ? path : "/github/orgs/\(org)/audit-log" + path
        return try await lab.get(
            url,
            token: token,
            headers: [
                Header("Accept", "application/vnd.github+json"), Header("X-GitHub-Api-Version", version),
                Header("User-Agent", "tests"),
            ]
        )
    }

    private static func link(_ answer: Lab.Answer, _ name: String) -> String? {
        (answer.header("Link") ?? "").split(separator: ", ").first { $0.hasSuffix("rel=\"\(name)\"") }
            .map { String($0.dropFirst().prefix { $0 != ">" }) }
    }

    private static func ids(_ answer: Lab.Answer) -> [String] {
        (answer.json.arrayValue ?? []).compactMap { $0["_document_id"]?.stringValue }
    }

    @Test func `the organization is shown to its own tokens, with their scopes`() async throws {
        let lab = try await Self.lab()
        defer { lab.simulator.stop() }
        for (token, scopes) in [(Self.token, "read:audit_log"), ("ghp_narrow", "read:org")] {
            let answer = try await lab.get(
                "/github/orgs/Contoso",
                token: token,
                headers: [Header("User-Agent", "tests")]
            )
            #expect(answer.status == 200 && answer.json["login"] == "contoso")
            #expect(answer.header("X-OAuth-Scopes") == scopes)
        }
        let other = try await lab.get(
            "/github/orgs/fabrikam",
            token: Self.token,
            headers: [Header("User-Agent", "tests")]
        )
        #expect(other.status == 404)
    }

    @Test func `the log is read to its end by its cursors`() async throws {
        let lab = try await Self.lab()
        defer { lab.simulator.stop() }
        var answer = try await Self.get(lab, "?include=all&order=asc&per_page=40")
        var seen = Self.ids(answer)
        #expect(seen.count == 40)
        // The link names the organization by its number.
        #expect(Self.link(answer, "next")?.contains("/github/organizations/") ?? false)
        while let next = Self.link(answer, "next") {
            answer = try await Self.get(lab, next)
            seen += Self.ids(answer)
        }
        #expect(seen == (await lab.held(.github)))
        let back = try await Self.get(lab, try #require(Self.link(answer, "prev")))
        #expect(Self.ids(back) == Array(seen[40..<80]))
        let event = try #require(answer.json[0])
        #expect(event["@timestamp"] == event["created_at"])
        #expect(event["@timestamp"]?.int64 ?? 0 > 1_700_000_000_000)
        #expect(event["org"] == "contoso")
    }

    @Test func `the newest come first, thirty at a time, without Git's own`() async throws {
        let lab = try await Self.lab()
        defer { lab.simulator.stop() }
        let web = try await Self.get(lab, "")
        #expect(Self.ids(web).count == 30)
        let times = (web.json.arrayValue ?? []).compactMap { $0["@timestamp"]?.int64 }
        #expect(times == times.sorted(by: >))
        let git = try await Self.get(lab, "?include=git&per_page=100")
        #expect(Self.ids(git).count == 20)
        #expect(Set(Self.ids(git)).isDisjoint(with: Self.ids(web)))
        #expect(try await Self.get(lab, "?include=all&per_page=1000").json.arrayValue?.count == 100)
    }

    @Test func `a phrase narrows by time and by action`() async throws {
        let lab = try await Self.lab()
        defer { lab.simulator.stop() }
        let since = lab.moment(.hours(-6))
        let answer = try await Self.get(lab, "?include=all&per_page=100&phrase=created:%3E%3D\(since)")
        let meant = await lab.simulator.items(tenant: Lab.tenant, feed: .github)
            .filter { $0.created >= lab.simulator.clock.now - .hours(6) }
        #expect(Set(Self.ids(answer)) == Set(meant.map(\.id)))
        let repositories = try await Self.get(lab, "?per_page=100&phrase=action:repo")
        let actions = (repositories.json.arrayValue ?? []).compactMap { $0["action"]?.stringValue }
        #expect(!actions.isEmpty)
        #expect(actions.allSatisfy { $0 == "repo.create" })
        #expect(try await Self.get(lab, "?phrase=created:%3E%3Dsometime").status == 422)
    }

    @Test func `what may not be seen is said not to be there`() async throws {
        let lab = try await Self.lab()
        defer { lab.simulator.stop() }
        #expect(try await Self.get(lab, "", token: "ghp_narrow").status == 404)
        #expect(try await Self.get(lab, "", org: "fabrikam").json["message"] == "Not Found")
        let wrong = try await Self.get(lab, "", token: "ghp_unknown")
        #expect(wrong.status == 401)
        #expect(wrong.json["message"] == "Bad credentials")
        #expect(try await Self.get(lab, "", token: "ghp_old").status == 401)
        #expect(try await Self.get(lab, "", version: "2021-01-01").status == 400)
        let small = try await Self.lab { $0.tenants[0].github?.enterprise = false }
        defer { small.simulator.stop() }
        #expect(try await Self.get(small, "").status == 404)
    }

    @Test func `the limits tell when to come again`() async throws {
        let lab = try await Self.lab { $0.knobs.githubRequests = 1 }
        defer { lab.simulator.stop() }
        let first = try await Self.get(lab, "")
        #expect(first.header("x-ratelimit-remaining") == "0")
        let refused = try await Self.get(lab, "")
        #expect(refused.status == 403)
        #expect(refused.header("x-ratelimit-remaining") == "0")
        let reset = try #require(refused.header("x-ratelimit-reset").flatMap { Int64($0) })
        #expect(reset > lab.simulator.clock.now.seconds)
        #expect(refused.header("retry-after") == nil)
        lab.time.advance(by: .hours(1))
        await lab.simulator.inject(
            Fault(.throttle(status: 429, retryAfter: 60), on: .init(.github), times: 1)
        )
        let secondary = try await Self.get(lab, "")
        #expect(secondary.status == 429)
        #expect(secondary.header("retry-after") == "60")
        #expect(secondary.json["message"]?.stringValue?.contains("secondary rate limit") ?? false)
    }
}
