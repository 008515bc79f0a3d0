// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import JSON
import Reporting
import Status
import Store

extension Command {
    static let issues = Command(
        name: "issues",
        synopsis: "[CUSTOMER[/CONNECTION[/STREAM]]] [--all] [--json]",
        summary: "lists everything that a person should do something about",
        help: """
            Lists the open issues, the gravest first: what keeps streams from collecting, what stored records say, such
            as auditing being switched off, credentials that end soon, and set-ups that are unfinished. One cause is one
            issue, on however many streams. An issue closes by itself when a cycle, a record or a test proves the
            opposite; `headgate repair ID` has it looked at now, `headgate ack ID` lets it stand for a while. Exit 1 when
            there is any that nobody lets stand.

            fix: auto, Headgate can as soon as you say `headgate repair`; guided, a command leads through it; outside,
            somebody has to act elsewhere.

              --all   also what stored records said and took back
              --json  for machines; docs/schemas/issues.json describes it
            """,
        flags: ["--all", "--json"],
        words: 0...1
    ) { invocation in
        let arguments = invocation.arguments
        let selection = try arguments.words.first.map { try Selection(naming: $0) }
        let desk = try Desk.existing(invocation)
        let list = try await IssueView.list(invocation, desk: desk, closedToo: arguments.has("--all"))
        let issues = list.of(
            customer: selection?.customer,
            connection: selection?.connection,
            stream: selection?.stream
        )
        if arguments.has("--json") {
            invocation.output.json(["schema": 1, "issues": .array(issues.map(\.json))])
        } else if issues.isEmpty {
            invocation.say("No issues.")
        } else if invocation.output.isTerminal {
            let style = Live(invocation.output).style()
            for line in issues.flatMap({ Self.lines($0, style) }) { invocation.output.line(line) }
        } else {
            var table = Table("id", "severity", "class", "where", "since", "state", "fix", "what", "next")
            for issue in issues {
                table.add(
                    issue.id,
                    issue.severity.rawValue,
                    issue.cause.faultClass.rawValue,
                    issue.place,
                    issue.cause.since.description,
                    state(of: issue),
                    issue.fix.rawValue,
                    issue.cause.message,
                    issue.isOpen ? issue.next : "-"
                )
            }
            invocation.output.table(table)
        }
        return issues.contains(where: \.isDue) ? .notWell : .done
    }

    /// An issue as it is read on a screen: what it is about, what is wrong, and what to run.
    private static func lines(_ issue: RaisedIssue, _ style: Style) -> [String] {
        let head = [
            issue.id, "\(issue.severity.rawValue) (\(issue.cause.faultClass.rawValue))", issue.place,
            "since \(issue.cause.since.secondsText)Z", state(of: issue),
        ]
        let next = issue.isOpen ? style.wrapped("next: \(issue.next)", indent: "    ", hanging: "      ") : []
        return style.wrapped(head.joined(separator: "  "), indent: "", hanging: "    ")
            + style.wrapped(issue.cause.message, indent: "    ") + next + [""]
    }

    private static func state(of issue: RaisedIssue) -> String {
        if let closed = issue.closed { return "closed \(closed)" }
        guard let ignored = issue.ignored else { return "open" }
        return "let stand until \(ignored.until.day) by \(ignored.by): \(ignored.reason)"
    }
}
