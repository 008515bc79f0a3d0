// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import JSON
import Store
import Terminal

extension Command {
    static let apply = Command(
        name: "apply",
        synopsis: "FILE [--plan] [--yes] [--json]",
        summary: "makes the set-up what a document says",
        help: """
            Reads a document as `headgate export` prints it (`-` for standard input), shows what would be created and
            updated, and does it once you agree. What the document does not mention is left alone, and applying it twice
            is applying it once. New connections are tested as by `headgate connection add`, changed ones as by
            `headgate reconfigure`. A document holds no secret: each is a reference, or lies in the vault here already;
            a connection without its secret is kept as a draft.

            Exit 1 when a connection is not what the document wants of it, 3 where nobody could be asked.

              --plan  shows what would be done, and does nothing
              --yes   agrees beforehand
              --json  for machines; docs/schemas/apply.json describes it
            """,
        flags: ["--plan", "--yes", "--json"],
        words: 1...1
    ) { invocation in
        let arguments = invocation.arguments
        let document = try SetupDocument(parsing: ReadFile.bytes(arguments.words[0]))
        let before = try Desk.settings(invocation.place)
        let shelf = try await invocation.shelf()
        var registry = Registry()
        if let desk = try Desk.existing(invocation) { registry = try await Registry(desk.ledger) }
        let plan = try SetupPlan(document, registry, before, shelf, now: SystemTime().now)
        let isJSON = arguments.has("--json")
        let page = ApplyDocument(plan: plan)
        if !isJSON { for line in page.planned { invocation.output.line(line) } }
        guard plan.hasChanges, !arguments.has("--plan") else {
            if isJSON { invocation.output.json(page.value([])) }
            return .done
        }
        if !arguments.has("--yes") {
            guard !arguments.has("--no-input"), !isJSON, try agrees(to: page.question) else {
                throw Stop(.inputNeeded, "Nothing was changed: agree with headgate apply FILE --yes.")
            }
        }
        let desk = try Desk.made(invocation)
        // What is set by the document holds for the tests of its connections.
        let settings = try document.settings(over: before)
        let wiring = try await Wiring(desk, invocation.place, settings: settings)
        try await Carrying.carry(desk.ledger, wiring.shelf, now: SystemTime().now, log: .silent)
        let progress = ProgressLine()
        let applying = Applying(Admission(desk: desk, wiring: wiring, settings: settings).onboarding)
        let done = try await applying.carryOut(plan) { settings in
            let text = Value.object(settings.object).text(pretty: true) + "\n"
            try WriteFile.replacing(desk.home.config, with: text)
        } progress: {
            progress.show($0)
        } telling: { done in
            progress.clear()
            guard !isJSON, let line = ApplyDocument.line(done) else { return }
            invocation.output.line(line)
        }
        progress.clear()
        if isJSON { invocation.output.json(page.value(done)) }
        return done.allSatisfy(\.isAsWanted) ? .done : .notWell
    }

    private static func agrees(to question: String) throws -> Bool {
        do {
            let answer = try Prompt().line(question)
            return ["y", "yes"].contains(answer.lowercased())
        } catch TerminalFailure.notATerminal { return false }
    }
}

/// What applying a document comes to, for people and machines.
struct ApplyDocument {
    let plan: SetupPlan

    /// How many things are created, updated and unchanged.
    private var tally: String {
        "\(plan.count(.create)) to create, \(plan.count(.update)) to update, \(plan.count(.unchanged)) unchanged"
    }

    var question: String { "Do this (\(tally))? yes or no: " }

    var planned: [String] {
        guard plan.hasChanges else {
            return ["Everything is like that already: \(plan.items.count) unchanged."]
        }
        return plan.items.filter { $0.action != .unchanged }.flatMap(\.lines) + [tally + "."]
    }

    /// How one thing came out; `nil` for one that was left alone.
    static func line(_ done: Applying.Done) -> String? {
        guard done.outcome != .unchanged else { return nil }
        let word =
            switch done.outcome {
            case .unchanged: ""
            case .done: done.item.action == .create ? "created" : "updated"
            case .partly: "collects in part"
            case .draft: "is kept as a draft"
            case .refused: "was left as it is"
            }
        return "\(done.item.kind.rawValue) \(done.item.name) \(word)" + (done.message.map { ": \($0)" } ?? "")
    }

    func value(_ done: [Applying.Done]) -> Value {
        [
            "schema": 1, "applied": .bool(!done.isEmpty),
            "items": .array(
                plan.items.enumerated().map { index, item in
                    let result = done.indices.contains(index) ? done[index] : nil
                    return [
                        "kind": .string(item.kind.rawValue), "name": .string(item.name),
                        "action": .string(item.action.rawValue),
                        "changes": .array(item.differences.map(\.json)),
                        "result": result.map { .string($0.outcome.rawValue) } ?? .null,
                        "message": result?.message.map { .string($0) } ?? .null,
                    ]
                }
            ),
        ]
    }
}
