// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Source
import Status
import Store

extension StreamCycle {
    /// Lists closed spans once more, by every rule that the definition has for it.
    mutating func listAgain(_ window: Cursor.Window) async throws {
        guard facts.coveredFrom != nil else { return }
        for relist in context.stream.relist { try await listAgain(window, relist) }
    }

    private mutating func listAgain(_ window: Cursor.Window, _ relist: StreamDefinition.Relist) async throws {
        guard let covered = facts.coveredFrom else { return }
        var doneTo = try await doneTo(relist)
        while let span = Relisting.due(
            span: relist.span,
            after: relist.after,
            doneTo: doneTo,
            coveredFrom: covered,
            watermark: try await watermark(),
            retention: context.retention,
            now: context.now
        ) {
            var rest = span
            while !rest.isEmpty {
                let piece = Span(rest.from, min(rest.from + step.longest, rest.to))
                if try await listAgain(piece, window) { rest.from = piece.to }
            }
            doneTo = span.to
            facts.relistedTo = try await relistedTo(covered, but: relist, span.to)
            try await context.note([
                .cursor(name: Self.name(relist), value: span.to.description), .facts(facts),
            ])
        }
    }

    /// Lists one piece again; `false` where it is to be tried in shorter ones.
    private mutating func listAgain(_ span: Span, _ window: Cursor.Window) async throws -> Bool {
        let holder = try await context.ledger.coverage(of: context.key, since: span.from).first
        let run = WindowRun(
            context: context,
            window: window,
            span: span,
            kind: .again,
            row: holder?.from,
            purse: purse
        )
        var startedOver = false
        while true {
            do {
                let result = try await run.run()
                note(result)
                step.succeeded()
                let broken = result.broken.flatMap {
                    ParkedRun(context: context, purse: purse).park($0.item, $0.setback, row: holder?.from)
                }
                if !broken.isEmpty { try await context.note(broken) }
                return true
            } catch let setback as Setback {
                switch setback.action {
                case .resetPaging where !startedOver:
                    note(setback.committed)
                    startedOver = true
                case .resetPaging, .splitWindow:
                    note(setback.committed)
                    if step.halve(below: span.length) { return false }
                    let gap = spanGap(span, setback)
                    end.gapsOpened += 1
                    try await context.note([.openGap(gap)])
                    return true
                default: throw setback
                }
            }
        }
    }

    /// How far every rule has come, `relist` having come to `end`.
    private func relistedTo(
        _ covered: Timestamp,
        but relist: StreamDefinition.Relist,
        _ end: Timestamp
    ) async throws -> Timestamp {
        var least = end
        for other in context.stream.relist where other != relist {
            least = min(least, try await doneTo(other) ?? covered)
        }
        return least
    }

    private func doneTo(_ relist: StreamDefinition.Relist) async throws -> Timestamp? {
        try await context.ledger.cursor(Self.name(relist), of: context.key).flatMap { Timestamp(iso8601: $0) }
    }

    private static func name(_ relist: StreamDefinition.Relist) -> String {
        "relisted:\(relist.after.iso8601)/\(relist.span.iso8601)"
    }
}
