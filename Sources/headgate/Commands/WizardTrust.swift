// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import Store
import Wizard

extension Command {
    static let wizardTrust = Command(
        name: "wizard trust",
        synopsis: "FLOW [--yes] [--json]",
        summary: "shows what a flow of one's own would do, and agrees to it",
        help: """
            A flow in the home's folder wizard/ acts in the name of whoever signs in for it, so it is not used before a
            person has agreed to it. Shows the connectors it is for, where it sends requests, how a person signs in, what
            it reads, changes and writes, asks, and remembers the SHA-256 of its folder, the texts beside the flow
            included; any change of the folder asks again.

              --yes   agrees without asking
              --json  prints what it would do; agrees only with --yes (docs/schemas/wizard-trust.json)
            """,
        flags: ["--yes", "--json"],
        words: 1...1
    ) { invocation in
        let item = try await invocation.flows(invocation.shelf()).item(invocation.arguments.words[0])
        return try await Agreement(item.readable(), item).reach(invocation)
    }
}

extension Agreement {
    /// To `flow`, which stands on the shelf as `item`.
    init(_ flow: Flow, _ item: FlowShelf.Item) {
        let reach = flow.reach
        let config = flow.config.sorted { $0.key < $1.key }
        self.init(
            kind: .flow,
            id: flow.id,
            folder: item.folder,
            digest: item.digest,
            trust: item.trust,
            title: "\(flow.title) (\(flow.id), \(flow.purpose.rawValue))",
            sections: [
                Section(
                    "It is for:",
                    flow.members.isEmpty
                        ? ["every connector that has no flow of its own"]
                        : flow.members.map { "\($0.id), as \($0.name)\($0.isChosen ? "" : ", where chosen")" }
                ),
                .destinations(reach.destinations, proof: "the person's sign-in"),
                Section("A person signs in for it:", flow.signIn.map(Self.lines) ?? []),
                Section(
                    "Settings it uses:",
                    config.map { "\($0.key): \($0.value), unless config.json says otherwise" }
                ),
                Section("It has Headgate do:", reach.runs.map(\.words)),
                .reads(reach.reads),
                .changes(reach.changes),
                Section("It sends people to:", reach.links),
                Section(
                    "It writes files:",
                    reach.files.map { "\($0.to.source) from its text \($0.from): \($0.label)" }
                ),
            ],
            details: [
                "title": .string(flow.title), "does": .string(flow.purpose.rawValue),
                "connectors": .array(flow.members.map { .string($0.id) }),
                "services": .array(reach.destinations.map(\.json)),
                "signIn": flow.signIn.map { signIn in
                    [
                        "service": .string(signIn.service), "for": .string(signIn.for),
                        "client": .string(signIn.client.source),
                        "scopes": .array(signIn.scopes.map { .string($0) }),
                    ]
                } ?? .null,
                "config": .array(config.map { ["name": .string($0.key), "value": .string($0.value)] }),
                "runs": .array(reach.runs.map { .string($0.rawValue) }),
                "reads": .array(reach.reads.map(\.read)), "changes": .array(reach.changes.map(\.change)),
                "links": .array(reach.links.map { .string($0) }),
                "files": .array(
                    reach.files.map {
                        [
                            "from": .string($0.from), "to": .string($0.to.source), "label": .string($0.label),
                        ]
                    }
                ),
            ]
        )
    }

    private static func lines(of signIn: SignIn) -> [String] {
        [
            "at \(signIn.service), for \(signIn.for)", "as the client \(signIn.client.source)",
            "with the scopes \(signIn.scopes.joined(separator: ", "))",
        ]
    }
}

extension FlowStep.Run {
    /// What it is for somebody who agrees to it.
    fileprivate var words: String {
        switch self {
        case .tenant: "find the tenant by public documents"
        case .signIn: "let a person sign in with a code, and hold that sign-in until its changes are made"
        case .signOut: "forget who signed in, for somebody else"
        case .probe: "test every chosen connector"
        case .connect: "keep the connections, with their credential in the vault"
        case .firstCycle: "collect for the first time"
        case .changes: "make the changes below in the person's name"
        case .rotate: "bring another credential into use"
        case .reauth: "give a connection another credential"
        case .declare: "write down when a credential ends, as a person says"
        case .remove: "take a connection off"
        case .repair: "look at a connection again"
        case .reconfigure: "change what a connection collects"
        }
    }
}
