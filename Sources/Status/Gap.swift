// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors

/// Data known to be missing: a span of time, or one item, with its cause and the last day it can be recovered.
package struct Gap: Sendable, Equatable {
    /// A span counts minutes, an item counts items.
    package enum Kind: String, Sendable, CaseIterable { case span, item }

    /// The ledger's number, once it is stored.
    package var id: Int64?
    package var stream: StreamKey
    package var kind: Kind
    package var from: Timestamp
    package var to: Timestamp
    /// The source's id of the item.
    package var item: String?
    package var cause: FaultClass
    /// How it came about, in words, such as `window never fetched` or `content expired`.
    package var how: String
    package var detected: Timestamp
    /// Until when the source may still give it; `nil` when it never had it.
    package var recoverableUntil: Timestamp?
    package var recovered: Timestamp?
    /// Whether it is beyond recovery for good.
    package var lost: Bool
    /// Whether its bytes are in quarantine and only wait to be understood.
    package var held: Bool
    package var note: String?
    package var attempts: Int
    package var nextTry: Timestamp?

    /// Puts it together from its parts.
    package init(
        id: Int64? = nil,
        stream: StreamKey,
        kind: Kind,
        from: Timestamp,
        to: Timestamp,
        item: String? = nil,
        cause: FaultClass,
        how: String,
        detected: Timestamp,
        recoverableUntil: Timestamp? = nil,
        recovered: Timestamp? = nil,
        lost: Bool = false,
        held: Bool = false,
        note: String? = nil,
        attempts: Int = 0,
        nextTry: Timestamp? = nil
    ) {
        self.id = id
        self.stream = stream
        self.kind = kind
        self.from = from
        self.to = to
        self.item = item
        self.cause = cause
        self.how = how
        self.detected = detected
        self.recoverableUntil = recoverableUntil
        self.recovered = recovered
        self.lost = lost
        self.held = held
        self.note = note
        self.attempts = attempts
        self.nextTry = nextTry
    }

    /// Whether anything may still come of it.
    package var isOpen: Bool { recovered == nil && !lost }
}
