// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Source
import Status
import Store

extension StreamCycle {
    /// Asks for one window of the history; `false` where there is none left to ask for.
    mutating func history(_ window: Cursor.Window) async throws -> Bool {
        guard let from = facts.historyFrom, let until = facts.coveredFrom, from < until else { return false }
        rows = try await context.ledger.coverage(of: context.key, since: from)
        let plan = try await plan(window, from: from, until: until)
        facts.historyDoneTo = Watermark.of(rows: rows, coveredFrom: from)
        guard let next = plan.missing.first else {
            guard plan.horizon >= until else { return false }
            facts.coveredFrom = from
            facts.historyDoneTo = until
            facts.historyFrom = nil
            let never = neverKept()
            facts.historyKept =
                keptFrom(from, never).map { max($0, facts.historyKept ?? $0) } ?? facts.historyKept
            try await context.note(never.map { .coverage($0) } + [.facts(facts)])
            return false
        }
        let result = try await ask(next, window, .history)
        if let oldest = result?.oldestListed, let kept = facts.keptSince, oldest < kept {
            facts.keptSince = oldest.rounded(downTo: .minutes(1))
        }
        return true
    }

    /// After a time of loss the windows come again: what was lost meanwhile stands as a gap.
    mutating func regained() async throws {
        guard let since = facts.losingSince else { return }
        let now = context.now
        facts.losingSince = nil
        end.gapsOpened += 1
        let gap = Gap(
            stream: context.key,
            kind: .span,
            from: min(since + context.skew, now),
            to: now,
            cause: facts.cause?.faultClass ?? .enablement,
            how: "the source recorded nothing for us",
            detected: context.time.now,
            recoverableUntil: nil,
            lost: true
        )
        try await context.note([.openGap(gap), .facts(facts)])
    }

    /// The rows of history from before the source kept anything for us: an empty answer there covers nothing.
    func neverKept() -> [CoverageRow] {
        guard context.stream.keepsFrom != nil, let kept = facts.keptSince else { return [] }
        return rows.filter { $0.history && $0.state == .stored && $0.to <= kept }.map { row in
            CoverageRow(stream: row.stream, from: row.from, to: row.to, state: .notCovered, history: true)
        }
    }

    /// The end of the run of rows, beginning at `from`, for which the source kept nothing; `nil` where there is none.
    private func keptFrom(_ from: Timestamp, _ never: [CoverageRow]) -> Timestamp? {
        let end = Watermark.of(rows: never + rows.filter { $0.state == .notCovered }, coveredFrom: from)
        return end > from ? end : nil
    }
}
