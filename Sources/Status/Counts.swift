// SPDX-License-Identifier: Apache-2.0

/// How many records came, and what became of them.
package struct Counts: Sendable, Equatable {
    /// Items the source listed, such as blobs.
    package var listed: Int
    /// Items whose body came.
    package var fetched: Int
    package var stored: Int
    package var duplicate: Int
    /// Records found only when a closed span was listed once more.
    package var late: Int
    /// Records that came again with the same key and other bytes.
    package var changed: Int
    /// Records left out by a stream's own choice.
    package var dropped: Int
    /// Records stored with fields taken out by a stream's own choice.
    package var redacted: Int
    package var lost: Int
    /// Records that a derived stream held and found no other half for.
    package var unmatched: Int

    /// Puts it together from its parts.
    package init(
        listed: Int = 0,
        fetched: Int = 0,
        stored: Int = 0,
        duplicate: Int = 0,
        late: Int = 0,
        changed: Int = 0,
        dropped: Int = 0,
        redacted: Int = 0,
        lost: Int = 0,
        unmatched: Int = 0
    ) {
        self.listed = listed
        self.fetched = fetched
        self.stored = stored
        self.duplicate = duplicate
        self.late = late
        self.changed = changed
        self.dropped = dropped
        self.redacted = redacted
        self.lost = lost
        self.unmatched = unmatched
    }

    package static func + (left: Counts, right: Counts) -> Counts {
        Counts(
            listed: left.listed + right.listed,
            fetched: left.fetched + right.fetched,
            stored: left.stored + right.stored,
            duplicate: left.duplicate + right.duplicate,
            late: left.late + right.late,
            changed: left.changed + right.changed,
            dropped: left.dropped + right.dropped,
            redacted: left.redacted + right.redacted,
            lost: left.lost + right.lost,
            unmatched: left.unmatched + right.unmatched
        )
    }

    package static func += (left: inout Counts, right: Counts) { left = left + right }
}
