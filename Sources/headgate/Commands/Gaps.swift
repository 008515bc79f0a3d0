// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import JSON
import Status
import Store

extension Command {
    static let gaps = Command(
        name: "gaps",
        synopsis: "[CUSTOMER[/CONNECTION[/STREAM]]] [--all] [--retry] [--json]",
        summary: "lists what is known to be missing",
        help: """
            Lists the open gaps: spans of time and single items that are missing, with cause and the last day on which
            they can be recovered. Exit 1 when there is any.

              --all    also those that were recovered or are lost for good
              --retry  has the host try the open ones again now, those kept in quarantine included
            """,
        flags: ["--all", "--retry", "--json"],
        words: 0...1
    ) { invocation in
        let arguments = invocation.arguments
        let scope = try arguments.words.first.map { try Selection(naming: $0).scope } ?? .all
        let desk = try Desk.existing(invocation)
        let now = SystemTime().now
        if arguments.has("--retry"), let desk {
            let count = try await GapRetry.schedule(scope, in: desk.ledger, now: now)
            invocation.say(
                count == 0 ? "There is nothing to try again." : "\(count) will be tried again by the host."
            )
        }
        let gaps = try await desk?.ledger.gaps(scope, openOnly: !arguments.has("--all")) ?? []
        let isWell = !gaps.contains(where: \.isOpen)
        if arguments.has("--json") {
            invocation.output.json([
                "schema": 1, "gaps": .array(gaps.map(\.json)),
                "selected": .array(try await SelectedRecords.all(scope, desk).map(\.json)),
            ])
            return isWell ? .done : .notWell
        }
        if gaps.isEmpty {
            let all = try await desk?.ledger.gaps(scope, openOnly: false).count ?? 0
            invocation.say(
                all == 0 ? "No gaps." : "No open gap; \(all) that are over or lost are shown with --all."
            )
        } else {
            var table = Table("stream", "kind", "from", "to", "cause", "recoverable until", "state", "why")
            for gap in gaps {
                table.add(
                    gap.stream.description,
                    gap.kind.rawValue,
                    gap.from.description,
                    gap.to.description,
                    gap.cause.rawValue,
                    gap.recoverableUntil.map(\.description) ?? "-",
                    state(of: gap),
                    gap.how
                )
            }
            invocation.output.table(table)
        }
        for selected in try await SelectedRecords.all(scope, desk) {
            invocation.output.line("By choice, and no gap: \(selected.line)")
        }
        return isWell ? .done : .notWell
    }

    private static func state(of gap: Gap) -> String {
        if let recovered = gap.recovered { return "recovered \(recovered)" }
        if gap.lost { return "lost" }
        return gap.held ? "held" : "open"
    }
}
