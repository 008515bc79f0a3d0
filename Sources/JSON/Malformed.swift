// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not the JSON that was promised, and where.
package struct Malformed: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    package enum Reason: Sendable, Equatable {
        case empty
        case truncated
        case unexpected
        case badNumber
        case badLiteral
        case badEscape
        case invalidUTF8
        case controlCharacter
        case loneSurrogate
        case byteOrderMark
        case trailing
        case missingColon
        case missingComma
        case trailingComma
        case memberName
        case duplicate(String)
        case tooDeep(Int)
        case tooLarge(Int)
        /// There is a value where the elements should be, but it is no array.
        case notAnArray
        /// The way to the elements ends before it reaches them.
        case noSuchMember(String)
    }

    /// What is wrong.
    package let reason: Reason
    /// Where it is wrong.
    package let position: Position

    /// Something wrong at a known position.
    package init(_ reason: Reason, at position: Position) {
        self.reason = reason
        self.position = position
    }

    /// Something wrong at byte `offset` of `bytes`.
    package init(_ reason: Reason, offset: Int, in bytes: some Collection<UInt8>) {
        self.init(reason, at: Position(offset: offset, in: bytes))
    }

    package var description: String { "\(position): \(sentence)" }

    private var sentence: String {
        switch reason {
        case .empty: "there is no JSON here, only an empty text"
        case .truncated: "the text ends in the middle of a value"
        case .unexpected: "a value was expected here"
        case .badNumber: "this is not a JSON number"
        case .badLiteral: "only true, false and null may stand without quotes"
        case .badEscape: "this escape does not exist in JSON"
        case .invalidUTF8: "the text is not valid UTF-8"
        case .controlCharacter: "a control character stands unescaped in a string"
        case .loneSurrogate: "an escaped surrogate stands without its other half"
        case .byteOrderMark: "the text starts with a byte order mark; save it without one"
        case .trailing: "there is more text after the end of the value"
        case .missingColon: "a colon was expected after the member's name"
        case .missingComma: "a comma or the closing bracket was expected here"
        case .trailingComma: "a comma stands before the closing bracket"
        case .memberName: "a member's name in double quotes was expected here"
        case .duplicate(let name): "the member \"\(name)\" stands here twice"
        case .tooDeep(let limit): "values are nested deeper than \(limit) levels"
        case .tooLarge(let limit): "the text is larger than \(limit) bytes"
        case .notAnArray: "an array of elements was promised here, but this is none"
        case .noSuchMember(let pointer): "the elements should be at \(pointer), but there is no such place"
        }
    }
}
