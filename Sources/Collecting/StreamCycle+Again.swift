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
            // A span that was stored once and could not be listed again does not take its first listing back.
            let isCovered = try await isStored(span)
            let run = WindowRun(
                context: context,
                window: window,
                span: span,
                kind: isCovered ? .again : .history,
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
                    counts: Counts(listed: result.listed),
                    relisted: isCovered
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
                    nextTry: gap.nextTry,
                    relisted: isCovered
                )
                try await context.note([.coverage(row), .updateGap(gap)])
            }
        }
    }

    private func isStored(_ span: Span) async throws -> Bool {
        let rows = try await context.ledger.coverage(of: context.key, since: span.from)
        let stored = rows.filter { $0.state == .stored && !$0.relisted }
        return Watermark.of(rows: stored, coveredFrom: span.from) >= span.to
    }
}
