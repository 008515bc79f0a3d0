// SPDX-License-Identifier: Apache-2.0

/// One word or sign of an expression.
struct Token: Equatable {
    enum Kind: Equatable {
        case name(String)
        case text(String)
        case number(String)
        case sign(String)
    }

    let kind: Kind
    let offset: Int

    /// The longest expression that is read; definitions are untrusted input.
    static let longest = 4_096

    private static let signs = [
        "==", "!=", "<=", ">=", "~=", "<", ">", "=", "(", ")", "[", "]", ",", ".", "|", "*",
    ]

    /// Cuts `text` into tokens; offsets count from `base`.
    static func split(_ text: some StringProtocol, base: Int = 0) throws(SyntaxProblem) -> [Token] {
        let characters = Array(text)
        guard characters.count <= longest else {
            throw SyntaxProblem(message: "is longer than \(longest) characters", offset: base)
        }
        var tokens: [Token] = []
        var i = 0
        scan: while i < characters.count {
            let start = i
            let character = characters[i]
            if character == " " || character == "\n" || character == "\t" {
                i += 1
                continue
            }
            if isNameStart(character) {
                while i < characters.count, isNamePart(characters[i]) { i += 1 }
                tokens.append(Token(kind: .name(String(characters[start..<i])), offset: base + start))
                continue
            }
            let negative = character == "-" && i + 1 < characters.count && isDigit(characters[i + 1])
            if isDigit(character) || negative {
                i += 1
                while i < characters.count, isDigit(characters[i]) { i += 1 }
                if i + 1 < characters.count, characters[i] == ".", isDigit(characters[i + 1]) {
                    i += 1
                    while i < characters.count, isDigit(characters[i]) { i += 1 }
                }
                tokens.append(Token(kind: .number(String(characters[start..<i])), offset: base + start))
                continue
            }
            if character == "'" || character == "\"" {
                let (value, end) = try quoted(characters, from: i, base: base)
                tokens.append(Token(kind: .text(value), offset: base + start))
                i = end
                continue
            }
            for sign in signs where characters[i...].starts(with: sign) {
                tokens.append(Token(kind: .sign(sign), offset: base + start))
                i += sign.count
                continue scan
            }
            throw SyntaxProblem(
                message: "has \"\(character)\" where no such sign can stand",
                offset: base + start
            )
        }
        return tokens
    }

    private static func quoted(_ characters: [Character], from start: Int, base: Int) throws(SyntaxProblem)
        -> (
            String, Int
        )
    {
        var value = ""
        var i = start + 1
        while i < characters.count {
            if characters[i] == characters[start] { return (value, i + 1) }
            if characters[i] == "\\", i + 1 < characters.count { i += 1 }
            value.append(characters[i])
            i += 1
        }
        throw SyntaxProblem(message: "has a quotation that never ends", offset: base + start)
    }

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
    private static func isNameStart(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character == "_" || character == "@" || character == "$")
    }
    private static func isNamePart(_ character: Character) -> Bool {
        isNameStart(character) || isDigit(character) || character == "-"
    }
}
