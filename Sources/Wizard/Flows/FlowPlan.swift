// SPDX-License-Identifier: Apache-2.0
import Connectors
package import JSON

/// What a flow will ask, check and change, before any of it is done.
package struct FlowPlan: Sendable {
    private let flow: Flow
    private let names: Names

    /// Looks at `flow` with the answers that are given already; what depends on others is said with its condition.
    package init(_ flow: Flow, _ answers: Object) {
        self.flow = flow
        names = Names(["answers": .object(answers), "config": .object([:])])
    }

    /// The plan, a line each.
    package var lines: [String] {
        var lines = [flow.title, ""]
        for (number, step) in flow.steps.enumerated() {
            let isKnownNot = step.when.map { !$0.holds(in: names) && isDecided($0) } ?? false
            if isKnownNot { continue }
            let condition = step.when.flatMap { isDecided($0) ? nil : "  if \($0.source)" } ?? ""
            lines.append("\(number + 1). \(Self.verb(step)): \(step.title.source)\(condition)")
            for option in step.options { lines.append("     - \(option.label.source)") }
            for change in step.changes {
                let each = change.each.map { ", for each of the \($0.rawValue)" } ?? ""
                lines.append("     * \(change.title.source)\(each)")
            }
        }
        lines.append("")
        lines.append("Nothing is changed before it was shown and agreed to.")
        return lines
    }

    /// Whether everything that a condition names is known.
    private func isDecided(_ condition: Predicate) -> Bool {
        condition.paths.allSatisfy { path in
            path.name == "answers" && path.members.first.map { names["answers"]?[$0] != nil } ?? false
        }
    }

    private static func verb(_ step: FlowStep) -> String {
        switch step.kind {
        case .intro: "tells"
        case .choose, .ask: "asks"
        case .secret: "takes the credential"
        case .instruct: "sends you elsewhere"
        case .check: "checks"
        case .wait: "waits"
        case .confirm: "shows and asks"
        case .apply: "changes"
        case .handoff: "writes files"
        case .summary: "sums up"
        }
    }
}
