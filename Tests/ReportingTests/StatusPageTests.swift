// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Reporting
import Status
import Store
import Testing

/// The status as a page for a browser.
@Suite struct StatusPageTests {
    private static let audit = StreamKey(customer: "fabrikam", connection: "o365", stream: "Audit.Exchange")

    @Test func `the page says what the terminal says, in the same order`() {
        let page = StatusPage(Examples.demo).text
        var place = page.startIndex
        for words in [
            "1 of 4 connections collecting, 1 in part - 3 need you", "2026-11-21 14:07 UTC", "fabrikam",
            "blocked",
            "the client secret is wrong (E7000215), next try 14:14",
            "Give the connection a valid client secret",
            "Copy its value, not its id.", "headgate test fabrikam/o365", "northwind",
        ] {
            let found = page[place...].firstRange(of: words)
            #expect(found != nil, "\(words)")
            place = found?.upperBound ?? place
        }
    }

    @Test func `nothing on it runs or is fetched, and every element that is opened is closed`() {
        let page = StatusPage(Examples.demo, history: history).text
        for sign in ["<script", "src=", "url(", "@import", "<link", "javascript:"] {
            #expect(!page.contains(sign), "\(sign)")
        }
        #expect(page.contains("default-src 'none'"))
        #expect(unclosed(page) == [])
    }

    @Test func `what a customer or a service is called stays words`() {
        let evil = "<b onmouseover=\"x\">&'\u{0}"
        var report = Examples.demo
        report.customers[0].name = evil
        report.customers[0].connections[0].name = evil
        report.customers[0].connections[0].headline.cause?.message = evil
        report.customers[0].connections[0].streams[0].assessment.cause = Cause(
            faultClass: .config,
            message: evil + " too",
            since: Examples.now,
            remedy: Remedy(
                id: "x",
                title: evil,
                cause: "",
                steps: [evil],
                who: evil,
                where: "javascript:alert(1)",
                takes: evil,
                next: evil
            )
        )
        let page = StatusPage(report, sender: evil).text
        #expect(!page.contains("<b ") && !page.contains("\u{0}"))
        #expect(page.contains("&lt;b onmouseover=&quot;x&quot;&gt;&amp;&#39;\u{FFFD}"))
        #expect(!page.contains("href=\"javascript"))
        #expect(unclosed(page) == [])
    }

    @Test func `each stream has its thirty days, and what explains them is told`() {
        var report = Examples.demo
        for index in report.customers.indices where report.customers[index].id == Self.audit.customer {
            report.customers[index].connections[0].streams[0].situation.facts.acceptedAt =
                Examples.now - .days(300)
        }
        let page = StatusPage(report, history: history).text
        #expect(page.contains("title=\"2026-11-18: blocked\""))
        #expect(page.contains("title=\"2026-11-17: active\""))
        #expect(page.contains("aria-label=\"26 active, 4 blocked\""))
        #expect(page.contains("What happened in these days: 2 events"))
        #expect(page.contains("Audit.Exchange active to blocked"))
        #expect(page.contains("gap: Wed 09:00 to Wed 10:00, window never fetched - lost"))
    }

    @Test func `a ledger that cannot be read is no empty page`() {
        let builder = StatusBuilder(definitions: [:], version: "1")
        let page = StatusPage(
            builder.unreadable(.corrupt(path: "/ledger", reason: "broken"), now: Examples.now)
        ).text
        #expect(page.contains("is damaged (broken)") && page.contains("not known"))
        #expect(!page.contains("No connection yet"))
    }

    private var history: StatusHistory {
        func at(_ text: String) -> Timestamp { Timestamp(iso8601: text) ?? Examples.now }
        return StatusHistory(
            changes: [
                Self.audit: [
                    StateChange(
                        from: .active,
                        to: .blocked,
                        at: at("2026-11-18T09:00:00Z"),
                        since: nil,
                        cause: nil
                    )
                ]
            ],
            gaps: [
                Self.audit: [
                    Gap(
                        stream: Self.audit,
                        kind: .span,
                        from: at("2026-11-18T09:00:00Z"),
                        to: at("2026-11-18T10:00:00Z"),
                        cause: .auth,
                        how: "window never fetched",
                        detected: at("2026-11-18T10:00:00Z"),
                        lost: true
                    )
                ]
            ]
        )
    }

    /// The elements that are opened and not closed, or closed and not opened.
    private func unclosed(_ page: String) -> [String] {
        var open: [String] = []
        for tag in page.matches(of: /<(\/?)([a-z][a-z0-9]*)[^<>]*>/) {
            let name = String(tag.2)
            guard !["meta", "br"].contains(name) else { continue }
            if tag.1.isEmpty {
                open.append(name)
            } else if open.last == name {
                open.removeLast()
            } else {
                return open + ["/" + name]
            }
        }
        return open
    }
}
