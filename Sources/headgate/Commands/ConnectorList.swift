// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON

extension Command {
    static let connectorList = Command(
        name: "connector list",
        synopsis: "[--json]",
        summary: "lists the connectors that stand ready",
        help: """
            Lists every connector: those that came with Headgate and those in the home's folder connectors/.
            One that cannot be used is listed with its first problem, and one of the home with whether it is trusted,
            untrusted, or changed since it was trusted.
            """,
        flags: ["--json"]
    ) { invocation in
        let items = try await invocation.shownShelf().items
        if invocation.arguments.has("--json") {
            let rows = items.map { item -> Value in
                [
                    "id": .string(item.id),
                    "title": item.definition.map { .string($0.title) } ?? .null,
                    "version": item.definition.map { .string($0.version) } ?? .null,
                    "tier": item.definition.map { .string($0.tier.rawValue) } ?? .null,
                    "streams": item.definition.map { .array($0.streams.map { .string($0.id) }) } ?? .null,
                    "shipped": .bool(item.isShipped), "trust": .string(item.trust.rawValue),
                    "folder": .string(item.folder),
                    "findings": .array(item.findings.map(\.json)),
                ]
            }
            invocation.output.json(["schema": 1, "connectors": .array(rows)])
            return .done
        }
        var table = Table("connector", "version", "tier", "streams", "trust", "title")
        for item in items {
            if let definition = item.definition {
                table.add(
                    item.id,
                    definition.version,
                    definition.tier.rawValue,
                    String(definition.streams.count),
                    item.trust.rawValue,
                    definition.title
                )
            } else {
                table.add(item.id, "-", "-", "-", "-", item.findings.first?.message ?? "cannot be used")
            }
        }
        invocation.output.table(table)
        return .done
    }
}
