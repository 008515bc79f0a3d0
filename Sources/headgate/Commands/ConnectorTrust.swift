// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Store
import Terminal

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
        let arguments = invocation.arguments
        let shelf = try await invocation.shelf()
        let definition = try shelf.definition(arguments.words[0])
        guard let item = shelf.items.first(where: { $0.id == definition.id }) else { return .fault }
        let page = TrustPage(definition, item)
        if arguments.has("--json") {
            invocation.output.json(page.json)
        } else {
            for line in page.lines { invocation.output.line(line) }
        }
        guard let digest = item.digest, item.trust != .shipped else {
            invocation.say("\(definition.id) came with Headgate and needs no agreement.")
            return .done
        }
        if item.trust == .trusted {
            let known = try await Desk.existing(invocation)?.ledger.trusts()
            let agreed = known?.first { $0.connector == definition.id }
            let who = agreed.map { ", agreed to by \($0.by) on \($0.at)" } ?? ""
            invocation.say("\(definition.id) is trusted as it is\(who).")
            return .done
        }
        if !arguments.has("--yes") {
            if arguments.has("--json") { return .done }
            guard !arguments.has("--no-input"), try agrees(to: definition) else {
                throw Stop(
                    .inputNeeded,
                    "\(definition.id) is not trusted: agree with headgate connector trust \(definition.id) --yes."
                )
            }
        }
        let desk = try Desk.made(invocation)
        let trust = Trust(connector: definition.id, digest: digest, by: Person.name, at: SystemTime().now)
        try await desk.ledger.write([.trust(trust)])
        invocation.say("\(definition.id) is trusted as it is now; a change of its folder asks again.")
        return .done
    }

    private static func agrees(to definition: Definition) throws -> Bool {
        do {
            let answer = try Prompt().line("Let \(definition.id) do all of this? yes or no: ")
            return ["y", "yes"].contains(answer.lowercased())
        } catch TerminalFailure.notATerminal { return false }
    }
}

/// What a definition would do, for people and machines.
struct TrustPage {
    private let definition: Definition
    private let item: Shelf.Item
    private let reach: Definition.Reach

    init(_ definition: Definition, _ item: Shelf.Item) {
        self.definition = definition
        self.item = item
        reach = definition.reach
    }

    var lines: [String] {
        var lines = [
            "\(definition.title) (\(definition.id) \(definition.version)) by \(definition.publisher), "
                + item.trust.rawValue,
            "  \(item.folder)",
        ]
        if let digest = item.digest { lines.append("  SHA-256 \(digest)") }
        lines += ["", "It sends requests to:"]
        for destination in reach.destinations {
            let credential = destination.takesCredential ? ", with the credential" : ""
            lines.append("  \(destination.name): \(destination.address)\(credential)")
        }
        if !reach.hosts.isEmpty {
            lines += ["", "Hosts it may reach:"] + reach.hosts.map { "  \($0)" }
        }
        lines += ["", "It asks for:"]
        lines += definition.credentials.map { field in
            "  \(field.label) (\(field.name)\(field.isSecret ? ", secret" : ""))"
        }
        if !definition.permissions.isEmpty {
            lines += ["", "Permissions it needs:"]
            lines += definition.permissions.map { "  \($0.value) of \($0.resource): \($0.why)" }
        }
        lines += ["", "It reads:"] + reach.reads.map { "  \($0.request) (\($0.purpose))" }
        lines += ["", "It changes at the source:"]
        lines +=
            reach.changes.isEmpty
            ? ["  nothing"] : reach.changes.map { "  \($0.title): \($0.request) (\($0.purpose))" }
        return lines + [""]
    }

    var json: Value {
        [
            "schema": 1, "id": .string(definition.id), "version": .string(definition.version),
            "digest": item.digest.map { .string($0) } ?? .null, "trust": .string(item.trust.rawValue),
            "services": .array(
                reach.destinations.map {
                    [
                        "name": .string($0.name), "address": .string($0.address),
                        "credential": .bool($0.takesCredential),
                    ]
                }
            ),
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
            "reads": .array(
                reach.reads.map { ["request": .string($0.request), "for": .string($0.purpose)] }
            ),
            "changes": .array(
                reach.changes.map {
                    [
                        "request": .string($0.request), "for": .string($0.purpose),
                        "title": .string($0.title),
                    ]
                }
            ),
        ]
    }
}
