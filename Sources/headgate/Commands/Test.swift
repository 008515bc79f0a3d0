// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import Probing
import Reporting
import Status
import Store
import Terminal

extension Command {
    static let test = Command(
        name: "test",
        synopsis: "[CUSTOMER[/CONNECTION]] [--json]",
        summary: "tests connections step by step, changing nothing",
        help: """
            Tests each connection named, or all of them: what was entered, the network, the credential, the permissions,
            auditing, the subscriptions, and one read from every stream. Nothing is changed at the source.

            Exit 0 when everything passes, 1 with warnings, 4 where it waits or cannot be told, 5 when a step fails.
            """,
        flags: ["--json"],
        words: 0...1
    ) { invocation in
        let desk = try Desk.required(invocation)
        var connections = try await desk.ledger.connections()
        if let word = invocation.arguments.words.first {
            connections = try Selection(naming: word).connections(among: connections)
        }
        guard !connections.isEmpty else { throw StoreFailure.missing("connection to test") }
        let wiring = try Wiring(desk, invocation.place)
        let sessions = Sessions(wiring.maker, Credentials(wiring.vault), desk.ledger)
        let registrations = try await desk.ledger.registrations()
        let progress = ProgressLine()
        let isJSON = invocation.arguments.has("--json")
        var reports: [ProbeReport] = []
        for connection in connections {
            let definition = try wiring.shelf.definition(connection.connector)
            let subject = ProbeSubject(
                connection,
                definition,
                registration: registrations.first { $0.id == connection.registration },
                session: try await sessions.session(of: connection, definition)
            )
            let report = try await Prober.run(subject) { progress.show("\(connection.key): \($0)") }
            progress.clear()
            reports.append(report)
            guard !isJSON else { continue }
            let style = Live(invocation.output).style()
            for line in ProbeText(report, style: style).lines + [""] { invocation.output.line(line) }
        }
        if isJSON { invocation.output.json(ProbeReport.document(reports)) }
        // The worst of several, as one would say it: a fail before what waits before a warning.
        let worst = reports.map(\.exitCode).max() ?? 0
        return Exit(rawValue: worst) ?? .fault
    }
}
