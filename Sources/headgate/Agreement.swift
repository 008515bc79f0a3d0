// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Store
import Terminal

/// What a definition or a flow would do, for people and machines, and a person's agreement to it.
struct Agreement {
    /// A heading with what stands under it.
    struct Section {
        let heading: String
        let lines: [String]

        init(_ heading: String, _ lines: [String]) {
            self.heading = heading
            self.lines = lines
        }
    }

    let kind: Trust.Kind
    let id: String
    let folder: String
    /// The SHA-256 of its folder, for one of the home's.
    let digest: String?
    let trust: Shelf.Trust
    /// What it is called, by whom.
    let title: String
    /// What it would do; a section without lines is left out.
    let sections: [Section]
    /// The same for machines, beside what every one of them says.
    let details: Object

    private var command: String {
        switch kind {
        case .connector: "headgate connector trust \(id)"
        case .flow: "headgate wizard trust \(id)"
        }
    }

    private var lines: [String] {
        var lines = ["\(title), \(trust.rawValue)", "  \(folder)"]
        if let digest { lines.append("  SHA-256 \(digest)") }
        for section in sections where !section.lines.isEmpty {
            lines += ["", section.heading] + section.lines.map { "  \($0)" }
        }
        return lines + [""]
    }

    private var json: Value {
        var document: Object = [
            "schema": 1, "id": .string(id), "digest": digest.map { .string($0) } ?? .null,
            "trust": .string(trust.rawValue),
        ]
        for (name, value) in details { document[name] = value }
        return .object(document)
    }

    /// Shows it, asks, and remembers the digest of what was shown.
    func reach(_ invocation: Invocation) async throws -> Exit {
        let arguments = invocation.arguments
        if arguments.has("--json") {
            invocation.output.json(json)
        } else {
            for line in lines { invocation.output.line(line) }
        }
        guard let digest, trust != .shipped else {
            invocation.say("\(id) came with Headgate and needs no agreement.")
            return .done
        }
        if trust == .trusted {
            let known = try await Desk.existing(invocation)?.ledger.trusts()
            let agreed = known?.first { $0.kind == kind && $0.id == id }
            let who = agreed.map { ", agreed to by \($0.by) on \($0.at)" } ?? ""
            invocation.say("\(id) is trusted as it is\(who).")
            return .done
        }
        if !arguments.has("--yes") {
            if arguments.has("--json") { return .done }
            guard !arguments.has("--no-input"), try isGiven() else {
                throw Stop(.inputNeeded, "\(id) is not trusted: agree with \(command) --yes.")
            }
        }
        let given = Trust(kind: kind, id: id, digest: digest, by: Person.name, at: SystemTime().now)
        try await Desk.made(invocation).ledger.write([.trust(given)])
        invocation.say("\(id) is trusted as it is now; a change of its folder asks again.")
        return .done
    }

    private func isGiven() throws -> Bool {
        do {
            let answer = try Prompt().line("Let \(id) do all of this? yes or no: ")
            return ["y", "yes"].contains(answer.lowercased())
        } catch TerminalFailure.notATerminal { return false }
    }
}

extension Agreement.Section {
    /// Where requests go, and where what `proof` names goes with them.
    static func destinations(_ destinations: [Definition.Reach.Destination], proof: String) -> Self {
        Self(
            "It sends requests to:",
            destinations.map { destination in
                "\(destination.name): \(destination.address)"
                    + (destination.takesCredential ? ", with \(proof)" : "")
            }
        )
    }

    /// The requests that only read.
    static func reads(_ calls: [Definition.Reach.Call]) -> Self {
        Self("It reads:", calls.isEmpty ? ["nothing"] : calls.map { "\($0.request) (\($0.purpose))" })
    }

    /// The requests that change something, each with what is sent.
    static func changes(_ calls: [Definition.Reach.Call]) -> Self {
        Self(
            "It changes at the source:",
            calls.isEmpty
                ? ["nothing"]
                : calls.flatMap { call in
                    ["\(call.title): \(call.request) (\(call.purpose))"]
                        + (call.sends.isEmpty ? [] : ["  sends \(call.sends)"])
                }
        )
    }
}

extension Definition.Reach.Destination {
    var json: Value {
        ["name": .string(name), "address": .string(address), "credential": .bool(takesCredential)]
    }
}

extension Definition.Reach.Call {
    var read: Value { ["request": .string(request), "for": .string(purpose)] }

    var change: Value {
        [
            "request": .string(request), "for": .string(purpose), "title": .string(title),
            "sends": sends.isEmpty ? .null : .string(sends),
        ]
    }
}
