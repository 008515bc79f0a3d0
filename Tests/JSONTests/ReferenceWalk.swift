// SPDX-License-Identifier: Apache-2.0
import JSON

/// A scanner as plain as can be: recursive, byte by byte, and sharing nothing with the one it is compared with.
struct ReferenceWalk {
    /// An element and what the scanner should say of it.
    struct Element: Equatable {
        var range: Range<Int>
        var defect: Split.Defect?
        var hasNewlines: Bool
        var fields: [Range<Int>?]
    }

    /// The body is no JSON.
    struct Refusal: Error {}

    private let body: [UInt8]
    private var place = 0
    private var hasNewlines = false
    private var defects: Set<Split.Defect> = []

    private init(_ body: [UInt8]) { self.body = body }

    /// The elements of the array that `body` should be.
    static func split(_ body: [UInt8], picking fields: [FieldPath]) throws -> [Element] {
        var walk = ReferenceWalk(body)
        if body.starts(with: [0xEF, 0xBB, 0xBF]) { walk.place = 3 }
        var elements: [Element] = []
        guard try walk.token() == UInt8(ascii: "[") else { throw Refusal() }
        try walk.list(until: UInt8(ascii: "]")) { (walk) throws in
            walk.hasNewlines = false
            walk.defects = []
            let start = walk.place
            try walk.value()
            if body[start] != UInt8(ascii: "{") { walk.defects.insert(.notAnObject) }
            elements.append(
                Element(
                    range: start..<walk.place,
                    defect: [.invalidUTF8, .controlCharacter, .badEscape, .notAnObject].first {
                        walk.defects.contains($0)
                    },
                    hasNewlines: walk.hasNewlines,
                    fields: []
                )
            )
        }
        walk.space()
        guard walk.place == body.count else { throw Refusal() }
        for index in elements.indices {
            elements[index].fields = try fields.map {
                try field($0.names[...], in: elements[index].range, of: body)
            }
        }
        return elements
    }

    private static func field(_ names: ArraySlice<String>, in range: Range<Int>, of body: [UInt8]) throws
        -> Range<Int>?
    {
        guard let name = names.first else { return range }
        guard body[range.lowerBound] == UInt8(ascii: "{") else { return nil }
        var walk = ReferenceWalk(body)
        walk.place = range.lowerBound
        var last: Range<Int>?
        try walk.list(until: UInt8(ascii: "}")) { (walk) throws in
            let start = walk.place
            try walk.string()
            let raw = Array(body[start..<walk.place])
            try walk.colon()
            let value = walk.place
            try walk.value()
            let isNamed =
                raw.contains(UInt8(ascii: "\\"))
                ? (try? Value(parsing: raw))?.stringValue == name
                : raw.dropFirst().dropLast().elementsEqual(name.utf8)
            if isNamed { last = value..<walk.place }
        }
        return try last.flatMap { try field(names.dropFirst(), in: $0, of: body) }
    }

    // MARK: tokens

    private mutating func space() {
        while place < body.count, [0x20, 0x09, 0x0A, 0x0D].contains(body[place]) {
            if body[place] == 0x0A || body[place] == 0x0D { hasNewlines = true }
            place += 1
        }
    }

    /// The next byte that is no space.
    private mutating func token() throws -> UInt8 {
        space()
        guard place < body.count else { throw Refusal() }
        return body[place]
    }

    private mutating func colon() throws {
        guard try token() == UInt8(ascii: ":") else { throw Refusal() }
        place += 1
        _ = try token()
    }

    private mutating func list(until close: UInt8, each: (inout Self) throws -> Void) throws {
        place += 1
        if try token() == close {
            place += 1
            return
        }
        while true {
            _ = try token()
            try each(&self)
            let byte = try token()
            place += 1
            if byte == close { return }
            guard byte == UInt8(ascii: ",") else { throw Refusal() }
        }
    }

    private mutating func value() throws {
        switch try token() {
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "["): try list(until: UInt8(ascii: "]")) { (walk) throws in try walk.value() }
        case UInt8(ascii: "{"):
            try list(until: UInt8(ascii: "}")) { (walk) throws in
                try walk.string()
                try walk.colon()
                try walk.value()
            }
        default:
            let text = body[place...].prefix { !",]} \t\r\n".utf8.contains($0) }
            let isWord = ["true", "false", "null"].contains { text.elementsEqual($0.utf8) }
            guard isWord || Self.isNumber(text) else { throw Refusal() }
            place += text.count
        }
    }

    private static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        func drop(_ any: String) -> Bool {
            guard let first = rest.first, any.utf8.contains(first) else { return false }
            rest.removeFirst()
            return true
        }
        func dropDigits() -> Int {
            let count = rest.prefix { 0x30...0x39 ~= $0 }.count
            rest.removeFirst(count)
            return count
        }
        _ = drop("-")
        guard drop("0") || dropDigits() > 0 else { return false }
        if drop("."), dropDigits() == 0 { return false }
        if drop("eE") {
            _ = drop("+-")
            if dropDigits() == 0 { return false }
        }
        return rest.isEmpty
    }

    private mutating func string() throws {
        guard try token() == UInt8(ascii: "\"") else { throw Refusal() }
        place += 1
        let start = place
        while place < body.count, body[place] != UInt8(ascii: "\"") {
            if body[place] < 0x20 { defects.insert(.controlCharacter) }
            if body[place] == UInt8(ascii: "\\") {
                try escape()
            } else {
                place += 1
            }
        }
        guard place < body.count else { throw Refusal() }
        if String(validating: body[start..<place], as: UTF8.self) == nil { defects.insert(.invalidUTF8) }
        place += 1
    }

    private mutating func escape() throws {
        guard place + 1 < body.count else { throw Refusal() }
        let digits = body[(place + 2)...].prefix(4)
        if #""\/bfnrt"#.utf8.contains(body[place + 1]) {
            place += 2
        } else if body[place + 1] == UInt8(ascii: "u"), digits.count == 4,
            digits.allSatisfy({ "0123456789abcdefABCDEF".utf8.contains($0) })
        {
            place += 6
        } else {
            defects.insert(.badEscape)
            place += 1
        }
    }
}
