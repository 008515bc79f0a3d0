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
            out of the source's retention meanwhile becomes a gap.
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
        synopsis: "CUSTOMER[/CONNECTION[/STREAM]]",
        summary: "goes on with what was paused or excluded",
        help: "Takes back every pause and exclusion of what is named; the host goes on within seconds.",
        words: 1...1
    ) { invocation in
        let desk = try Desk.required(invocation)
        let selection = try Selection(naming: invocation.arguments.words[0])
        let held = try await Holding.resume(selection, at: SystemTime().now, in: desk.ledger)
        invocation.say(held.isEmpty ? "Nothing of \(selection) is held." : "Going on: \(names(held)).")
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
            let streams = try await Holding.hold(selection, hold, in: desk.ledger)
            let end = until.map { ", until \($0)" } ?? ""
            invocation.say("\(kind == .paused ? "Paused" : "Excluded")\(end): \(names(streams)).")
            return .done
        }
    }

    private static func names(_ streams: [StreamKey]) -> String {
        streams.map(\.description).joined(separator: ", ")
    }
}
