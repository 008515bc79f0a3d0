// SPDX-License-Identifier: Apache-2.0
import Wizard
import Basics
import Connectors
import Host
import JSON
import Probing
import Reporting
import Status
import Store
import Terminal

extension Command {
    static let repair = Command(
        name: "repair",
        synopsis: "ISSUE|CUSTOMER/CONNECTION [--json]",
        summary: "looks at an issue again now, and does what only a person may ask for",
        help: """
            Tests the connection again, allows one try of what Headgate must not do by itself, such as starting a
            subscription that the source lists as disabled, has the host look at once, and says whether the issue is
            over or what is still to be done.

            Exit 0 when it is over or the test passes, 4 while it is being tried, 5 where a person still has to act.

              --json  for machines; docs/schemas/repair.json describes it
            """,
        flags: ["--json"],
        words: 1...1
    ) { invocation in
        let word = invocation.arguments.words[0]
        if word.contains("/"), ConnectionWalk.isPossible(invocation) {
            return try await ConnectionWalk.lead(.repair, try Selection(naming: word).one(), invocation)
        }
        let desk = try Desk.required(invocation)
        let list = try await IssueView.list(invocation, desk: desk)
        let issue = word.contains("/") ? nil : try IssueView.named(word, among: list)
        guard let key = try issue.map({ $0.connection }) ?? Selection(naming: word).one() else {
            // One of this machine: nothing at a source can be tried.
            return show(of: issue, .person(issue?.cause.message ?? "", issue?.cause.remedy), nil, invocation)
        }
        guard let connection = try await desk.ledger.connection(key) else {
            throw StoreFailure.missing("connection \(key)")
        }
        if let issue, issue.origin == .expiry {
            return show(of: issue, .person(issue.cause.message, issue.cause.remedy), connection, invocation)
        }
        let wiring = try await Wiring(desk, invocation.place)
        try await wake(issue?.others ?? [], in: desk.ledger)
        let progress = ProgressLine()
        guard !connection.isDraft else {
            let onboarding = Admission(desk: desk, wiring: wiring).onboarding
            let outcome = try await Host.Repair.finish(connection, onboarding) {
                progress.show("\(key): \($0)")
            }
            progress.clear()
            return show(of: issue, outcome, connection, invocation)
        }
        let outcome = try await Host.Repair.look(
            at: connection,
            streams: streams(issue, connection, list),
            wiring.examiner(desk),
            in: desk.ledger,
            time: SystemTime()
        ) { progress.show("\(key): \($0)") }
        progress.clear()
        return show(of: issue, outcome, connection, invocation)
    }

    /// Has a running host look at what shares the fault: what is put right at the app is put right for all of it.
    private static func wake(_ connections: [ConnectionKey], in ledger: any Ledger) async throws {
        for key in connections {
            guard let connection = try await ledger.connection(key), !connection.isDraft else { continue }
            try await ledger.write(connection.streamKeys.map { .wake($0) })
        }
    }

    /// The streams that the word is given for: those of the issue, else of every issue of the connection, else all.
    private static func streams(_ issue: RaisedIssue?, _ connection: Connection, _ list: IssueList)
        -> [StreamKey]
    {
        let meant =
            issue.map { [$0] }
            ?? list.issues.filter { $0.connections.contains(connection.key) }
        let names = Set(meant.filter { $0.connection == connection.key }.flatMap(\.streams))
        return zip(connection.streams, connection.streamKeys)
            .filter { $0.0.hold == nil && (names.isEmpty || names.contains($0.0.stream)) }.map(\.1)
    }

    private static func show(
        of issue: RaisedIssue?,
        _ outcome: Host.Repair.Outcome,
        _ connection: Connection?,
        _ invocation: Invocation
    ) -> Exit {
        let (word, words, remedy, exit): (String, String, Remedy?, Exit) =
            switch outcome {
            case .resolved(true): ("resolved", "it is over: the host has collected since", nil, .done)
            case .resolved(false): ("resolved", "nothing is wrong: the host has just collected", nil, .done)
            case .passes:
                ("passes", "the test passes; the next pass proves it: headgate run --once", nil, .done)
            case .trying(let words): ("trying", words, nil, .waiting)
            case .person(let words, let remedy): ("person", words, remedy, .checkFailed)
            }
        if invocation.arguments.has("--json") {
            invocation.output.json(
                members(
                    ("schema", 1),
                    ("issue", .text(issue?.id)),
                    ("customer", .text(connection?.key.customer)),
                    ("connection", .text(connection?.key.connection)),
                    ("outcome", .string(word)),
                    ("words", .string(words)),
                    ("remedy", remedy?.json ?? .null)
                )
            )
            return exit
        }
        let name = issue.map { "\($0.id) (\($0.place))" } ?? connection?.key.description ?? "this machine"
        invocation.output.line("\(name): \(words)")
        if let remedy {
            for line in RemedyText.lines(remedy, style: Live(invocation.output).style(), indent: "  ") {
                invocation.output.line(line)
            }
        }
        return exit
    }
}
