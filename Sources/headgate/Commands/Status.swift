// SPDX-License-Identifier: Apache-2.0
import Basics
import Host
import Reporting
import Status
import Terminal

extension Command {
    static let status = Command(
        name: "status",
        synopsis:
            "[CUSTOMER[/CONNECTION[/STREAM]]] [--state STATE] [--json | --plain | --html FILE] [--all] [--watch] [--exit-code]",
        summary: "says truthfully how far collection has come",
        help: """
            Shows every connection and stream, the worst first, with its cause and what to do.

              --state STATE  only what is in that state: draft, pending, active, quiet, late, failing, blocked, paused,
                             excluded, unknown
              --json         for machines; docs/schemas/status.json describes it
              --plain        one line a stream, columns parted by tabs
              --html FILE    writes one page for a browser, with the last thirty days of each stream; nothing outside it
                             is needed, and it may be sent on
              --all          every stream, also those that say no more than their connection
              --watch        shows it anew until interrupted
              --exit-code    0 fine, 1 a warning, 2 failing or blocked, 3 not known
            """,
        options: ["--state", "--html"],
        flags: ["--json", "--plain", "--all", "--watch", "--exit-code"],
        words: 0...1
    ) { invocation in
        let arguments = invocation.arguments
        let page = try arguments.value("--html")
        let forms = [arguments.has("--json"), arguments.has("--plain"), page != nil].count { $0 }
        guard forms < 2, page == nil || !arguments.has("--watch") else {
            throw Stop(.usage, "--json, --plain, --html and --watch are forms of the same: choose one.")
        }
        let name = try arguments.value("--state")
        let state = name.flatMap { StreamState(rawValue: $0) }
        if let name, state == nil {
            let known = StreamState.allCases.map(\.rawValue).joined(separator: ", ")
            throw Misuse.badValue(option: "--state", value: name, wanted: "one of \(known)")
        }
        let named = try arguments.words.first.map { try Selection(naming: $0) }
        let look: @Sendable () async throws -> StatusReport = {
            let report = try await StatusView.report(invocation, now: SystemTime().now)
            return try StatusView.narrowed(report, to: named).inState(state)
        }
        guard arguments.has("--watch") else {
            let report = try await look()
            if let page {
                try await StatusView.write(report, of: named?.customer, to: page, invocation)
            } else {
                show(report, isNarrowed: state != nil, invocation)
            }
            return arguments.has("--exit-code")
                ? Exit(rawValue: Int32(report.level.rawValue)) ?? .fault : .done
        }
        return try await Interruption.running(afterInterrupt: .done) {
            let live = Live(invocation.output)
            live.clear()
            while true {
                live.show(
                    StatusText(try await look(), style: live.shortStyle(all: arguments.has("--all"))).lines
                )
                try await Task.sleep(for: .seconds(2))
            }
        }
    }

    private static func show(_ report: StatusReport, isNarrowed: Bool, _ invocation: Invocation) {
        let output = invocation.output
        if invocation.arguments.has("--json") {
            output.json(report.json)
        } else if invocation.arguments.has("--plain") {
            for line in StatusPlain.lines(report) { output.line(line) }
        } else {
            if isNarrowed, report.host.ledgerIsReadable, report.customers.isEmpty {
                invocation.say("Nothing is in that state.")
                return
            }
            if report.host.ledgerIsReadable, report.customers.isEmpty {
                invocation.say("Nothing is set up in \(invocation.place.home).")
            }
            let style = Live(output).style(all: invocation.arguments.has("--all"))
            for line in StatusText(report, style: style).lines { output.line(line) }
        }
    }
}
