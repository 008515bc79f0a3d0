// SPDX-License-Identifier: Apache-2.0

/// Splits bodies into events and picks fields of them, without building trees and without changing a byte.
package enum Scanner {
    /// How deeply the values of a body may be nested.
    package static let depthLimit = 512

    /// Validates `body`, finds the elements of the array at `items`, and picks `fields` of each.
    ///
    /// A leading byte order mark is passed over. Elements with invalid UTF-8, raw control characters or unknown
    /// escapes in their strings get a ``Split/Defect`` and do not fail their siblings; anything that makes the
    /// structure unsure fails the whole body.
    package static func split(
        _ body: [UInt8],
        at items: Pointer = .root,
        picking fields: [FieldPath] = []
    ) throws(Malformed) -> Split {
        try walk(body, fields) { (walk) throws(Walk.Stop) in try walk.document(items: items) }
    }

    /// Picks `fields` of the one value that is the whole of `body`, such as the links beside a page's elements.
    package static func pick(_ fields: [FieldPath], of body: [UInt8]) throws(Malformed) -> Split {
        try walk(body, fields) { (walk) throws(Walk.Stop) in try walk.single() }
    }

    private static func walk(
        _ body: [UInt8],
        _ fields: [FieldPath],
        _ run: (inout Walk) throws(Walk.Stop) -> Void
    ) throws(Malformed) -> Split {
        guard body.count < Int(UInt32.max) else {
            throw Malformed(.tooLarge(Int(UInt32.max)), offset: 0, in: body)
        }
        let picks = Picks(fields)
        do throws(Walk.Stop) {
            var split = try body.withUnsafeBufferPointer { (buffer) throws(Walk.Stop) -> Split in
                var walk = Walk(Bytes(buffer), picks, fieldCount: fields.count)
                try run(&walk)
                return walk.split
            }
            split.fill(picks.twins)
            return split
        } catch {
            throw Malformed(error.reason, offset: error.place, in: body)
        }
    }

    /// Appends the element at `range` of `body` to `line` without the newlines between its tokens.
    ///
    /// A valid element holds no raw newline inside a string, so every newline in it stands between tokens.
    package static func appendEvent(_ range: Range<Int>, of body: [UInt8], to line: inout [UInt8]) {
        line.reserveCapacity(line.count + range.count)
        var start = range.lowerBound
        for place in range where body[place] == 0x0A || body[place] == 0x0D {
            line.append(contentsOf: body[start..<place])
            start = place + 1
        }
        line.append(contentsOf: body[start..<range.upperBound])
    }

    /// The text of the value at `raw`: a string decoded, a number or boolean as written; `nil` for anything else.
    package static func string(_ raw: Range<Int>, in body: [UInt8]) -> String? {
        guard let first = body[raw].first else { return nil }
        switch first {
        case UInt8(ascii: "\""):
            let inner = body[raw].dropFirst().dropLast()
            if !inner.contains(0x5C) { return String(decoding: inner, as: UTF8.self) }
            guard case .string(let text)? = value(raw, in: body) else { return nil }
            return text
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "n"): return nil
        default: return String(decoding: body[raw], as: UTF8.self)
        }
    }

    /// The value at `raw` as a tree; `nil` if it is not valid JSON.
    package static func value(_ raw: Range<Int>, in body: [UInt8]) -> Value? {
        try? Value(parsing: Array(body[raw]))
    }
}

extension Split {
    /// Gives fields that were asked for twice the places of the first asking.
    mutating func fill(_ twins: [(copy: Int, original: Int)]) {
        for element in 0..<count {
            for twin in twins {
                fields[element * fieldCount + twin.copy] = fields[element * fieldCount + twin.original]
            }
        }
    }
}
