// SPDX-License-Identifier: Apache-2.0
import Basics
import Host
import Reporting
import Status
import Store

extension Command {
    static let check = Command(
        name: "check",
        synopsis: "[CUSTOMER[/CONNECTION[/STREAM]]] [--warning STATES] [--critical STATES]",
        summary: "says in one line for Nagios, Icinga and their kin whether all is well",
        help: """
            Prints one line with figures, and one more for each connection that is not well. Ends with 0 (OK),
            1 (WARNING), 2 (CRITICAL) or 3 (UNKNOWN); whatever keeps it from looking is UNKNOWN too.

              --warning STATES   told as a warning, with commas: late,quiet,paused unless said otherwise
              --critical STATES  told as critical: failing,blocked unless said otherwise

            -w and -c are short for them. Waiting for a first record is a warning when half the time for it has gone,
            and a pause is critical when its end has passed. A draft counts only where it is named.
            What a person lets stand with headgate ack is told here all the same.
            """,
        options: ["--warning", "--critical", "-w", "-c"],
        words: 0...1,
        // 2, the exit of misuse elsewhere, would wake somebody for a slip in a monitoring system's set-up.
        whenInVain: .inputNeeded
    ) { invocation in
        let line = await look(invocation)
        for text in line.lines { invocation.output.line(text) }
        return Exit(rawValue: Int32(line.level.rawValue)) ?? .fault
    }

    /// The line; what a monitoring system must not take for a finding about a customer is unknown, never critical.
    private static func look(_ invocation: Invocation) async -> CheckLine {
        do {
            let usual = AlertPolicy.usual
            let policy = AlertPolicy(
                warning: try states("--warning", "-w", invocation.arguments) ?? usual.warning,
                critical: try states("--critical", "-c", invocation.arguments) ?? usual.critical
            )
            let selection = try invocation.arguments.words.first.map { try Selection(naming: $0) }
            let report = try await StatusView.report(invocation, now: SystemTime().now)
            let line = CheckLine(report, of: selection?.scope ?? .all, policy: policy)
            guard let selection, report.host.ledgerIsReadable, !report.has(selection.scope) else {
                return line
            }
            return CheckLine(.unknown, "there is no \(selection) here")
        } catch {
            return CheckLine(.unknown, "\(error)")
        }
    }

    private static func states(_ name: String, _ short: String, _ arguments: Arguments) throws -> Set<
        StreamState
    >? {
        let given = try arguments.value(name) ?? arguments.value(short)
        guard let given else { return nil }
        return Set(
            try given.split(separator: ",").map { word in
                guard let state = StreamState(rawValue: String(word)) else {
                    let known = StreamState.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Misuse.badValue(option: name, value: String(word), wanted: "some of \(known)")
                }
                return state
            }
        )
    }
}
