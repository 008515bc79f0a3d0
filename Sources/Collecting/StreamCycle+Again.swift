// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Source
import Status
import Store

extension StreamCycle {
    /// Tries spans that are parked and due; one that comes closes its gap.
    mutating func retrySpans(_ window: Cursor.Window) async throws {
        let now = context.time.now
        for gap in try await context.ledger.gaps(.stream(context.key), openOnly: true)
        where gap.kind == .span && (gap.nextTry ?? .init(nanoseconds: .max)) <= now {
            let span = Span(gap.from, gap.to)
            var gap = gap
            let run = WindowRun(
                context: context,
                window: window,
                span: span,
                kind: .history,
                row: span.from,
                purse: purse
            )
            do {
                let result = try await run.run()
                note(result)
                gap.recovered = context.time.now
                let row = CoverageRow(
                    stream: context.key,
                    from: span.from,
                    to: span.to,
                    state: .stored,
                    counts: Counts(listed: result.listed)
                )
                try await context.note(parked(result, row: span.from) + [.coverage(row), .updateGap(gap)])
            } catch let setback as Setback {
                note(setback.committed)
                gap.attempts += 1
                gap.nextTry = Parking.nextTry(after: gap.attempts, now: now, deadline: gap.recoverableUntil)
                gap.lost = gap.nextTry == nil
                let row = CoverageRow(
                    stream: context.key,
                    from: span.from,
                    to: span.to,
                    state: gap.lost ? .gap : .parked,
                    attempts: gap.attempts,
                    lastError: setback.message,
                    nextTry: gap.nextTry
                )
                try await context.note([.coverage(row), .updateGap(gap)])
            }
        }
    }

    mutating func listAgain(_ window: Cursor.Window) async throws {
        guard let relist = context.stream.relist.first, let covered = facts.coveredFrom else { return }
        while let span = Relisting.due(
            span: relist.span,
            after: relist.after,
            doneTo: facts.relistedTo,
            coveredFrom: covered,
            watermark: try await watermark(),
            retention: context.retention,
            now: context.now
        ) {
            let holder = try await context.ledger.coverage(of: context.key, since: span.from).first
            let run = WindowRun(
                context: context,
                window: window,
                span: span,
                kind: .again,
                row: holder?.from,
                purse: purse
            )
            let result = try await run.run()
            note(result)
            facts.relistedTo = span.to
            let broken = result.broken.flatMap {
                ParkedRun(context: context, purse: purse).park($0.item, $0.setback, row: holder?.from)
            }
            try await context.note(broken + [.facts(facts)])
        }
    }
}
