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
    private let way: Way

    /// How the page comes to whoever reads it.
    package enum Way: Sendable, Equatable {
        /// As a file, which stays as it is.
        case file
        /// From a running host, all customers in one.
        case served
        /// From a running host, one customer of several.
        case servedAlone
    }

    /// Lays `report` out; `sender` is whose page it is, as its head says.
    package init(
        _ report: StatusReport,
        history: StatusHistory = StatusHistory(),
        sender: String? = nil,
        way: Way = .file
    ) {
        self.report = report
        self.history = history
        self.sender = sender
        self.way = way
        phrases = Phrases(report)
    }

    /// The whole page.
    package var text: String {
        let connections = report.customers.flatMap(\.connections)
        let customers = report.customers.sorted { Rank.isWorse($0.state, $1.state, $0.id, $1.id) }
        let isShort = way == .served && Self.isOverview(report)
        return PageFrame(report, sender: sender, way: way).page(
            trouble: host(connections),
            body: isShort ? overview(customers) : "\(customers.map(block))",
            foot: isShort ? nil : legend
        )
    }

    /// Whether the served page of all customers names each with its state only, and leads to a page of its own.
    package static func isOverview(_ report: StatusReport) -> Bool { report.customers.count > 12 }

    private func overview(_ customers: [CustomerLine]) -> Markup {
        let rows = customers.map { customer -> Markup in
            """
            <tr><td>\(Self.word(customer.state))</td><td>\(link(customer))</td>\
            <td>\(Summary(customer.connections).words)</td></tr>
            """
        }
        return """
            <section class="streams"><table><thead><tr><th>State</th><th>Customer</th><th>Connections</th></tr></thead>\
            <tbody>\(rows)</tbody></table></section>
            """
    }

    private func link(_ customer: CustomerLine) -> Markup {
        let name = customer.name == customer.id ? customer.id : "\(customer.name) (\(customer.id))"
        return way == .served ? "<a href=\"/customers/\(customer.id)\">\(name)</a>" : "\(name)"
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
        let isUnknown = connections.contains { $0.headline.state == .unknown }
        guard let words = phrases.absence(host, isUnknown: isUnknown) else { return nil }
        return "<section class=\"bad\"><p>\(words); start it: <code>headgate run</code></p></section>"
    }

    private func block(_ customer: CustomerLine) -> Markup {
        let sorted = customer.connections.sorted {
            Rank.isWorse($0.headline.state, $1.headline.state, $0.id, $1.id)
        }
        return """
            <h2>\(link(customer))</h2>
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
