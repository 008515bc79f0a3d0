// SPDX-License-Identifier: Apache-2.0
import Wizard
import Basics
import Host
import Status
import Store
import Terminal

extension Command {
    static let remove = Command(
        name: "remove",
        synopsis: "CUSTOMER/CONNECTION [--stop] [--yes] [--plan] [--json]",
        summary: "takes a connection off and says what stays where",
        help: """
            Says first what stays at the source and what stays here, asks, and then takes the connection off. Its secret
            is forgotten unless another connection uses the same app. Records, gaps and history stay, and adding the same
            tenant again doubles nothing.

              --stop  also takes back what was prepared at the source, such as subscriptions; where that fails the
                      connection stays (exit 5). What happens afterwards is not kept for us any more, for good.
              --yes   does not ask; without it and without a terminal nothing is done (exit 3)
              --plan  only says it
              --json  for machines; docs/schemas/remove.json describes it

            `headgate connection remove` does the same without asking or stopping anything.
            """,
        flags: ["--stop", "--yes", "--plan", "--json"],
        words: 1...1
    ) { invocation in
        let arguments = invocation.arguments
        let key = try Selection(naming: arguments.words[0]).one()
        let desk = try Desk.required(invocation)
        let wiring = try await Wiring(desk, invocation.place)
        let removing = Removing(
            home: desk.home,
            ledger: desk.ledger,
            vault: wiring.vault,
            shelf: wiring.shelf,
            maker: wiring.maker,
            time: SystemTime()
        )
        let plan = try await removing.plan(key)
        let saysNothing = ["--stop", "--yes", "--plan"].allSatisfy { !arguments.has($0) }
        if saysNothing, ConnectionWalk.isPossible(invocation) {
            return try await ConnectionWalk.lead(.remove, key, invocation)
        }
        var document = RemovalDocument(plan, stops: arguments.has("--stop"))
        if arguments.has("--plan") {
            show(document, document.before, invocation)
            return .done
        }
        if !arguments.has("--yes") { try confirm(document, key.description, invocation) }
        if arguments.has("--stop") {
            let progress = ProgressLine()
            document.stopped = try await removing.stop(plan, by: Person.name) { progress.show($0) }
            progress.clear()
            if document.hasFailed {
                document.outcome = .kept
                show(document, document.after, invocation)
                return .checkFailed
            }
        }
        document.outcome = .removed
        document.forgets = try await removing.remove(plan)
        show(document, document.after, invocation)
        return .done
    }

    private static func confirm(_ document: RemovalDocument, _ name: String, _ invocation: Invocation) throws
    {
        let prompt = Prompt()
        guard !invocation.arguments.has("--no-input"), prompt.canAsk else {
            throw Stop(
                .inputNeeded,
                "Nothing was changed. Look at what stays with --plan, then say --yes to remove \(name)."
            )
        }
        for line in document.before { Talk.say(line) }
        guard try prompt.line("Remove \(name)? Type its name to go on: ") == name else {
            throw Stop(.inputNeeded, "Nothing was changed.")
        }
    }

    private static func show(_ document: RemovalDocument, _ lines: [String], _ invocation: Invocation) {
        if invocation.arguments.has("--json") {
            invocation.output.json(document.value)
        } else {
            for line in lines { invocation.output.line(line) }
        }
    }
}
