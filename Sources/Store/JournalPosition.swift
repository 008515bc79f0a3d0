// SPDX-License-Identifier: Apache-2.0

/// A place in the journal: the number of a segment, and a byte offset in it.
package struct JournalPosition: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var segment: Int
    package var offset: Int64

    /// Puts it together from its parts.
    package init(segment: Int, offset: Int64) {
        self.segment = segment
        self.offset = offset
    }

    /// Where an empty journal begins.
    package static let start = JournalPosition(segment: 1, offset: 0)

    package var description: String { "\(segment):\(offset)" }

    /// Reads what `description` wrote.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let segment = Int(parts[0]), let offset = Int64(parts[1]), segment > 0,
            offset >= 0
        else { return nil }
        self.init(segment: segment, offset: offset)
    }

    package static func < (left: JournalPosition, right: JournalPosition) -> Bool {
        (left.segment, left.offset) < (right.segment, right.offset)
    }
}
