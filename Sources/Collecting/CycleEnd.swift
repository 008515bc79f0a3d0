// SPDX-License-Identifier: Apache-2.0
package import Basics
import Store

/// How a stream's cycle ended.
package struct CycleEnd: Sendable, Equatable {
    /// Whether everything due was listed, fetched and stored.
    package var isWhole: Bool
    /// Why it was not.
    package var setback: Setback?
    /// When the stream wants to be asked again; its interval where nothing is said.
    package var nextTry: Timestamp?
    package var stored = 0
    package var duplicate = 0
    /// Gaps that opened in this cycle.
    package var gapsOpened = 0
    /// How many cycles in a row have failed, this one included.
    package var failures = 0
    /// Whether the source listed anything at all.
    package var listedAnything = false

    /// Puts it together from its parts.
    package init(isWhole: Bool = false, setback: Setback? = nil, nextTry: Timestamp? = nil) {
        self.isWhole = isWhole
        self.setback = setback
        self.nextTry = nextTry
    }

    mutating func add(_ committed: Committed) {
        stored += committed.stored
        duplicate += committed.duplicate
        gapsOpened += committed.held
    }
}
