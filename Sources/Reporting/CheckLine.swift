// SPDX-License-Identifier: Apache-2.0
import Basics
package import Status
package import Store

/// The status as a monitoring plugin says it: a line with its figures, then one for each thing that is not well.
///
/// The form is that of the Monitoring Plugins Development Guidelines: `WORD - sentence | figures`.
package struct CheckLine: Sendable, Equatable {
    package let level: AlertLevel
    /// The lines, without their ends.
    package let lines: [String]

    /// What `report` says of `scope`; a draft counts only where it was asked for by name.
    package init(_ report: StatusReport, of scope: GapScope = .all, policy: AlertPolicy = .usual) {
        let phrases = Phrases(report)
        if let trouble = Self.trouble(report.host) {
            (level, lines) = (trouble.level, [Self.line(trouble.level, trouble.words)])
            return
        }
        let subjects = CheckSubject.all(of: report, scope, policy)
        guard let first = subjects.first else {
            (level, lines) = (.unknown, [Self.line(.unknown, "nothing is set up to be collected")])
            return
        }
        let bad = subjects.filter { $0.level != .ok }
        level = AlertLevel.worst(subjects.map(\.level))
        let words =
            switch bad.count {
            case 0 where subjects.count == 1: first.words(phrases)
            case 0: Summary(Self.shown(report, scope)).words
            case 1: bad[0].words(phrases)
            default:
                "\(bad.count) of \(subjects.count) connections not well: "
                    + bad.map { "\($0.path) \($0.state.rawValue)" }.joined(separator: ", ")
            }
        let head = Self.line(level, words)
        let rest = bad.count > 1 ? bad.map { Self.clean("\($0.level.word): \($0.words(phrases))") } : []
        lines = [head + " | " + CheckFigures(subjects, now: report.evaluatedAt).words] + rest
    }

    private static func shown(_ report: StatusReport, _ scope: GapScope) -> [ConnectionLine] {
        guard case .customer(let id) = scope else { return report.customers.flatMap(\.connections) }
        return report.of(customer: id).customers.flatMap(\.connections)
    }

    /// A line that says one thing and has no figures.
    package init(_ level: AlertLevel, _ words: String) {
        self.level = level
        lines = [Self.line(level, words)]
    }

    /// Trouble of the whole host, beside which no connection counts.
    private static func trouble(_ host: HostFacts) -> (level: AlertLevel, words: String)? {
        guard host.ledgerIsReadable else {
            return (.unknown, "the ledger cannot be read" + (host.cause.map { ": \($0.message)" } ?? ""))
        }
        return host.cause.map { (.critical, "Headgate itself: \($0.message)") }
    }

    private static func line(_ level: AlertLevel, _ words: String) -> String {
        clean("\(level.word) - \(words)")
    }

    /// Without what ends a line, and without the bar that figures follow.
    private static func clean(_ text: String) -> String {
        String(text.map { $0 == "|" ? "/" : $0.isNewline || $0 == "\t" ? " " : $0 })
    }
}
