// SPDX-License-Identifier: Apache-2.0

/// Characters that nobody sees and everybody pastes, by name.
enum InvisibleCharacters {
    private static let names: [Unicode.Scalar: String] = [
        "\u{09}": "a tab", "\u{0A}": "a newline", "\u{0D}": "a carriage return", "\u{20}": "a space",
        "\u{A0}": "a no-break space", "\u{AD}": "a soft hyphen", "\u{200B}": "a zero-width space",
        "\u{200C}": "a zero-width non-joiner", "\u{200D}": "a zero-width joiner",
        "\u{200E}": "a left-to-right mark",
        "\u{200F}": "a right-to-left mark", "\u{2028}": "a line separator",
        "\u{2029}": "a paragraph separator",
        "\u{2060}": "a word joiner", "\u{FEFF}": "a byte order mark", "\u{3000}": "an ideographic space",
    ]

    /// The name of an invisible character that `text` begins or ends with.
    static func atEnds(of text: String) -> (name: String, atStart: Bool)? {
        let scalars = text.unicodeScalars
        if let first = scalars.first, let name = name(of: first) { return (name, true) }
        if let last = scalars.last, let name = name(of: last) { return (name, false) }
        return nil
    }

    /// The name of an invisible character anywhere in `text`, ordinary spaces inside apart.
    static func anywhere(in text: String) -> String? {
        if let (name, _) = atEnds(of: text) { return name }
        return text.unicodeScalars.lazy.filter { $0 != " " }.compactMap { name(of: $0) }.first
    }

    private static func name(of scalar: Unicode.Scalar) -> String? {
        if let name = names[scalar] { return name }
        if (0x2000...0x200A).contains(scalar.value) { return "a typographic space" }
        if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
            return "the control character U+" + hex(scalar.value)
        }
        return nil
    }

    private static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
