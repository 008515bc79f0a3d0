// SPDX-License-Identifier: Apache-2.0
import Basics
import Host
import Status
import Store

extension Command {
    static let ack = Command(
        name: "ack",
        synopsis: "ISSUE|CUSTOMER/CONNECTION/STREAM --reason TEXT --until TIME",
        summary: "lets an issue or a quiet stream stand for a while",
        help: """
            Lets an issue of `headgate issues` stand, for a reason and until a time. It stays listed with both, and does
            not count as open until then. One that goes away and comes again counts again at once.

            A quiet stream, named by customer, connection and stream, is not called quiet until then.

              --reason TEXT  why, for those who read the list
              --until TIME   a date, a time such as 2026-12-01T06:00Z, or a duration such as P7D
            """,
        options: ["--reason", "--until"],
        words: 1...1
    ) { invocation in
        let arguments = invocation.arguments
        let word = arguments.words[0]
        guard let reason = try arguments.value("--reason"), !reason.isEmpty else {
            throw Stop(.usage, "Say why with --reason TEXT: the list shows it.")
        }
        guard let text = try arguments.value("--until") else {
            throw Stop(.usage, "Say until when with --until TIME: nothing is let stand for ever.")
        }
        let now = SystemTime().now
        let until = try Moments.after(now, text, for: "--until")
        let desk = try Desk.required(invocation)
        if word.contains("/") {
            try await quiet(Selection(naming: word), until: until, in: desk.ledger)
            invocation.say("\(word) is not called quiet until \(until.secondsText)Z.")
            return .done
        }
        let list = try await IssueView.list(invocation, desk: desk)
        let issue = try IssueView.named(word, among: list)
        try await desk.ledger.write([
            .ack(
                Ack(
                    issue: issue.id,
                    connection: issue.connection?.description ?? "",
                    by: Person.name,
                    reason: reason,
                    at: now,
                    until: until
                )
            )
        ])
        invocation.say(
            "\(issue.id) stands until \(until.secondsText)Z: \(issue.place), \(issue.cause.message)"
        )
        return .done
    }

    private static func quiet(_ selection: Selection, until: Timestamp, in ledger: any Ledger) async throws {
        guard selection.stream != nil else {
            throw Stop(.usage, "Name an issue by its id, or a quiet stream: CUSTOMER/CONNECTION/STREAM.")
        }
        for key in try await selection.streams(among: ledger.connections()) {
            var facts = try await ledger.facts(of: key)
            facts.quietUntil = until
            try await ledger.write([.stream(key, .facts(facts))])
        }
    }
}
