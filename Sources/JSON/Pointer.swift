// SPDX-License-Identifier: Apache-2.0

/// A place in a document, as RFC 6901 writes it: `/streams/0/id`.
package struct Pointer: Sendable, Hashable, CustomStringConvertible {
    /// The whole document.
    package static let root = Pointer(tokens: [])

    /// Member names and array indices on the way down, unescaped.
    package let tokens: [String]

    /// The place that unescaped `tokens` lead to.
    package init(tokens: [String]) { self.tokens = tokens }

    /// Reads the written form; the empty text is the whole document.
    package init?(_ text: String) {
        guard !text.isEmpty else {
            self = .root
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        var tokens: [String] = []
        for part in text.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            guard let token = Self.unescaped(part) else { return nil }
            tokens.append(token)
        }
        self.tokens = tokens
    }

    /// The member called `token` of the value at this place.
    package func appending(_ token: String) -> Pointer { Pointer(tokens: tokens + [token]) }

    /// The element `index` of the value at this place.
    package func appending(_ index: Int) -> Pointer { appending(String(index)) }

    /// The place that holds this one.
    package var parent: Pointer? { tokens.isEmpty ? nil : Pointer(tokens: tokens.dropLast()) }

    package var description: String {
        tokens.map { token in
            var out = "/"
            for character in token {
                switch character {
                case "~": out += "~0"
                case "/": out += "~1"
                default: out.append(character)
                }
            }
            return out
        }.joined()
    }

    /// The array index that `token` is, if it is one: digits without a leading zero.
    static func index(_ token: String) -> Int? {
        guard token == "0" || (token.utf8.first != UInt8(ascii: "0")),
            token.utf8.allSatisfy({ 0x30...0x39 ~= $0 })
        else { return nil }
        return Int(token)
    }

    private static func unescaped(_ part: Substring) -> String? {
        guard part.contains("~") else { return String(part) }
        var out = ""
        var rest = part
        while let character = rest.popFirst() {
            guard character == "~" else {
                out.append(character)
                continue
            }
            switch rest.popFirst() {
            case "0": out.append("~")
            case "1": out.append("/")
            default: return nil
            }
        }
        return out
    }
}
