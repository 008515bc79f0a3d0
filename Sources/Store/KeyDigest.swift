// SPDX-License-Identifier: Apache-2.0

/// The first 16 bytes of a record's SHA-256: its identity within a stream.
package struct KeyDigest: Sendable, Hashable, Comparable {
    package var high: UInt64
    package var low: UInt64

    /// Puts it together from its parts.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Only the low half goes into tables in memory: the bytes are random already.
    package func hash(into hasher: inout Hasher) { hasher.combine(low) }

    package static func < (left: KeyDigest, right: KeyDigest) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }

    /// The digest as it is kept for stream number `stream`, so that equal keys of two streams stay two.
    func scoped(to stream: Int64) -> KeyDigest {
        // Odd multipliers are invertible: two streams never fold one digest to one value.
        let mixed = UInt64(bitPattern: stream) &* 0x9E37_79B9_7F4A_7C15
        return KeyDigest(high: high ^ mixed, low: low ^ (mixed >> 32 | mixed << 32))
    }
}
