// SPDX-License-Identifier: Apache-2.0

extension Digest {
    /// A quick 64-bit digest of contents, to notice that bytes differ; not for secrets and not against an adversary.
    ///
    /// After wyhash: words are mixed by the two halves of a 128-bit product, three lanes side by side. The value is
    /// stored on disk, so it must never change.
    package static func fast64(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let s0: UInt64 = 0xa076_1d64_78bd_642f
        let s1: UInt64 = 0xe703_7ed1_a0b4_28db
        let s2: UInt64 = 0x8ebc_6af0_9c88_c6e3
        let s3: UInt64 = 0x5899_65cc_7537_4cc3
        let count = bytes.count
        var seed = s0
        guard count > 16, let base = bytes.baseAddress else {
            let (a, b) = short(bytes)
            return mix(s1 ^ UInt64(count), mix(a ^ s1, b ^ seed))
        }
        var at = 0
        if count > 48 {
            var (lane1, lane2) = (seed, seed)
            while at + 48 < count {
                seed = mix(word(base, at) ^ s1, word(base, at + 8) ^ seed)
                lane1 = mix(word(base, at + 16) ^ s2, word(base, at + 24) ^ lane1)
                lane2 = mix(word(base, at + 32) ^ s3, word(base, at + 40) ^ lane2)
                at += 48
            }
            seed ^= lane1 ^ lane2
        }
        while at + 16 < count {
            seed = mix(word(base, at) ^ s1, word(base, at + 8) ^ seed)
            at += 16
        }
        // The last 16 bytes, overlapping what was read where the length is no multiple.
        let (a, b) = (word(base, count - 16), word(base, count - 8))
        return mix(s1 ^ UInt64(count), mix(a ^ s1, b ^ seed))
    }

    /// ``fast64(_:)-(UnsafeRawBufferPointer)`` of an array.
    package static func fast64(_ bytes: [UInt8]) -> UInt64 { bytes.withUnsafeBytes { fast64($0) } }

    @inline(__always)
    private static func word(_ base: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always)
    private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    /// Up to 16 bytes as two words.
    private static func short(_ bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
        var (a, b): (UInt64, UInt64) = (0, 0)
        for (index, byte) in bytes.enumerated() {
            if index < 8 {
                a |= UInt64(byte) << (8 * UInt64(index))
            } else {
                b |= UInt64(byte) << (8 * UInt64(index - 8))
            }
        }
        return (a, b)
    }
}
