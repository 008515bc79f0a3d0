// SPDX-License-Identifier: Apache-2.0

/// Base64 in the standard alphabet and in the one for URLs (RFC 4648 §4, §5).
package enum Base64 {
    /// `bytes` in the standard alphabet with padding.
    package static func encode(_ bytes: [UInt8]) -> String {
        encoded(bytes, alphabet: standard, padding: true)
    }

    /// `bytes` in the alphabet for URLs without padding.
    package static func encodeURL(_ bytes: [UInt8]) -> String {
        encoded(bytes, alphabet: url, padding: false)
    }

    /// The bytes of a text in either alphabet, padded or not; nil where it is none.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count / 4 * 3 + 3)
        var (bits, held, padding, count) = (UInt32(0), 0, 0, 0)
        for byte in text.utf8 {
            if byte == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            let value = values[Int(byte)]
            guard value < 64, padding == 0 else { return nil }
            count += 1
            bits = bits << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
            }
        }
        // One letter alone holds no byte; leftover bits must be zero, else two texts would mean the same bytes.
        guard count % 4 != 1, padding == 0 || (count + padding) % 4 == 0 && padding <= 2 else { return nil }
        guard bits & ((1 << UInt32(held)) - 1) == 0 else { return nil }
        return out
    }

    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    private static let standard = Array((letters + "+/").utf8)
    private static let url = Array((letters + "-_").utf8)

    /// A letter's value in either alphabet, 255 for anything else.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for alphabet in [standard, url] {
            for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
        }
        return values
    }()

    private static func encoded(_ bytes: [UInt8], alphabet: [UInt8], padding: Bool) -> String {
        var out: [UInt8] = []
        out.reserveCapacity((bytes.count + 2) / 3 * 4)
        var at = 0
        while at < bytes.count {
            let group = bytes[at..<min(at + 3, bytes.count)]
            var bits: UInt32 = 0
            for byte in group { bits = bits << 8 | UInt32(byte) }
            bits <<= UInt32(8 * (3 - group.count))
            for letter in 0...group.count { out.append(alphabet[Int(bits >> UInt32(18 - 6 * letter) & 63)]) }
            if padding { for _ in group.count..<3 { out.append(UInt8(ascii: "=")) } }
            at += 3
        }
        return String(decoding: out, as: UTF8.self)
    }
}
