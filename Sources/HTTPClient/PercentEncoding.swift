// SPDX-License-Identifier: Apache-2.0

/// Puts values into URLs and forms so that they stay one value (RFC 3986).
///
/// A value with a control character is refused, since nobody means one.
package enum PercentEncoding {
    /// `value` as one segment of a path; nil where it would be none, or lead up the path.
    package static func segment(_ value: String) -> String? {
        guard !["", ".", ".."].contains(value) else { return nil }
        return encoded(value) { isUnreserved($0) || "!$&'()*+,;=:@".utf8.contains($0) }
    }

    /// `value` as the name or value of a query parameter.
    package static func query(_ value: String) -> String? {
        encoded(value) { isUnreserved($0) || "!$'()*,:@/?".utf8.contains($0) }
    }

    /// `value` as the name or value of a form field (`application/x-www-form-urlencoded`).
    package static func form(_ value: String) -> String? { encoded(value, keeping: isUnreserved) }

    /// `text` with every `%XX` turned into its byte; anything else after a `%` is left as it is.
    package static func decode(_ text: some StringProtocol) -> [UInt8] {
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var i = 0
        while i < bytes.count {
            if bytes[i] == UInt8(ascii: "%"), i + 2 < bytes.count, let high = digit(bytes[i + 1]),
                let low = digit(bytes[i + 2])
            {
                out.append(high << 4 | low)
                i += 3
            } else {
                out.append(bytes[i])
                i += 1
            }
        }
        return out
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    private static func encoded(_ value: String, keeping isKept: (UInt8) -> Bool) -> String? {
        let digits = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in value.utf8 {
            guard byte >= 0x20, byte != 0x7f else { return nil }
            if isKept(byte) {
                out.append(byte)
            } else {
                out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "-._~".utf8.contains(byte)
        }
    }
}
