// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import JSON
import Status
import Store

extension Command {
    static let issues = Command(
        name: "issues",
        synopsis: "[CUSTOMER[/CONNECTION[/STREAM]]] [--all] [--json]",
        summary: "lists what stored records say that a person should know",
        help: """
            Lists the open issues: what a connector watches for in the records it stores, such as auditing being
            switched off, with what to do about it. An issue closes by itself when a later record takes it back or
            proves the opposite. Exit 1 when there is any.

              --all  also those that are closed
            """,
        flags: ["--all", "--json"],
        words: 0...1
    ) { invocation in
        let arguments = invocation.arguments
        let scope = try arguments.words.first.map { try Selection(naming: $0).scope } ?? .all
        let desk = try Desk.existing(invocation)
        let issues = try await desk?.ledger.issues(scope, openOnly: !arguments.has("--all")) ?? []
        let isWell = !issues.contains(where: \.isOpen)
        if arguments.has("--json") {
            invocation.output.json(["schema": 1, "issues": .array(issues.map(\.json))])
        } else if issues.isEmpty {
            invocation.say("No issues.")
        } else {
            var table = Table("stream", "severity", "class", "since", "state", "what", "remedy")
            for issue in issues {
                table.add(
                    issue.stream.description,
                    issue.severity.rawValue,
                    issue.cause.faultClass.rawValue,
                    issue.cause.since.description,
                    issue.closed.map { "closed \($0)" } ?? "open",
                    issue.cause.message,
                    issue.cause.remedy?.title ?? "-"
                )
            }
            invocation.output.table(table)
        }
        return isWell ? .done : .notWell
    }
}
