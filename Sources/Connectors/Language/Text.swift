// SPDX-License-Identifier: Apache-2.0
import JSON

/// Small questions about texts that the language and the forms ask.
package enum Text {
    /// `text` without white space at its ends.
    package static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    /// `text` trimmed and without the characters that nobody sees.
    package static func cleaned(_ text: String) -> String {
        trimmed(String(String.UnicodeScalarView(text.unicodeScalars.filter { !isInvisible($0) })))
    }

    /// Whether a scalar takes no room: zero-width, joiner, mark, control or byte order mark.
    package static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .format, .control, .surrogate, .unassigned: true
        default: false
        }
    }

    /// Whether a scalar makes a screen show something else than what is written: a control character, or one that turns
    /// the direction of what follows.
    package static func isDeceiving(_ scalar: Unicode.Scalar) -> Bool {
        // The control characters by number: every character of every definition is looked at, and Unicode's tables take
        // twenty times as long. The category Cc has these and no others, for good.
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// The name of a character that has no place at either end of a value, or `nil` for one that may stand there.
    package static func nameOfUnseen(_ scalar: Unicode.Scalar) -> String? {
        guard isInvisible(scalar) || scalar.properties.isWhitespace else { return nil }
        switch scalar {
        case " ": return "a space"
        case "\t": return "a tab"
        case "\n": return "a line feed"
        case "\r": return "a carriage return"
        case "\u{A0}": return "a no-break space (U+00A0)"
        case "\u{200B}": return "a zero-width space (U+200B)"
        case "\u{FEFF}": return "a byte order mark (U+FEFF)"
        default:
            let hex = String(scalar.value, radix: 16, uppercase: true)
            let code = "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
            guard let name = scalar.properties.name else { return "a control character (\(code))" }
            return "the invisible character \(name.lowercased()) (\(code))"
        }
    }

    /// Whether `text` is a GUID in its usual form, hexadecimal digits in groups of 8, 4, 4, 4 and 12.
    package static func isGUID(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return false }
        return bytes.indices.allSatisfy { i in
            switch i {
            case 8, 13, 18, 23: bytes[i] == UInt8(ascii: "-")
            default: isHex(bytes[i])
            }
        }
    }

    /// The first GUID that stands in `text`, in small letters.
    package static func firstGUID(in text: String) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 36 else { return nil }
        for start in 0...(bytes.count - 36) where start == 0 || !isHex(bytes[start - 1]) {
            let candidate = String(decoding: bytes[start..<start + 36], as: UTF8.self)
            if isGUID(candidate) { return candidate.lowercased() }
        }
        return nil
    }

    /// Whether `text` is a host name of two labels or more.
    package static func isDomain(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, text.utf8.count <= 253 else { return false }
        let whole = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { isHex($0) || isLetter($0) || $0 == UInt8(ascii: "-") }
        }
        return whole && labels[labels.count - 1].utf8.contains(where: isLetter)
    }

    /// Whether `text` fits a pattern in which `*` stands for any run of characters and `?` for one.
    package static func matches(_ text: some StringProtocol, glob pattern: some StringProtocol) -> Bool {
        let (text, pattern) = (Array(text.unicodeScalars), Array(pattern.unicodeScalars))
        var (t, p) = (0, 0)
        var star: (pattern: Int, text: Int)?
        while t < text.count {
            if p < pattern.count, pattern[p] == "*" {
                star = (p + 1, t)
                p += 1
            } else if p < pattern.count, pattern[p] == "?" || pattern[p] == text[t] {
                (t, p) = (t + 1, p + 1)
            } else if let back = star {
                // Only the last star needs another try: what stands before it fits already.
                star = (back.pattern, back.text + 1)
                (p, t) = (back.pattern, back.text + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == "*" }
    }

    /// `bytes` in standard base64.
    static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = Array(bytes[start..<min(start + 3, bytes.count)])
            let word = group.enumerated().reduce(0) { $0 | Int($1.element) << (16 - 8 * $1.offset) }
            for place in 0..<4 {
                out.append(place <= group.count ? alphabet[word >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

extension Value {
    /// A text, number or truth value as text; nothing for the rest.
    package var plainText: String? {
        switch self {
        case .string(let text): text
        case .number(let number): number.text
        case .bool(let flag): flag ? "true" : "false"
        case .null, .array, .object: nil
        }
    }
}
