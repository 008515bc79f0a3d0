// SPDX-License-Identifier: Apache-2.0
package import Basics

extension StreamFacts {
    /// The silence that is unusual for this stream: by rule under 14 days of history, then by its own last 28 days.
    package func quietBaseline(now: Timestamp) -> Duration {
        guard let first = firstRecordStored, now - first >= .days(14) else { return .hours(72) }
        let recent = silences.filter { $0.key > now.dayNumber - 28 }
        let longest = recent.values.max() ?? .zero
        return min(max(longest * 2, .hours(24)), .days(7))
    }
}
