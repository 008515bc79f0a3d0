// SPDX-License-Identifier: Apache-2.0
import Basics
import Host
import JSON
import Status
import Store

extension Command {
    static let backfill = Command(
        name: "backfill",
        synopsis: "CUSTOMER/CONNECTION --from TIME [--stream STREAM]... [--plan] [--json]",
        summary: "asks for history of a connection that collects already",
        help: """
            Collects from further back than a connection has begun, beside what it collects now. What is covered stays
            covered and is not asked for again, and nothing is asked for that the source does not keep any more. The
            requests that it takes are estimated by what came in the last week; a running host begins within seconds.
            Asking twice is asking once.

              --from TIME      a duration back from now such as P3D, or a time such as 2026-11-20T06:00Z
              --stream STREAM  only this one, and may be given several times; all that have a history without it
              --plan           says what would be asked for, and changes nothing
              --json           for machines; docs/schemas/backfill.json describes it
            """,
        options: ["--from", "--stream"],
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
        let now = SystemTime().now
        guard let text = try arguments.value("--from") else { throw Misuse.missingWord("--from TIME") }
        let from = try instant(text, before: now)
        let names = arguments.all("--stream")
        let desk = try Desk.required(invocation)
        let connections = try await selection.connections(among: desk.ledger.connections())
        guard let connection = connections.first else {
            throw StoreFailure.missing("connection \(selection)")
        }
        let shelf = try await desk.shelf(invocation.place)
        let plan = try await Backfill.plan(
            connection,
            try shelf.usable(for: Carrying.carried(connection, shelf)),
            streams: names,
            from: from,
            ledger: desk.ledger,
            now: now
        )
        let isPlan = arguments.has("--plan")
        if !isPlan { try await plan.ask(in: desk.ledger) }
        if arguments.has("--json") {
            invocation.output.json(BackfillDocument.value(plan, connection, from, isPlan: isPlan))
        } else {
            for line in BackfillDocument.lines(plan, isPlan: isPlan) { invocation.output.line(line) }
        }
        let isRefused = plan.lines.contains { $0.standing == .refused }
        let isVain = plan.lines.allSatisfy { $0.standing == .refused }
        return isVain || (isRefused && !names.isEmpty) ? .notWell : .done
    }

    private static func instant(_ text: String, before now: Timestamp) throws -> Timestamp {
        let span = text.hasPrefix("now-") ? text.dropFirst(4) : Substring(text)
        let instant = Duration(iso8601: span).map { now - $0 } ?? Timestamp(iso8601: text)
        guard let instant, instant < now else {
            throw Misuse.badValue(
                option: "--from",
                value: text,
                wanted: "a duration such as P3D or a time in the past such as 2026-11-20T06:00Z"
            )
        }
        return instant
    }
}

/// What asking for history comes to, for people and machines.
enum BackfillDocument {
    static func value(_ plan: Backfill, _ connection: Connection, _ from: Timestamp, isPlan: Bool) -> Value {
        [
            "schema": 1, "customer": .string(connection.key.customer),
            "connection": .string(connection.key.connection), "from": .string(from.description),
            "plan": .bool(isPlan),
            "streams": .array(
                plan.lines.map { line in
                    [
                        "id": .string(line.stream.stream), "standing": .string(line.standing.rawValue),
                        "from": line.from.map { .string($0.description) } ?? .null,
                        "to": line.until.map { .string($0.description) } ?? .null,
                        "coveredFrom": .string(line.covered.description),
                        "reason": line.reason.map { .string($0) } ?? .null,
                        "cost": line.cost.map(cost) ?? .null,
                    ]
                }
            ),
        ]
    }

    private static func cost(_ cost: Backfill.Cost) -> Value {
        [
            "windows": .int(cost.windows), "requests": .int(cost.requests),
            "isLeast": .bool(cost.further == nil),
        ]
    }

    static func lines(_ plan: Backfill, isPlan: Bool) -> [String] {
        plan.lines.map { line in
            let because = line.reason.map { ": \($0)" } ?? ""
            switch line.standing {
            case .asked:
                let verb = isPlan ? "would be asked for" : "is asked for"
                return
                    "\(line.stream): history from \(line.from?.description ?? "") to \(line.until?.description ?? "") \(verb), "
                    + words(line.cost) + because + "."
            case .unchanged: return "\(line.stream) stays as it is\(because)."
            case .refused: return "\(line.stream) has no history to ask for\(because)."
            }
        }
    }

    private static func words(_ cost: Backfill.Cost?) -> String {
        guard let cost else { return "" }
        let bound = cost.further == nil ? "at least" : "about"
        return "\(bound) \(cost.requests) \(cost.requests == 1 ? "request" : "requests")"
    }
}
