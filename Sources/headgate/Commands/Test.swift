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
        synopsis: "[CUSTOMER[/CONNECTION]] [--wait] [--json]",
        summary: "tests connections step by step, changing nothing",
        help: """
            Tests each connection named, or all of them: what was entered, the network, the credential, the permissions,
            auditing, the subscriptions, and one read from every stream. Nothing is changed at the source. Where the app may ask when its secret ends, that is
            written down here.

            Exit 0 when everything passes, 1 with warnings, 4 where it waits or cannot be told, 5 when a step fails.

              --wait  repeats for some minutes what a change takes a while to act on, such as a permission just granted
              --json  for machines; docs/schemas/test.json describes it
            """,
        flags: ["--json", "--wait"],
        words: 0...1
    ) { invocation in
        let desk = try Desk.required(invocation)
        let wiring = try await Wiring(desk, invocation.place)
        try await Carrying.carry(desk.ledger, wiring.shelf, now: SystemTime().now, log: .silent)
        var connections = try await desk.ledger.connections()
        if let word = invocation.arguments.words.first {
            connections = try Selection(naming: word).connections(among: connections)
        }
        guard !connections.isEmpty else { throw StoreFailure.missing("connection to test") }
        // One definition that may not be used must not keep the others from being tested.
        var refused: [ConnectorFailure] = []
        for failure in connections.compactMap(wiring.shelf.refusal) where !refused.contains(failure) {
            refused.append(failure)
            Talk.say("headgate: \(failure)")
        }
        connections.removeAll { wiring.shelf.refusal(of: $0) != nil }
        if connections.isEmpty { return .refused }
        let examiner = wiring.examiner(desk)
        let isJSON = invocation.arguments.has("--json")
        let isPatient = invocation.arguments.has("--wait")
        let progress = ProgressLine()
        let reports = try await SideBySide.of(connections) { connection in
            try await Prober.run(try await examiner.subject(of: connection), isPatient: isPatient) {
                progress.show("\(connection.key): \($0)")
            }
        } telling: { report in
            progress.clear()
            guard !isJSON else { return }
            let style = Live(invocation.output).style()
            for line in ProbeText(report, style: style).lines + [""] { invocation.output.line(line) }
        }
        try await CredentialEnds.note(reports, in: desk.ledger)
        if isJSON { invocation.output.json(ProbeReport.document(reports)) }
        return refused.isEmpty ? Exit(rawValue: ProbeReport.exitCode(of: reports)) ?? .fault : .refused
    }
}
