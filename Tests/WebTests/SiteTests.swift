// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto
import HTTPServer
import JSON
import Reporting
import Status
import TestSupport
import Testing
import Web

/// The pages as they are served.
@Suite struct SiteTests {
    struct Unlucky: Error, CustomStringConvertible { var description: String { "the ledger is <gone>" } }

    private static let now = Timestamp(seconds: 1_795_000_000)
    private let looks = Locked(0)
    private let time = ManualTime(now)

    private func site(customers: Int = 2, ledgerIsReadable: Bool = true, fails: Bool = false) -> Site {
        let looks = looks
        let report = StatusReport(
            evaluatedAt: Self.now,
            host: HostFacts(
                version: "1",
                mode: .run,
                lastTick: Self.now,
                ledgerIsReadable: ledgerIsReadable
            ),
            customers: (0..<customers).map { number in
                let line = ConnectionLine(
                    id: "o365",
                    name: "Office 365",
                    connector: "office",
                    tenant: nil,
                    headline: Headline(streams: [Assessment(state: .draft, since: nil, cause: nil)]),
                    credential: nil,
                    streams: []
                )
                return CustomerLine(id: "c\(number)", name: "C\(number)", state: .draft, connections: [line])
            }
        )
        let sight = Sight(
            sender: "Guard & Co",
            report: {
                looks.withLock { $0 += 1 }
                if fails { throw Unlucky() }
                return report
            },
            history: { _, _ in StatusHistory() }
        )
        return Site(sight, door: Door(), time: time)
    }

    private func get(_ site: Site, _ path: String, _ query: String = "") async -> Response {
        await site.answer(
            Request(method: "GET", path: path, rawQuery: query, headers: [("Host", "localhost")])
        )
    }

    private func words(_ response: Response) -> String { String(decoding: response.body, as: UTF8.self) }

    @Test(arguments: [
        ("/", 200), ("/customers/c1", 200), ("/customers/c9", 404), ("/customers/", 404), ("/customers", 404),
        ("/status", 200), ("/metrics", 200), ("/health", 503), ("/livez", 200), ("/readyz", 200),
        ("/nope", 404),
        ("//", 404), ("/customers/../c1", 404), ("/%2e%2e/vault", 404),
    ])
    func `each page has its path, and nothing else is there`(_ path: String, _ status: Int) async {
        #expect(await get(site(), path).status == status)
    }

    @Test func `the page has a policy that allows its own sheet and nothing else`() async throws {
        let response = await get(site(), "/")
        let page = words(response)
        let start = try #require(page.firstRange(of: "<style>"))
        let end = try #require(page.firstRange(of: "</style>"))
        let sheet = page[start.upperBound..<end.lowerBound]
        let policy = response.headers.first { $0.name == "Content-Security-Policy" }?.value ?? ""
        #expect(policy.contains("'sha256-\(Base64.encode(Digest.sha256(Array(sheet.utf8))))'"))
        #expect(policy.hasPrefix("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
        #expect(!page.contains("style="))
        #expect(page.contains("Guard &amp; Co") && page.contains("http-equiv=\"refresh\""))
        #expect(page.contains("<a href=\"/customers/c1\">"))
    }

    @Test func `with many customers the first page names each, and leads to its own`() async {
        let many = site(customers: 40)
        let all = words(await get(many, "/"))
        #expect(all.contains("<a href=\"/customers/c39\">C39 (c39)</a>") && !all.contains("<h2>"))
        let one = words(await get(many, "/customers/c39"))
        #expect(one.contains("<h2>C39 (c39)</h2>") && one.contains("<a href=\"/\">") && !one.contains("C38"))
    }

    @Test func `programs get the same report, of one customer where they ask for it`() async throws {
        let all = try Value(parsing: await get(site(), "/status").body)
        #expect(all["schema"] == 1 && all["customers"]?.arrayValue?.count == 2)
        let one = try Value(parsing: await get(site(), "/status", "customer=c1").body)
        #expect(one["customers"]?[0]?["id"] == "c1" && one["customers"]?.arrayValue?.count == 1)
        #expect(await get(site(), "/status", "customer=c7").status == 404)
    }

    @Test func `what cannot be looked at is never told to be well`() async {
        let lost = site(ledgerIsReadable: false)
        #expect(await get(lost, "/readyz").status == 503)
        #expect(await get(lost, "/health").status == 503)
        #expect(await get(lost, "/livez").status == 200)
        #expect(words(await get(lost, "/")).contains("not known"))
        let failed = await get(site(fails: true), "/")
        #expect(failed.status == 503 && words(failed).contains("the ledger is <gone>"))
        #expect(failed.headers.contains { $0.value.hasPrefix("text/plain") })
    }

    @Test func `many who ask within a second are one look`() async {
        let site = site()
        for path in ["/", "/status", "/health"] { _ = await get(site, path) }
        #expect(looks.withLock { $0 } == 1)
        time.advance(by: .seconds(2))
        _ = await get(site, "/")
        #expect(looks.withLock { $0 } == 2)
    }
}
