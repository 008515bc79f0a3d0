// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import Wizard

extension Command {
    static let wizardLint = Command(
        name: "wizard lint",
        synopsis: "[FLOW]... [--json]",
        summary: "checks the wizard's flows and names every problem at once",
        help: """
            Checks the flows named, or all of them, those of the home's folder wizard/ included, with the texts that belong
            beside them. Each problem comes with file, line, rule, place and fix. Exit 1 when there is any.

              --json  for machines; docs/schemas/wizard-lint.json describes it
            """,
        flags: ["--json"],
        words: 0...1_000
    ) { invocation in
        let flows = try invocation.place.flows(invocation.place.shelf())
        let named = invocation.arguments.words
        for name in named where !flows.items.contains(where: { $0.id == name }) {
            throw Stop(
                .usage,
                "There is no flow \"\(name)\"; there are \(flows.items.map(\.id).joined(separator: ", "))."
            )
        }
        let items = flows.items.filter { named.isEmpty || named.contains($0.id) }
        let findings = items.flatMap(\.findings)
        if invocation.arguments.has("--json") {
            invocation.output.json([
                "schema": 1, "checked": .array(items.map { .string($0.id) }),
                "findings": .array(findings.map(\.json)),
            ])
        } else {
            for finding in findings { invocation.output.line(finding.description) }
            let count = findings.count == 1 ? "1 problem" : "\(findings.count) problems"
            let names = items.map(\.id).joined(separator: ", ")
            invocation.say(findings.isEmpty ? "\(names): no problems." : "\(names): \(count).")
        }
        return findings.isEmpty ? .done : .notWell
    }
}
