// SPDX-License-Identifier: Apache-2.0
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
    static let connectionAdd = Command(
        name: "connection add",
        synopsis: "--answers FILE [CREDENTIAL] [--no-changes] [--json]",
        summary: "connects a tenant: tests it, then collects it",
        help: """
            Reads the answers, tests the connection, and accepts it if at least one stream can be collected; otherwise it
            stays a draft with its cause (exit 5). Exit 1: accepted, but some streams start blocked. Adding again with
            the same tenant updates the connection.

              --answers FILE  {"customer", "connector", "name", "cloud", "credentials": {…}, "streams": […], "start",
                              "select": {STREAM: {"where": CONDITION, "drop": CONDITION, "redact": [FIELD]}}};
                              `headgate connector show CONNECTOR` lists the credentials, `-` reads standard input

            One credential, unless the app is known already:

            """ + CredentialFlags.help + """


                  --no-changes  withholds what collecting would change at the source, such as starting a subscription
                  --json        prints what came of it
                """,
        options: CredentialFlags.options.union(["--answers"]),
        flags: CredentialFlags.flags.union(["--no-changes", "--json"])
    ) { invocation in
        let arguments = invocation.arguments
        guard let path = try arguments.value("--answers") else { throw Misuse.missingWord("--answers FILE") }
        if path == "-", arguments.has("--secret-stdin") {
            throw Stop(.usage, "Standard input can hold the answers or the secret, not both.")
        }
        let file = try AnswersFile(parsing: ReadFile.bytes(path))
        let settings = try Desk.settings(invocation.place)
        try await Onboarding.look(file, shelf: invocation.shelf(), fallbacks: settings.fallbacks)
        let offered = try CredentialFlags.offered(arguments)
        let desk = try Desk.made(invocation)
        let admission = Admission(desk: desk, wiring: try await Wiring(desk, invocation.place))
        let progress = ProgressLine()
        let (added, report) = try await admission.add(
            file,
            offered,
            noChanges: arguments.has("--no-changes"),
            warn: { invocation.say("warning: \($0)") },
            progress: { progress.show($0) }
        )
        progress.clear()
        if arguments.has("--json") {
            invocation.output.json(AddedDocument.value(added, report))
        } else {
            let style = Live(invocation.output).style()
            let lines =
                added.standing == .collecting
                ? ProbeText(report, style: style).shortLines : ProbeText(report, style: style).lines + [""]
            for line in lines + AddedDocument.lines(added) { invocation.output.line(line) }
        }
        switch added.standing {
        case .collecting: return .done
        case .partly: return .notWell
        case .draft: return .checkFailed
        }
    }
}

/// What came of adding a connection, for people and machines.
enum AddedDocument {
    static func value(_ added: Added, _ report: ProbeReport) -> Value {
        let connection = added.connection
        return [
            "schema": 1, "customer": .string(connection.key.customer),
            "connection": .string(connection.key.connection),
            "connector": .string(connection.connector), "tenant": .string(connection.tenant),
            "standing": .string(added.standing.rawValue), "updated": .bool(added.isUpdate),
            "streams": .array(
                connection.streams.map { choice in
                    let cause = added.blocked[choice.stream]
                    return [
                        "id": .string(choice.stream), "cause": cause.map(\.json) ?? .null,
                        "excluded": added.excluded[choice.stream].map { .string($0) } ?? .null,
                    ]
                }
            ),
            "cause": connection.draftCause.map(\.json) ?? .null, "test": report.json,
        ]
    }

    static func lines(_ added: Added) -> [String] {
        let connection = added.connection
        let verb = added.isUpdate ? "updated" : "added"
        var lines: [String] = []
        switch added.standing {
        case .collecting:
            lines.append("\(connection.key) \(verb): \(connection.streams.count) streams will be collected.")
        case .partly:
            let count = connection.streams.count - added.blocked.count - added.excluded.count
            lines.append(
                "\(connection.key) \(verb): \(count) of \(connection.streams.count) streams will be collected."
            )
            for (stream, cause) in added.blocked.sorted(by: { $0.key < $1.key }) {
                let word = cause.confirmed ? "is blocked" : "is tried again"
                lines.append("  \(stream) \(word): \(cause.message)")
            }
            for (stream, words) in added.excluded.sorted(by: { $0.key < $1.key }) {
                lines.append(
                    "  \(stream) is left out: \(words). Once the plan is there it is collected by itself."
                )
            }
        case .draft:
            lines.append(
                "\(connection.key) is kept as a draft: \(connection.draftCause?.message ?? "it was not tested")"
            )
            if added.keptOldCredential {
                lines.append("  The credential that other connections use was left as it was.")
            }
        }
        for choice in connection.streams {
            guard let selected = try? RecordSelection.kept(choice.select) else { continue }
            lines.append("  \(choice.stream): \(selected.words)")
        }
        if added.standing != .draft {
            lines.append("Collect with: headgate run, or headgate run --once")
        }
        return lines
    }
}
