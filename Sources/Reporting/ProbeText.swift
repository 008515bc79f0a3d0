// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
package import Probing
import Status

/// A connection test for a person: the answer first, then each step with what is wrong and what to do.
package struct ProbeText: Sendable {
    private let report: ProbeReport
    private let style: Style
    private static let indent = String(repeating: " ", count: 13)

    /// Lays `report` out in `style`.
    package init(_ report: ProbeReport, style: Style = Style()) {
        self.report = report
        self.style = style
    }

    /// The lines, without their ends.
    package var lines: [String] {
        var lines = style.wrapped(report.headline, indent: "", hanging: "  ")
        lines += style.wrapped("\(report.connection), \(report.connector)", indent: "")
        lines.append("")
        return lines + self.lines(of: report.steps)
    }

    /// The answer, and no more steps than those that warn: for a test that went well.
    package var shortLines: [String] {
        style.wrapped(report.headline, indent: "", hanging: "  ")
            + lines(of: report.steps.filter { $0.mark == .warn })
    }

    private func lines(of steps: [CheckResult]) -> [String] {
        var lines: [String] = []
        var told: [Remedy] = []
        for step in steps {
            let title = step.stage.rawValue + ": " + step.title + (step.stream.map { " - \($0)" } ?? "")
            var head = style.wrapped(title, indent: Self.indent, hanging: "  ")
            head[0] =
                "  " + style.badge(step.mark, width: Self.indent.count - 2)
                + head[0].dropFirst(Self.indent.count)
            lines += head
            if let needed = step.skippedFor {
                let parent = report.steps.first { $0.id == needed }?.title ?? needed
                lines += style.wrapped(
                    "not run, since \"\(parent)\" did not pass",
                    indent: Self.indent + "  "
                )
            }
            if let words = words(step) { lines += style.wrapped(words, indent: Self.indent + "  ") }
            guard let remedy = step.remedy else { continue }
            // Five streams with one trouble need its remedy once.
            if told.contains(remedy) {
                lines += style.wrapped("fix: \(remedy.title), as above", indent: Self.indent + "  ")
            } else {
                told.append(remedy)
                if !remedy.cause.isEmpty {
                    lines += style.wrapped(
                        "why: \(remedy.cause)",
                        indent: Self.indent + "  ",
                        hanging: "     "
                    )
                }
                lines += RemedyText.lines(remedy, style: style, indent: Self.indent + "  ")
            }
        }
        return lines
    }

    private func words(_ step: CheckResult) -> String? {
        var parts = [step.message].compactMap { $0 }
        if step.mark != .pass, step.mark != .passEmpty, let evidence = step.evidence {
            if let code = evidence.code, step.message?.contains(code) != true { parts.append(code) }
            if let status = evidence.status, status >= 300, evidence.code?.hasPrefix("HTTP") != true {
                parts.append("HTTP \(status)")
            }
            if let request = evidence.requestID { parts.append("request \(request)") }
        }
        return parts.isEmpty ? nil : parts.joined(separator: " - ")
    }
}
