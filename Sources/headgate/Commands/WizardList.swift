// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Store
import Wizard

extension Command {
    static let wizardList = Command(
        name: "wizard list",
        synopsis: "[--json]",
        summary: "the wizard's flows, and the walks that wait to be taken up",
        help: """
            Names the flows that there are, and every walk that was begun and is not over. One of the home's folder wizard/
            is shown with whether it is trusted, untrusted, or changed since it was trusted.

              --json  for machines; docs/schemas/wizard-list.json describes it
            """,
        flags: ["--json"]
    ) { invocation in
        let flows = try await invocation.flows(invocation.place.shelf())
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
                            "trust": .string(item.trust.rawValue),
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
        var table = Table("flow", "does", "trust", "title")
        for item in flows.items {
            if let flow = item.flow {
                table.add(item.id, flow.purpose.rawValue, item.trust.rawValue, flow.title)
            } else {
                table.add(item.id, "-", "-", item.findings.first?.message ?? "cannot be used")
            }
        }
        invocation.output.table(table)
        guard !walks.isEmpty else { return .done }
        invocation.output.line("")
        let command = try Reception.command(invocation)
        var waiting = Table("walk", "flow", "customer", "last touched")
        for walk in walks {
            waiting.add(
                walk.id,
                walk.flow,
                walk.body["answers"]?["customer"]?.stringValue ?? "-",
                walk.touched.secondsText + "Z"
            )
        }
        invocation.output.table(waiting)
        invocation.output.line("Go on with one: \(command) --resume WALK")
        invocation.output.line("Give one up: \(command) --abandon WALK")
        return .done
    }
}
