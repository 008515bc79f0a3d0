// SPDX-License-Identifier: Apache-2.0
import Basics
import Store
import Connectors
import JSON
import Wizard

extension Command {
    static let wizardLint = Command(
        name: "wizard lint",
        synopsis: "[FLOW]... [--json]",
        summary: "checks the wizard's flows and names every problem at once",
        help: """
            Checks the flows named, or all of them, with the texts that belong beside them. Each problem comes with file,
            line, rule, place and fix. Exit 1 when there is any.

              --json  for machines; docs/schemas/wizard-lint.json describes it
            """,
        flags: ["--json"],
        words: 0...1_000
    ) { invocation in
        let flows = try FlowShelf(invocation.place.wizard(), shelf: invocation.place.shelf())
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

    static let wizardList = Command(
        name: "wizard list",
        synopsis: "[--json]",
        summary: "the wizard's flows, and the walks that wait to be taken up",
        help: """
            Names the flows that there are, and every walk that was begun and is not over.

              --json  for machines; docs/schemas/wizard-list.json describes it
            """,
        flags: ["--json"]
    ) { invocation in
        let flows = try FlowShelf(invocation.place.wizard(), shelf: invocation.place.shelf())
        let walks = try await Desk.existing(invocation)?.ledger.flows() ?? []
        if invocation.arguments.has("--json") {
            invocation.output.json([
                "schema": 1,
                "flows": .array(
                    flows.items.map { item in
                        [
                            "id": .string(item.id), "title": item.flow.map { .string($0.title) } ?? .null,
                            "does": item.flow.map { .string($0.purpose.rawValue) } ?? .null,
                            "connectors": .array((item.flow?.members ?? []).map { .string($0.id) }),
                        ]
                    }
                ),
                "walks": .array(
                    walks.map { walk in
                        [
                            "id": .string(walk.id), "flow": .string(walk.flow),
                            "customer": walk.body["answers"]?["customer"] ?? .null,
                            "begun": .string(walk.begun.description),
                            "touched": .string(walk.touched.description),
                        ]
                    }
                ),
            ])
            return .done
        }
        var table = Table("flow", "does", "title")
        for item in flows.items {
            table.add(
                item.id,
                item.flow?.purpose.rawValue ?? "-",
                item.flow?.title ?? "does not read: headgate wizard lint"
            )
        }
        invocation.output.table(table)
        guard !walks.isEmpty else { return .done }
        invocation.output.line("")
        var waiting = Table("walk", "customer", "last touched", "go on with")
        for walk in walks {
            waiting.add(
                walk.id,
                walk.body["answers"]?["customer"]?.stringValue ?? "-",
                walk.touched.secondsText + "Z",
                "headgate onboard --resume \(walk.id)"
            )
        }
        invocation.output.table(waiting)
        return .done
    }
}
