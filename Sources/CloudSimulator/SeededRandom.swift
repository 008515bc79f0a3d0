// SPDX-License-Identifier: Apache-2.0

/// SplitMix64: small, fast and the same on every machine, so that a seed decides every byte the simulator makes.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Begins the sequence that `seed` decides.
    package init(seed: UInt64) { state = seed }

    /// Begins a sequence of its own for a thing that is named by words and a number.
    package init(seed: UInt64, _ words: String..., number: Int = 0) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
        for word in words {
            for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = (hash ^ 0xff) &* 0x100_0000_01b3
        }
        // Mixed, not added: sequences whose states lie a step apart would be the same but for that step.
        hash = (hash ^ UInt64(truncatingIfNeeded: number)) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        state = hash ^ (hash >> 33)
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    /// A number from 0 up to but not including 1.
    mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number from 0 up to but not including `bound`.
    mutating func below(_ bound: Int) -> Int { bound < 2 ? 0 : Int(next() % UInt64(bound)) }

    /// A GUID in its usual form.
    mutating func guid() -> String { String(decoding: guidBytes(next(), next()), as: UTF8.self) }
}

private let hexDigits = Array("0123456789abcdef".utf8)

/// The 36 characters of a version 4 GUID made from 128 bits.
func guidBytes(_ high: UInt64, _ low: UInt64) -> [UInt8] {
    let words = [high & 0xffff_ffff_ffff_0fff | 0x4000, low & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000]
    var out: [UInt8] = []
    out.reserveCapacity(36)
    for index in 0..<32 {
        if index == 8 || index == 12 || index == 16 || index == 20 { out.append(0x2d) }
        out.append(hexDigits[Int(words[index >> 4] >> UInt64(60 - (index & 15) * 4) & 15)])
    }
    return out
}

/// Whether `text` is a GUID in its usual form.
func isGUID(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count == 36 else { return false }
    return bytes.enumerated().allSatisfy { index, byte in
        switch index {
        case 8, 13, 18, 23: byte == 0x2d
        default: (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
        }
    }
}
