// SPDX-License-Identifier: Apache-2.0
package import Basics

/// Computes the watermark: every instant up to it is stored, or stands as a gap or as not covered.
package enum Watermark {
    /// The end of the unbroken run of settled rows that begins at `coveredFrom`.
    ///
    /// Rows may overlap and come in any order. A row that is open or failed settles nothing, but neither does it
    /// take back what another row over the same span has settled.
    package static func of(rows: [CoverageRow], coveredFrom: Timestamp) -> Timestamp {
        var mark = coveredFrom
        for row in rows.sorted(by: { $0.from < $1.from }) where row.state.isSettled && row.to > mark {
            guard row.from <= mark else { break }
            mark = row.to
        }
        return mark
    }
}
