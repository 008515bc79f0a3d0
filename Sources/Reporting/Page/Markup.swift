// SPDX-License-Identifier: Apache-2.0

/// A part of a page; whatever is put into it is escaped, unless it is a part of a page itself.
struct Markup: ExpressibleByStringInterpolation, Equatable, Sendable {
    /// The part as it is written.
    private(set) var text: String

    init(stringLiteral value: String) { text = value }

    init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    /// What collects the pieces between the literals.
    struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }

        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ words: String) { text += Markup.escaped(words) }
        mutating func appendInterpolation(_ number: Int) { text += String(number) }
        mutating func appendInterpolation(_ part: Markup) { text += part.text }
        mutating func appendInterpolation(_ parts: [Markup]) { for part in parts { text += part.text } }
        /// Nothing, where there is nothing.
        mutating func appendInterpolation(_ part: Markup?) { text += part?.text ?? "" }
    }

    /// Words that can stand in text and in quoted attributes alike.
    static func escaped(_ words: String) -> String {
        var out = ""
        for scalar in words.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            case "\n", "\t": out += " "
            // What no document may hold is shown as missing.
            case _ where scalar.properties.generalCategory == .control: out += "\u{FFFD}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
