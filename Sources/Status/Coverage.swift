// SPDX-License-Identifier: Apache-2.0
package import Basics

/// Keeps the coverage rows few without losing what they prove.
package enum Coverage {
    /// How long a row grows at most while it is young, and once it is old.
    package static let young = Duration.hours(1)
    /// How long a row grows at most once it is old.
    package static let old = Duration.days(1)
    /// The age from which rows grow to a day.
    package static let age = Duration.days(8)

    /// The one row that `left` and `right` make, or `nil` where they stay two.
    ///
    /// Rows merge when they adjoin, are equal but for their counts, and need no try of their own. The merged row is
    /// an hour at most, or a day once both are eight days old.
    package static func merged(_ left: CoverageRow, _ right: CoverageRow, now: Timestamp) -> CoverageRow? {
        guard left.stream == right.stream, left.state == right.state, left.state.mayMerge,
            left.history == right.history, left.relisted == right.relisted, left.to == right.from
        else { return nil }
        let longest = now - right.to >= age ? old : young
        guard right.to - left.from <= longest else { return nil }
        var row = left
        row.to = right.to
        row.counts += right.counts
        row.attempts = max(left.attempts, right.attempts)
        row.lastError = right.lastError ?? left.lastError
        row.nextTry = nil
        return row
    }

    /// The rows with all that may merge merged, ordered by stream and time.
    package static func compacted(_ rows: [CoverageRow], now: Timestamp) -> [CoverageRow] {
        var result: [CoverageRow] = []
        for row in rows.sorted(by: { ($0.stream, $0.from, $0.to) < ($1.stream, $1.from, $1.to) }) {
            if let last = result.last, let one = merged(last, row, now: now) {
                result[result.count - 1] = one
            } else {
                result.append(row)
            }
        }
        return result
    }
}
