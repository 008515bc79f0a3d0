// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON

extension Command {
    static let connectorLint = Command(
        name: "connector lint",
        synopsis: "[CONNECTOR|FOLDER]... [--tier [bronze|silver|gold]] [--json]",
        summary: "checks definitions and names every problem at once",
        help: """
            Checks the definitions named, by id or by folder, or all of them, with their tests and what belongs beside
            them. Each problem comes with file, line, rule, place and fix. Exit 1 when there is any.

              --tier  verifies the tier that each definition claims, or the one named: the cases that its tests must show
                      and what it must say (docs/connectors.md)
              --json  for machines; docs/schemas/connector-lint.json describes it
            """,
        flags: ["--json"],
        choices: ["--tier": Set(Tier.allCases.map(\.rawValue))],
        words: 0...1_000
    ) { invocation in
        let inspections = try Inspections.of(invocation.arguments.words, in: invocation.place)
        let word = try invocation.arguments.value("--tier")
        let clouds = word == nil ? nil : try invocation.place.shelf().clouds
        var findings = inspections.flatMap(\.findings)
        var tiers: [(id: String, tier: Tier, isReached: Bool)] = []
        for inspected in inspections {
            guard let clouds, let definition = inspected.inspection.definition else { continue }
            let tier = word.flatMap { Tier(rawValue: $0) } ?? definition.tier
            let lacks = inspected.inspection.lacks(for: tier, clouds: clouds)
            tiers.append((inspected.id, tier, lacks.isEmpty && inspected.findings.isEmpty))
            findings += lacks
        }
        if invocation.arguments.has("--json") {
            invocation.output.json([
                "schema": 1, "checked": .array(inspections.map { .string($0.id) }),
                "findings": .array(findings.map(\.json)),
                "tiers": .array(
                    tiers.map {
                        [
                            "id": .string($0.id), "tier": .string($0.tier.rawValue),
                            "reached": .bool($0.isReached),
                        ]
                    }
                ),
            ])
        } else {
            for finding in findings { invocation.output.line(finding.description) }
            for item in tiers where item.isReached {
                invocation.say("\(item.id) reaches \(item.tier.rawValue).")
            }
            let names = inspections.map(\.id).joined(separator: ", ")
            let count = findings.count == 1 ? "1 problem" : "\(findings.count) problems"
            invocation.say(findings.isEmpty ? "\(names): no problems." : "\(names): \(count).")
        }
        return findings.isEmpty ? .done : .notWell
    }
}
