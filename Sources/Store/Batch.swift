// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Status

/// One blob, page or snapshot with everything it lets move: stored whole or not at all.
package struct Batch: Sendable {
    /// What becomes of a record that comes again with the same key and other bytes.
    package enum OnChange: String, Sendable, CaseIterable { case keep, drop }

    package var stream: StreamKey
    /// When the source made it available; keys lapse by it, never by our clock.
    package var availability: Timestamp
    /// Remembered in the same transaction, so that the item is fetched once.
    package var contentID: String?
    package var onChange: OnChange
    /// Found by listing a closed span once more: what is new counts as late too.
    package var isLate: Bool
    /// The journal lines, each with its newline.
    package var lines: [UInt8]
    package var entries: [BatchEntry]
    /// The newest event time among the lines.
    package var newestEvent: Timestamp?
    /// The start of the coverage row that this batch's counts are added to.
    package var row: Timestamp?
    /// Counts the sender knows (listed, fetched, dropped, redacted, lost); the committer adds what it finds.
    package var counts: Counts
    package var effects: [Effect]
    /// Whether keys that are known already are remembered anew under this availability, because the source goes on
    /// showing their records.
    package var renewsKeys = false
    /// Whether records whose keys are known are dropped; those of a compared set are told apart by the set.
    package var isSifted = true

    /// Puts it together from its parts.
    package init(
        stream: StreamKey,
        availability: Timestamp,
        contentID: String? = nil,
        onChange: OnChange = .keep,
        isLate: Bool = false,
        lines: [UInt8] = [],
        entries: [BatchEntry] = [],
        newestEvent: Timestamp? = nil,
        row: Timestamp? = nil,
        counts: Counts = Counts(),
        effects: [Effect] = []
    ) {
        self.stream = stream
        self.availability = availability
        self.contentID = contentID
        self.onChange = onChange
        self.isLate = isLate
        self.lines = lines
        self.entries = entries
        self.newestEvent = newestEvent
        self.row = row
        self.counts = counts
        self.effects = effects
    }
}

/// Where a line ends in its batch, with the digests of its key and of its event's bytes.
package struct BatchEntry: Sendable, Equatable {
    package var end: Int
    package var key: KeyDigest
    package var content: UInt64
    /// Whether fields were blackened in it.
    package var isRedacted: Bool

    /// Puts it together from its parts.
    package init(end: Int, key: KeyDigest, content: UInt64, isRedacted: Bool = false) {
        self.isRedacted = isRedacted
        self.end = end
        self.key = key
        self.content = content
    }
}

/// What became of a batch's records.
package struct Committed: Sendable, Equatable {
    package var stored: Int
    package var duplicate: Int
    /// Records with a known key and other bytes, whether kept or dropped.
    package var changed: Int
    package var late: Int
    /// Records left out by the connection's choice.
    package var dropped = 0
    /// Of the stored ones, those with blackened fields.
    package var redacted = 0
    /// Records that could not be lines and were kept aside, each a gap that opened.
    package var held = 0
    /// The newest event time of the batch, if anything of it was stored.
    package var newestEvent: Timestamp?

    /// Puts it together from its parts.
    package init(
        stored: Int = 0,
        duplicate: Int = 0,
        changed: Int = 0,
        late: Int = 0,
        newestEvent: Timestamp? = nil
    ) {
        self.stored = stored
        self.duplicate = duplicate
        self.changed = changed
        self.late = late
        self.newestEvent = newestEvent
    }

    /// Adds what became of other records.
    package mutating func add(_ other: Committed) {
        stored += other.stored
        duplicate += other.duplicate
        changed += other.changed
        late += other.late
        dropped += other.dropped
        redacted += other.redacted
        held += other.held
        if let event = other.newestEvent { newestEvent = max(newestEvent ?? event, event) }
    }
}
