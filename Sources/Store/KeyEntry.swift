// SPDX-License-Identifier: Apache-2.0

/// One remembered record: whose it is, its key, and a digest of its bytes.
struct KeyEntry: Sendable, Equatable, Comparable {
    /// The key, scoped to its stream.
    var key: KeyDigest
    var content: UInt64
    var stream: UInt32

    /// How many bytes one takes in a table.
    static let size = 28

    static func < (left: KeyEntry, right: KeyEntry) -> Bool {
        left.key != right.key ? left.key < right.key : left.content < right.content
    }

    func append(to bytes: inout [UInt8]) {
        for word in [key.high, key.low, content] {
            withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
        }
        withUnsafeBytes(of: stream.littleEndian) { bytes.append(contentsOf: $0) }
    }

    init(key: KeyDigest, content: UInt64, stream: UInt32) {
        self.key = key
        self.content = content
        self.stream = stream
    }

    /// The entry number `index` of a chunk.
    init(_ chunk: UnsafeRawBufferPointer, _ index: Int) {
        let place = index * Self.size
        key = Self.key(chunk, index)
        content = UInt64(littleEndian: chunk.loadUnaligned(fromByteOffset: place + 16, as: UInt64.self))
        stream = UInt32(littleEndian: chunk.loadUnaligned(fromByteOffset: place + 24, as: UInt32.self))
    }

    static func key(_ chunk: UnsafeRawBufferPointer, _ index: Int) -> KeyDigest {
        let place = index * size
        return KeyDigest(
            high: UInt64(littleEndian: chunk.loadUnaligned(fromByteOffset: place, as: UInt64.self)),
            low: UInt64(littleEndian: chunk.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self))
        )
    }

    /// The first entry of a sorted chunk whose key is not less than `key`.
    static func lowerBound(_ key: KeyDigest, in chunk: UnsafeRawBufferPointer) -> Int {
        var (low, high) = (0, chunk.count / size)
        while low < high {
            let middle = (low + high) / 2
            if self.key(chunk, middle) < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
