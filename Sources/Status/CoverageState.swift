// SPDX-License-Identifier: Apache-2.0

/// What is known of one span of a stream's time.
package enum CoverageState: String, Sendable, CaseIterable {
    /// Being fetched; nothing of it counts yet.
    case open
    /// Everything the source listed for it is stored.
    case stored
    /// The last try failed; it will be tried again.
    case failed
    /// Stands as a gap that is still tried.
    case parked
    /// Stands as a gap for good.
    case gap
    /// The source kept nothing then: no data is missing, and none is there.
    case notCovered = "not-covered"

    /// Whether the watermark passes over it.
    package var isSettled: Bool {
        switch self {
        case .stored, .parked, .gap, .notCovered: true
        case .open, .failed: false
        }
    }

    /// Whether adjoining rows may become one; the others keep their own tries and errors.
    package var mayMerge: Bool {
        switch self {
        case .stored, .gap, .notCovered: true
        case .open, .failed, .parked: false
        }
    }
}
