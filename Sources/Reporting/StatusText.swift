// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
package import Status

/// The status for a person: the answer first, then the worst first, each with what to do.
package struct StatusText: Sendable {
    private let report: StatusReport
    let style: Style
    let phrases: Phrases

    /// Lays `report` out in `style`.
    package init(_ report: StatusReport, style: Style = Style()) {
        self.report = report
        self.style = style
        phrases = Phrases(report)
    }

    /// The lines, without their ends.
    package var lines: [String] {
        let connections = report.customers.flatMap(\.connections)
        var lines = head(report.host.ledgerIsReadable ? Summary(connections).words : "not known")
        lines += hostLines(connections)
        if connections.isEmpty, report.host.ledgerIsReadable {
            lines.append("begin with: headgate onboard")
        }
        for customer in report.customers.sorted(by: { Rank.isWorse($0.state, $1.state, $0.id, $1.id) }) {
            lines.append("")
            lines += block(customer)
        }
        return lines
    }

    private func head(_ answer: String) -> [String] {
        let time = phrases.moment.head()
        let room = style.width - time.count - answer.count
        guard room >= 2 else { return style.wrapped(answer, indent: "", hanging: "  ") + [time] }
        return [answer + String(repeating: " ", count: room) + time]
    }

    /// Trouble of the whole host: one line, not one a stream.
    private func hostLines(_ connections: [ConnectionLine]) -> [String] {
        let host = report.host
        if !host.ledgerIsReadable || host.cause != nil {
            guard let cause = host.cause else { return ["HEADGATE  the ledger cannot be read"] }
            let since = "since \(phrases.moment.words(cause.since))"
            return style.wrapped(
                "\(word("HEADGATE", .bad))  \(phrases.cause(cause, nextTry: nil)), \(since)",
                indent: "",
                hanging: "          "
            )
                + remedyLines(cause, indent: "          ")
        }
        guard !connections.isEmpty else { return [] }
        if host.mode == .none { return ["no host has run yet; start it: headgate run"] }
        let isUnknown = connections.contains { $0.headline.state == .unknown }
        guard let words = phrases.absence(host, isUnknown: isUnknown) else { return [] }
        return style.wrapped("\(words); start it: headgate run", indent: "")
    }

    private func block(_ customer: CustomerLine) -> [String] {
        let name = customer.name == customer.id ? customer.id : "\(customer.id) (\(customer.name))"
        let summary = Summary(customer.connections).words
        var lines = style.wrapped("\(name)   \(summary)", indent: "", hanging: "  ")
        let sorted = customer.connections.sorted {
            Rank.isWorse($0.headline.state, $1.headline.state, $0.id, $1.id)
        }
        for connection in sorted { lines += block(connection, of: customer) }
        return lines
    }

    func word(_ text: String, _ ink: Style.Ink) -> String { style.inked(text, ink) }
}
