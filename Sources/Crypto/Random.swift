// SPDX-License-Identifier: Apache-2.0
import CCrypto

/// Randomness that nobody can guess.
package enum Random {
    /// `count` random bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: max(count, 1)) { out, length in
            // A system without randomness must not go on with zeros.
            guard RAND_bytes(out.baseAddress, Int32(count)) == 1 else {
                fatalError("the system gives no randomness")
            }
            length = count
        }
    }

    /// A random UUID (version 4) in lower case.
    package static func uuid() -> String {
        var bytes = bytes(16)
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let text = Hex.encode(bytes)
        var out = ""
        for (index, character) in text.enumerated() {
            if [8, 12, 16, 20].contains(index) { out.append("-") }
            out.append(character)
        }
        return out
    }
}

/// Bytes as hexadecimal digits.
package enum Hex {
    /// The digits of `bytes` in lower case.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var out: [UInt8] = []
        for byte in bytes {
            out.append(digits[Int(byte >> 4)])
            out.append(digits[Int(byte & 15)])
        }
        return String(decoding: out, as: UTF8.self)
    }
}
