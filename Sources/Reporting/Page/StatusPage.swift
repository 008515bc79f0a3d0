// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
package import Status

/// The status as one page for a browser: nothing outside it, no script, the words of the terminal.
package struct StatusPage: Sendable {
    private let report: StatusReport
    let history: StatusHistory
    let phrases: Phrases
    private let sender: String?

    /// Lays `report` out; `sender` is whose page it is, as its head says.
    package init(_ report: StatusReport, history: StatusHistory = StatusHistory(), sender: String? = nil) {
        self.report = report
        self.history = history
        self.sender = sender
        phrases = Phrases(now: report.evaluatedAt)
    }

    /// The whole page.
    package var text: String {
        let connections = report.customers.flatMap(\.connections)
        let answer = report.host.ledgerIsReadable ? Summary(connections).words : "not known"
        let title = "Collection status" + (sender.map { " - " + $0 } ?? "")
        let customers = report.customers.sorted { Rank.isWorse($0.state, $1.state, $0.id, $1.id) }
        let page: Markup = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(title): \(answer)</title>
            <style>
            \(PageStyle.sheet)
            </style>
            </head>
            <body>
            <main>
            <header>
            <h1>\(title)</h1>
            <p class="answer">\(answer)</p>
            <p class="faint">As of <time datetime="\(report.evaluatedAt.description)">\(phrases.moment.head())</time>. \
            This page does not change by itself.</p>
            \(host(connections))
            </header>
            \(customers.map(block))
            <footer>
            \(legend)
            <p>Headgate \(report.host.version). All times are UTC; a day begins at midnight UTC.</p>
            </footer>
            </main>
            </body>
            </html>

            """
        return page.text
    }

    /// Trouble of the whole host.
    private func host(_ connections: [ConnectionLine]) -> Markup? {
        let host = report.host
        if let cause = host.cause {
            return """
                <section class="bad"><p>\(Self.word(.unknown, "HEADGATE")) \(phrases.cause(cause, nextTry: nil)), since \
                \(phrases.moment.words(cause.since))</p>\(remedy(cause))</section>
                """
        }
        if !host.ledgerIsReadable {
            return "<section class=\"bad\"><p>The ledger cannot be read.</p></section>"
        }
        if connections.isEmpty { return "<section><p>No connection yet.</p></section>" }
        if host.mode == .none {
            return
                "<section class=\"bad\"><p>No host has run yet; start it: <code>headgate run</code></p></section>"
        }
        guard connections.contains(where: { $0.headline.state == .unknown }), let tick = host.lastTick else {
            return nil
        }
        return """
            <section class="bad"><p>Headgate itself is not looking: last look \(phrases.moment.words(tick)) \
            (\(phrases.moment.distance(tick)) ago); start it: <code>headgate run</code></p></section>
            """
    }

    private func block(_ customer: CustomerLine) -> Markup {
        let name = customer.name == customer.id ? customer.id : "\(customer.name) (\(customer.id))"
        let sorted = customer.connections.sorted {
            Rank.isWorse($0.headline.state, $1.headline.state, $0.id, $1.id)
        }
        return """
            <h2>\(name)</h2>
            <p class="faint">\(Summary(customer.connections).words)</p>
            \(sorted.map { block($0, of: customer) })
            """
    }

    // MARK: states

    /// What a state looks like; it has a word and a shape beside its colour everywhere.
    static func look(_ state: StreamState) -> String {
        switch state {
        case .active: "good"
        case .quiet: "quiet"
        case .pending, .draft: "wait"
        case .late: "late"
        case .blocked, .failing, .unknown: "bad"
        case .paused, .excluded: "off"
        }
    }

    /// A state's shape and word.
    static func word(_ state: StreamState, _ word: String? = nil) -> Markup {
        let shape =
            switch state {
            case .active: "\u{25CF}"
            case .quiet: "\u{25D0}"
            case .pending, .draft: "\u{25CB}"
            case .late: "\u{25B2}"
            case .blocked, .failing: "\u{25A0}"
            case .unknown: "\u{2753}\u{FE0E}"
            case .paused, .excluded: "\u{2013}"
            }
        let look = state == .quiet ? "good" : look(state)
        return "<span class=\"state \(look)\">\(shape) \(word ?? state.rawValue)</span>"
    }

    private var legend: Markup {
        let rows: [(state: StreamState, words: String)] = [
            (.active, "active"), (.quiet, "quiet: collected, and nothing came for long"),
            (.pending, "pending or draft"), (.late, "late"),
            (.blocked, "blocked, failing or not looked at"), (.paused, "paused or not covered, as agreed"),
        ]
        let cells = rows.map { row -> Markup in
            "<span class=\"bar\"><i class=\"\(Self.look(row.state))\"></i></span> \(row.words) &nbsp; "
        }
        return "<p>A bar is \(DayBar.count) days, the worst state of each: \(cells)</p>"
    }

    /// What to do about a cause.
    func remedy(_ cause: Cause?) -> Markup? {
        guard let remedy = cause?.remedy else { return nil }
        let steps = remedy.steps.map { step -> Markup in "<li>\(step)</li>" }
        let place = remedy.where.map { place -> Markup in
            let isLink = place.hasPrefix("https://") || place.hasPrefix("http://127.0.0.1")
            return isLink ? "<p>Where: <a href=\"\(place)\">\(place)</a></p>" : "<p>Where: \(place)</p>"
        }
        let facts = [
            remedy.who.isEmpty ? nil : "Who: \(remedy.who)",
            remedy.takes.isEmpty ? nil : "takes \(remedy.takes)",
        ]
        let next: Markup? = remedy.next.isEmpty ? nil : "<p>Then: <code>\(remedy.next)</code></p>"
        return """
            <div class="remedy"><p><strong>\(remedy.title)</strong></p><ol>\(steps)</ol>\
            <p>\(facts.compactMap(\.self).joined(separator: "; "))</p>\(place)\(next)</div>
            """
    }
}
