// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON

extension Command {
    static let connectorLint = Command(
        name: "connector lint",
        synopsis: "[CONNECTOR|FOLDER]... [--json]",
        summary: "checks definitions and names every problem at once",
        help: """
            Checks the definitions named, by id or by folder, or all of them, with their tests and what belongs beside
            them. Each problem comes with file, line, rule, place and fix. Exit 1 when there is any.
            """,
        flags: ["--json"],
        words: 0...1_000
    ) { invocation in
        let inspections = try Inspections.of(invocation.arguments.words, in: invocation.place)
        let findings = inspections.flatMap(\.findings)
        if invocation.arguments.has("--json") {
            invocation.output.json([
                "schema": 1, "checked": .array(inspections.map { .string($0.id) }),
                "findings": .array(findings.map(\.json)),
            ])
        } else {
            for finding in findings { invocation.output.line(finding.description) }
            let names = inspections.map(\.id).joined(separator: ", ")
            let count = findings.count == 1 ? "1 problem" : "\(findings.count) problems"
            invocation.say(findings.isEmpty ? "\(names): no problems." : "\(names): \(count).")
        }
        return findings.isEmpty ? .done : .notWell
    }
}
