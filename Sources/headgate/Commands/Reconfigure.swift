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
    static let reconfigure = Command(
        name: "reconfigure",
        synopsis:
            "CUSTOMER/CONNECTION [--answers FILE] [--set NAME=VALUE]... [--streams A,B] [--plan] [--json]",
        summary: "changes a connection that is set up already",
        help: """
            Changes what is named and leaves everything else: the names for people, the streams, what is left out of
            them, credentials that are no secret such as the Publisher Id, and whether the source may be changed. The
            connection is tested anew first; where it could not collect any more, nothing is changed (exit 5). What a
            connection is, its tenant above all, never changes.

              --answers FILE    the words of an answers file, each of which may be missing, and "displayName",
                                "noChanges"; null takes a credential away; `-` reads standard input
              --set NAME=VALUE  displayName, customerName, noChanges, secretExpires or a credential by its name, and may
                                be given several times; nothing behind = takes a credential away
              --streams A,B     all streams that are to be collected
              --plan            shows what would become another, and neither tests nor changes anything
              --json            for machines; docs/schemas/reconfigure.json describes it
            """,
        options: ["--answers", "--set", "--streams"],
        flags: ["--plan", "--json"],
        words: 1...1
    ) { invocation in
        let arguments = invocation.arguments
        let selection = try Selection(naming: arguments.words[0])
        guard selection.connection != nil, selection.stream == nil else {
            throw Misuse.badValue(
                option: "the name",
                value: arguments.words[0],
                wanted: "CUSTOMER/CONNECTION"
            )
        }
        let saysNothing = ["--answers", "--set", "--streams"].allSatisfy { arguments.all($0).isEmpty }
        if saysNothing, !arguments.has("--plan"), ConnectionWalk.isPossible(invocation) {
            return try await ConnectionWalk.lead(.reconfigure, try selection.one(), invocation)
        }
        guard !saysNothing else {
            throw Stop(
                .inputNeeded,
                "Say what to change of \(selection) with --set NAME=VALUE, --streams A,B or --answers FILE."
            )
        }
        let desk = try Desk.required(invocation)
        let wiring = try await Wiring(desk, invocation.place)
        try await Carrying.carry(desk.ledger, wiring.shelf, now: SystemTime().now, log: .silent)
        let connections = try await selection.connections(among: desk.ledger.connections())
        guard let connection = connections.first else {
            throw StoreFailure.missing("connection \(selection)")
        }
        let changes = try changes(arguments, try wiring.shelf.usable(for: connection))
        let reconfiguring = Reconfiguring(Admission(desk: desk, wiring: wiring).onboarding)
        let plan = try await reconfiguring.plan(changes, of: connection)
        let isPlan = arguments.has("--plan")
        let progress = ProgressLine()
        let result = isPlan ? nil : try await reconfiguring.carryOut(plan) { progress.show($0) }
        progress.clear()
        let document = ReconfigureDocument(plan: plan, result: result)
        if arguments.has("--json") {
            invocation.output.json(document.value)
        } else {
            for line in document.lines(Live(invocation.output).style()) { invocation.output.line(line) }
        }
        return document.exit
    }

    private static func changes(_ arguments: Arguments, _ definition: Definition) throws -> ConnectionChanges
    {
        var changes = ConnectionChanges()
        if let path = try arguments.value("--answers") {
            changes = try ConnectionChanges(parsing: ReadFile.bytes(path))
        }
        for setting in arguments.all("--set") { try changes.set(setting, of: definition) }
        if let list = try arguments.value("--streams") {
            let streams = list.split(separator: ",").map(String.init)
            guard !streams.isEmpty else {
                throw Misuse.badValue(
                    option: "--streams",
                    value: list,
                    wanted: "streams with commas between them"
                )
            }
            changes.streams = streams
        }
        return changes
    }
}

/// What changing a connection comes to, for people and machines.
struct ReconfigureDocument {
    let plan: Reconfiguring.Plan
    /// What came of it; `nil` where it was only planned.
    let result: Reconfiguring.Result?

    private var report: ProbeReport? {
        switch result {
        case .tested(_, let report)?, .refused(let report)?: report
        case .unchanged?, .written?, nil: nil
        }
    }

    private var word: String {
        switch result {
        case nil: plan.differences.isEmpty ? "unchanged" : "planned"
        case .unchanged?: "unchanged"
        case .written?, .tested?: "changed"
        case .refused?: "refused"
        }
    }

    var exit: Exit {
        switch result {
        case .refused?: .checkFailed
        case .tested(let added, _)?:
            switch added.standing {
            case .collecting: .done
            case .partly: .notWell
            case .draft: .checkFailed
            }
        case .unchanged?, .written?, nil: .done
        }
    }

    var value: Value {
        [
            "schema": 1, "customer": .string(plan.connection.key.customer),
            "connection": .string(plan.connection.key.connection), "result": .string(word),
            "changes": .array(plan.differences.map(\.json)), "test": report.map(\.json) ?? .null,
        ]
    }

    func lines(_ style: Style) -> [String] {
        let key = plan.connection.key
        guard !plan.differences.isEmpty else { return ["\(key) is like that already; nothing was changed."] }
        let list = plan.differences.map { "  " + $0.line }
        switch result {
        case nil: return ["\(key) would change:"] + list
        case .written?, .unchanged?: return ["\(key) changed:"] + list
        case .refused(let report)?:
            return ProbeText(report, style: style).lines + [""]
                + ["\(key) could not collect like this, so nothing was changed:"] + list
        case .tested(let added, let report)?:
            let test =
                added.standing == .collecting
                ? ProbeText(report, style: style).shortLines : ProbeText(report, style: style).lines + [""]
            return test + ["\(key) changed:"] + list + AddedDocument.lines(added).dropLast()
        }
    }
}
