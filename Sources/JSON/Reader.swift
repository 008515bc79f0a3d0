// SPDX-License-Identifier: Apache-2.0

/// Reads a document into a tree, strictly or as answers of services need it.
struct Reader {
    private let bytes: [UInt8]
    private let limits: Limits
    private let strict: Bool
    private var place = 0
    private var depth = 0

    init(_ bytes: [UInt8], limits: Limits, strict: Bool) {
        self.bytes = bytes
        self.limits = limits
        self.strict = strict
    }

    mutating func document() throws(Malformed) -> Value {
        guard bytes.count <= limits.size else { throw malformed(.tooLarge(limits.size)) }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            guard !strict else { throw malformed(.byteOrderMark) }
            place = 3
        }
        skipSpace()
        guard place < bytes.count else { throw malformed(.empty) }
        let value = try value()
        skipSpace()
        guard place == bytes.count else { throw malformed(.trailing) }
        return value
    }

    private func malformed(_ reason: Malformed.Reason, at offset: Int? = nil) -> Malformed {
        Malformed(reason, offset: offset ?? place, in: bytes)
    }

    private mutating func skipSpace() {
        while place < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[place]) { place += 1 }
    }

    /// The byte that comes next, spaces passed over.
    private mutating func peek() throws(Malformed) -> UInt8 {
        skipSpace()
        guard place < bytes.count else { throw malformed(.truncated) }
        return bytes[place]
    }

    private mutating func value() throws(Malformed) -> Value {
        switch try peek() {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "-"), 0x30...0x39: return .number(try number())
        default: return try literal()
        }
    }

    private mutating func literal() throws(Malformed) -> Value {
        let after = bytes.withUnsafeBufferPointer { Bytes($0).afterLiteral(place) }
        guard after > 0 else {
            let byte = bytes[place]
            if byte == 0x5D || byte == 0x7D { throw malformed(.trailingComma) }
            throw malformed(0x41...0x5A ~= byte || 0x61...0x7A ~= byte ? .badLiteral : .unexpected)
        }
        defer { place = after }
        return bytes[place] == UInt8(ascii: "n") ? .null : .bool(bytes[place] == UInt8(ascii: "t"))
    }

    private mutating func number() throws(Malformed) -> Number {
        let after = bytes.withUnsafeBufferPointer { Bytes($0).afterNumber(place) }
        guard after > 0 else { throw malformed(.badNumber) }
        defer { place = after }
        return Number(checked: String(decoding: bytes[place..<after], as: UTF8.self))
    }

    private mutating func enter() throws(Malformed) {
        depth += 1
        guard depth <= limits.depth else { throw malformed(.tooDeep(limits.depth)) }
        place += 1
    }

    private mutating func array() throws(Malformed) -> [Value] {
        try enter()
        defer { depth -= 1 }
        var elements: [Value] = []
        if try peek() == UInt8(ascii: "]") {
            place += 1
            return elements
        }
        while true {
            elements.append(try value())
            switch try peek() {
            case UInt8(ascii: ","): place += 1
            case UInt8(ascii: "]"):
                place += 1
                return elements
            default: throw malformed(.missingComma)
            }
        }
    }

    private mutating func object() throws(Malformed) -> Object {
        try enter()
        defer { depth -= 1 }
        var object = Object()
        if try peek() == UInt8(ascii: "}") {
            place += 1
            return object
        }
        while true {
            guard try peek() == UInt8(ascii: "\"") else {
                throw malformed(bytes[place] == UInt8(ascii: "}") ? .trailingComma : .memberName)
            }
            let start = place
            let name = try string()
            if strict, object[name] != nil { throw malformed(.duplicate(name), at: start) }
            guard try peek() == UInt8(ascii: ":") else { throw malformed(.missingColon) }
            place += 1
            object[name] = try value()
            switch try peek() {
            case UInt8(ascii: ","): place += 1
            case UInt8(ascii: "}"):
                place += 1
                return object
            default: throw malformed(.missingComma)
            }
        }
    }

    // MARK: strings

    private mutating func string() throws(Malformed) -> String {
        let start = place
        place += 1
        var decoded: [UInt8] = []
        while true {
            let plain = bytes.withUnsafeBufferPointer { buffer in
                let bytes = Bytes(buffer)
                var i = bytes.afterPlain(place)
                while i < bytes.end, bytes[i] >= 0x80 { i = bytes.afterPlain(i + 1) }
                return i
            }
            guard plain < bytes.count else { throw malformed(.truncated, at: bytes.count) }
            switch bytes[plain] {
            case UInt8(ascii: "\""):
                let tail = bytes[place..<plain]
                place = plain + 1
                let text =
                    decoded.isEmpty
                    ? String(validating: tail, as: UTF8.self)
                    : String(validating: decoded + tail, as: UTF8.self)
                guard let text else { throw malformed(.invalidUTF8, at: start) }
                return text
            case UInt8(ascii: "\\"):
                decoded.append(contentsOf: bytes[place..<plain])
                place = plain
                try escape(into: &decoded)
            default: throw malformed(.controlCharacter, at: plain)
            }
        }
    }

    private mutating func escape(into decoded: inout [UInt8]) throws(Malformed) {
        guard place + 1 < bytes.count else { throw malformed(.truncated, at: bytes.count) }
        let byte = bytes[place + 1]
        switch byte {
        case 0x22, 0x5C, 0x2F: decoded.append(byte)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"): return try unicode(into: &decoded)
        default: throw malformed(.badEscape)
        }
        place += 2
    }

    /// Reads `\uXXXX`, with its second half where it is one half of a pair.
    private mutating func unicode(into decoded: inout [UInt8]) throws(Malformed) {
        guard let unit = hexadecimal(place + 2) else { throw malformed(.badEscape) }
        if let scalar = Unicode.Scalar(unit) {
            place += 6
            return decoded.append(contentsOf: String(scalar).utf8)
        }
        let isPair = unit < 0xDC00 && bytes.dropFirst(place + 6).starts(with: [0x5C, 0x75])
        if isPair, let low = hexadecimal(place + 8), 0xDC00...0xDFFF ~= low,
            let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
        {
            place += 12
            return decoded.append(contentsOf: String(scalar).utf8)
        }
        guard !strict else { throw malformed(.loneSurrogate) }
        place += 6
        decoded.append(contentsOf: [0xEF, 0xBF, 0xBD])
    }

    private func hexadecimal(_ offset: Int) -> UInt32? {
        bytes.withUnsafeBufferPointer { Bytes($0).hexadecimal(offset) }
    }
}

extension Value {
    /// Reads an answer of a service, forgivingly.
    ///
    /// A byte order mark is passed over, the last of duplicate members wins, half a surrogate pair becomes U+FFFD.
    package init(parsing bytes: [UInt8], limits: Limits = .answer) throws(Malformed) {
        var reader = Reader(bytes, limits: limits, strict: false)
        self = try reader.document()
    }
}
