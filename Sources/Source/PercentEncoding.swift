// SPDX-License-Identifier: Apache-2.0

/// Which characters stay as they are in which part of a URL (RFC 3986), the others becoming `%XX`.
enum PercentEncoding {
    case segment, query, form

    private static let unreserved = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8
    )
    /// All of `pchar`, so that `$` stays literal in a content id.
    private static let segmentKept = unreserved.union("!$&'()*+,;=:@".utf8)
    /// Not `&`, `=`, `+` and `;`, which servers take for separators or spaces.
    private static let queryKept = unreserved.union("!$'()*,:@/?".utf8)

    /// `text` in this encoding.
    func encode(_ text: String) -> String {
        let kept =
            switch self {
            case .segment: Self.segmentKept
            case .query: Self.queryKept
            case .form: Self.unreserved
            }
        var out: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            if kept.contains(byte) {
                out.append(byte)
            } else {
                out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// `text` with every `%XX` turned into its byte; anything else after a `%` is left as it is.
    static func decode(_ text: some StringProtocol) -> [UInt8] {
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
}
