// SPDX-License-Identifier: Apache-2.0

/// What customers, connections and streams may be called; the names become folders.
package enum SetupName {
    /// The rule for ids in words.
    package static let idRule = "1 to 63 small letters, digits, - and _, beginning with a letter or digit"

    /// Whether `text` can be the id of a customer or a connection.
    package static func isID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count <= 63 else { return false }
        return isSmall(first)
            && bytes.allSatisfy { isSmall($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    private static func isSmall(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension SetupName {
    /// Letters of western European names as they are written where there is only ASCII.
    private static func plain(_ character: Character) -> String {
        switch character {
        case "ä", "æ": "ae"
        case "ö", "ø", "œ": "oe"
        case "ü": "ue"
        case "ß": "ss"
        case "à", "á", "â", "ã", "ą": "a"
        case "å": "aa"
        case "ç", "ć", "č": "c"
        case "è", "é", "ê", "ë", "ę", "ě": "e"
        case "ì", "í", "î", "ï": "i"
        case "ł": "l"
        case "ñ", "ń", "ň": "n"
        case "ò", "ó", "ô", "õ": "o"
        case "ř": "r"
        case "ś", "š", "ş": "s"
        case "ù", "ú", "û", "ů": "u"
        case "ý", "ÿ": "y"
        case "ź", "ż", "ž": "z"
        default: String(character)
        }
    }

    /// An id made of a name for people, such as `contoso-ltd` of "Contoso Ltd."; `nil` where none can be made.
    package static func slug(of name: String) -> String? {
        var slug = ""
        for character in name.lowercased().flatMap(plain) {
            if character.isASCII, character.isLetter || character.isNumber {
                slug.append(character)
            } else if character == "_" || !slug.hasSuffix("-"), !slug.isEmpty {
                slug.append(character == "_" ? "_" : "-")
            }
        }
        slug = String(slug.prefix(63))
        while slug.last == "-" { slug.removeLast() }
        return isID(slug) ? slug : nil
    }
}
