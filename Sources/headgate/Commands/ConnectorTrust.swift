// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import Store

extension Command {
    static let connectorTrust = Command(
        name: "connector trust",
        synopsis: "CONNECTOR [--yes] [--json]",
        summary: "shows what a definition of one's own would do, and agrees to it",
        help: """
            A definition in the home's folder connectors/ decides where credentials go, so it is not used before a person
            has agreed to it. Shows its hosts, credentials, permissions, what it reads and what it changes at the source,
            asks, and remembers the SHA-256 of its folder; any change of the folder asks again.

              --yes   agrees without asking
              --json  prints what it would do; agrees only with --yes
            """,
        flags: ["--yes", "--json"],
        words: 1...1
    ) { invocation in
        let shelf = try await invocation.shelf()
        let definition = try shelf.definition(invocation.arguments.words[0])
        guard let item = shelf.items.first(where: { $0.id == definition.id }) else { return .fault }
        return try await Agreement(definition, item).reach(invocation)
    }
}

extension Agreement {
    /// To `definition`, which stands on the shelf as `item`.
    init(_ definition: Definition, _ item: Shelf.Item) {
        let reach = definition.reach
        self.init(
            kind: .connector,
            id: definition.id,
            folder: item.folder,
            digest: item.digest,
            trust: item.trust,
            title: "\(definition.title) (\(definition.id) \(definition.version)) by \(definition.publisher)",
            sections: [
                .destinations(reach.destinations, proof: "the credential"),
                Section("Hosts it may reach:", reach.hosts),
                Section(
                    "It asks for:",
                    definition.credentials.map { field in
                        "\(field.label) (\(field.name)\(field.isSecret ? ", secret" : ""))"
                    }
                ),
                Section(
                    "Permissions it needs:",
                    definition.permissions.map { "\($0.value) of \($0.resource): \($0.why)" }
                ),
                .reads(reach.reads),
                .changes(reach.changes),
            ],
            details: [
                "version": .string(definition.version),
                "services": .array(reach.destinations.map(\.json)),
                "hosts": .array(reach.hosts.map { .string($0) }),
                "credentials": .array(
                    definition.credentials.map {
                        ["name": .string($0.name), "label": .string($0.label), "secret": .bool($0.isSecret)]
                    }
                ),
                "permissions": .array(
                    definition.permissions.map {
                        [
                            "value": .string($0.value), "resource": .string($0.resource),
                            "why": .string($0.why),
                        ]
                    }
                ),
                "reads": .array(reach.reads.map(\.read)), "changes": .array(reach.changes.map(\.change)),
            ]
        )
    }
}
