// SPDX-License-Identifier: Apache-2.0
import Reporting
import Wizard

/// What a flow would do, for people.
struct PlanText {
    private let plan: FlowPlan
    private let style: Style
    private static let verb = 12

    init(_ plan: FlowPlan, style: Style) {
        self.plan = plan
        self.style = style
    }

    /// The lines, without their ends.
    var lines: [String] {
        var lines = [plan.title]
        for paragraph in plan.body { lines += [""] + style.wrapped(paragraph, indent: "  ") }
        for way in plan.ways {
            lines.append("")
            if !way.title.isEmpty { lines.append(way.title) }
            if let answer = way.answer { lines.append("in answers: \"\(answer.name)\": \"\(answer.value)\"") }
            for step in way.steps {
                let verb = step.verb + String(repeating: " ", count: max(1, Self.verb - step.verb.count))
                let room = String(repeating: " ", count: Self.verb)
                lines += style.wrapped(verb + step.words, indent: "  ", hanging: room)
                if !step.answers.isEmpty {
                    let names = step.answers.map { "\"\($0)\"" }.joined(separator: " or ")
                    lines += style.wrapped("in answers: " + names, indent: "  " + room, hanging: "  ")
                }
                for detail in step.details {
                    lines += style.wrapped("- " + detail, indent: "  " + room, hanging: "  ")
                }
            }
        }
        return lines
    }
}
