// SPDX-License-Identifier: Apache-2.0
import Basics
import Host
import JSON
import Status
import Store

extension Command {
    static let pause = hold(
        .paused,
        name: "pause",
        summary: "stops collecting for a while",
        help: """
            Stops collecting a customer, a connection or a stream until `headgate resume`, or until --until. What falls
            out of the source's retention meanwhile becomes a gap. What is excluded stays so.
            """
    )

    static let exclude = hold(
        .excluded,
        name: "exclude",
        summary: "agrees that something is not covered",
        help: """
            Takes a customer, a connection or a stream out of what is covered, for a reason that status and report
            show: no license for it, or the customer's own decision.
            """
    )

    static let resume = Command(
        name: "resume",
        synopsis: "CUSTOMER[/CONNECTION[/STREAM]] [--excluded]",
        summary: "goes on with what was paused or excluded",
        help: """
            Takes back every pause of what is named, and the exclusion of a stream that is named itself; the host goes on
            within seconds.

              --excluded  takes back the exclusions of a whole customer or connection as well
            """,
        flags: ["--excluded"],
        words: 1...1
    ) { invocation in
        let desk = try Desk.required(invocation)
        let selection = try Selection(naming: invocation.arguments.words[0])
        let outcome = try await Holding.resume(
            selection,
            excludedToo: invocation.arguments.has("--excluded"),
            at: SystemTime().now,
            in: desk.ledger
        )
        invocation.say(
            outcome.done.isEmpty
                ? "Nothing of \(selection) is paused." : "Going on: \(names(outcome.done))."
        )
        if !outcome.excluded.isEmpty {
            invocation.say(
                "Still excluded, as agreed: \(names(outcome.excluded)). To take that back: headgate resume \(selection) --excluded"
            )
        }
        return .done
    }

    private static func hold(_ kind: Hold.Kind, name: String, summary: String, help: String) -> Command {
        Command(
            name: name,
            synopsis: "CUSTOMER[/CONNECTION[/STREAM]] --reason TEXT [--until TIME]",
            summary: summary,
            help: help + """


                  --reason TEXT  why, for those who read the status
                  --until TIME   a date, a time such as 2026-12-01T06:00Z, or a duration such as P2D
                """,
            options: ["--reason", "--until"],
            words: 1...1
        ) { invocation in
            let selection = try Selection(naming: invocation.arguments.words[0])
            guard let reason = try invocation.arguments.value("--reason"), !reason.isEmpty else {
                throw Stop(.usage, "Say why with --reason TEXT: status and report show it.")
            }
            let now = SystemTime().now
            let until = try invocation.arguments.value("--until").map {
                try Moments.after(now, $0, for: "--until")
            }
            let desk = try Desk.required(invocation)
            let hold = Hold(kind: kind, by: Person.name, reason: reason, at: now, until: until)
            let outcome = try await Holding.hold(selection, hold, in: desk.ledger)
            if !outcome.excluded.isEmpty {
                invocation.say("Excluded already, and not paused: \(names(outcome.excluded)).")
            }
            guard !outcome.done.isEmpty else { return .done }
            let end = until.map { ", until \($0)" } ?? ""
            invocation.say("\(kind == .paused ? "Paused" : "Excluded")\(end): \(names(outcome.done)).")
            return .done
        }
    }

    private static func names(_ streams: [StreamKey]) -> String {
        streams.map(\.description).joined(separator: ", ")
    }
}
