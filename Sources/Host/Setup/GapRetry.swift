// SPDX-License-Identifier: Apache-2.0
package import Basics
import Status
package import Store

/// Has open gaps tried again at once instead of at their next turn.
package enum GapRetry {
    /// Sets the next try of everything open in `scope` to now, and says how many that were.
    package static func schedule(_ scope: GapScope, in ledger: any Ledger, now: Timestamp) async throws -> Int
    {
        let open = try await ledger.gaps(scope, openOnly: true)
        var changes: [LedgerChange] = []
        for gap in open where gap.recoverableUntil.map({ $0 > now }) ?? gap.held {
            var due = gap
            due.nextTry = now
            changes.append(.stream(gap.stream, .updateGap(due)))
        }
        let items = Set(open.compactMap(\.item))
        for stream in Set(open.map(\.stream)) {
            for parked in try await ledger.parked(of: stream) where items.contains(parked.item) {
                var due = parked
                due.nextTry = now
                changes.append(.stream(stream, .park(due)))
            }
        }
        try await ledger.write(changes)
        return changes.count { if case .stream(_, .updateGap) = $0 { true } else { false } }
    }
}
