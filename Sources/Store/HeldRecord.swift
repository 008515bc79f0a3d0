// SPDX-License-Identifier: Apache-2.0
package import Basics

/// A stored record that a derived stream keeps until its other half has come, or until it may not come any more.
package struct HeldRecord: Sendable, Equatable {
    /// Which half of a pair it is.
    package enum Side: String, Sendable, CaseIterable {
        /// What something is said about.
        case left
        /// What says it, and again each time it moves.
        case right

        /// The half that it waits for.
        package var other: Side { self == .left ? .right : .left }
    }

    /// Its number in the ledger; `nil` before it is kept there.
    package var id: Int64?
    package var side: Side
    package var key: String
    /// Which move of a right record it is; empty for a left one.
    package var version: String
    /// The keys of left records that it may belong to; its own for a left one.
    package var refs: [String]
    package var collected: Timestamp
    /// Whether it has found its other half.
    package var isMatched: Bool
    /// Its bytes as received.
    package var event: [UInt8]

    /// Puts it together from its parts.
    package init(
        id: Int64? = nil,
        side: Side,
        key: String,
        version: String = "",
        refs: [String],
        collected: Timestamp,
        isMatched: Bool = false,
        event: [UInt8]
    ) {
        self.id = id
        self.side = side
        self.key = key
        self.version = version
        self.refs = refs
        self.collected = collected
        self.isMatched = isMatched
        self.event = event
    }
}
