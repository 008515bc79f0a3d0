// SPDX-License-Identifier: Apache-2.0

/// A set of keys in eight bits each that may say "perhaps" to a stranger, but never "no" to a member.
///
/// A blocked Bloom filter: all bits of a key lie in one cache line, so that asking costs one miss.
struct KeyFilter: Sendable {
    private var words: [UInt64]
    private static let bitsPerKey = 8
    /// Filters that were written with more of them are asked for fewer, which they answer as truly.
    private static let probes = 6

    /// An empty filter for up to `count` keys.
    init(count: Int) {
        let blocks = max(1, (count * Self.bitsPerKey + 511) / 512)
        words = [UInt64](repeating: 0, count: blocks * 8)
    }

    /// Reads what ``bytes`` gave.
    init(_ bytes: UnsafeRawBufferPointer) {
        words = [UInt64](unsafeUninitializedCapacity: max(8, bytes.count / 8)) { out, count in
            count = bytes.count / 8
            if count > 0 { UnsafeMutableRawBufferPointer(out).copyMemory(from: bytes) }
        }
        if words.isEmpty { words = [UInt64](repeating: .max, count: 8) }
    }

    var bytes: [UInt8] { words.withUnsafeBytes { Array($0) } }

    mutating func insert(_ key: KeyDigest) {
        let base = block(key)
        var bits = key.low
        for _ in 0..<Self.probes {
            words[base + Int(bits >> 6 & 7)] |= 1 << (bits & 63)
            bits >>= 9
        }
    }

    func mayContain(_ key: KeyDigest) -> Bool {
        words.withUnsafeBufferPointer { words in
            let base = block(key)
            var bits = key.low
            for _ in 0..<Self.probes {
                guard words[base + Int(bits >> 6 & 7)] & (1 << (bits & 63)) != 0 else { return false }
                bits >>= 9
            }
            return true
        }
    }

    /// Where the key's block begins: the high half scaled to the number of blocks, keys being random.
    private func block(_ key: KeyDigest) -> Int {
        Int(key.high.multipliedFullWidth(by: UInt64(words.count / 8)).high) * 8
    }
}
