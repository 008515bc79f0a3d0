// SPDX-License-Identifier: Apache-2.0

extension Scanner {
    /// Where the values of `fields` lie in the object at `element` of `body`, in order and without overlaps.
    ///
    /// Unlike picking, which takes the last of duplicate members, this finds every one, since each can be read. A list
    /// on the way stands for all of its elements; null is no value. `element` must be one that a split found flawless.
    package static func occurrences(
        of fields: [FieldPath],
        in element: Range<Int>,
        of body: [UInt8]
    ) -> [Range<Int>] {
        var found = Occurrences(body: body, end: element.upperBound)
        found.visit(element.lowerBound, fields.map { $0.names[...] })
        return found.ranges
    }
}

/// Walks valid JSON along some paths and passes over everything else.
private struct Occurrences {
    let body: [UInt8]
    let end: Int
    private(set) var ranges: [Range<Int>] = []

    init(body: [UInt8], end: Int) {
        self.body = body
        self.end = end
    }

    /// Looks through the value at `place` and returns the place after it.
    @discardableResult
    mutating func visit(_ place: Int, _ paths: [ArraySlice<String>]) -> Int {
        switch body[place] {
        case UInt8(ascii: "{"): return members(place, paths)
        case UInt8(ascii: "["): return elements(place, paths)
        default: return after(place)
        }
    }

    private mutating func members(_ place: Int, _ paths: [ArraySlice<String>]) -> Int {
        var i = token(place + 1)
        while i < end, body[i] != UInt8(ascii: "}") {
            let close = after(i)
            let name = Scanner.string(i..<close, in: body)
            // Behind the name comes its colon.
            let value = token(token(close) + 1)
            let below = paths.filter { $0.first == name }.map { $0.dropFirst() }
            if below.contains(where: \.isEmpty) {
                i = after(value)
                if body[value] != UInt8(ascii: "n") { ranges.append(value..<i) }
            } else {
                i = below.isEmpty ? after(value) : visit(value, below)
            }
            i = comma(i)
        }
        return i + 1
    }

    private mutating func elements(_ place: Int, _ paths: [ArraySlice<String>]) -> Int {
        var i = token(place + 1)
        while i < end, body[i] != UInt8(ascii: "]") { i = comma(visit(i, paths)) }
        return i + 1
    }

    /// The next place that is no white space.
    private func token(_ place: Int) -> Int {
        var i = place
        while i < end, body[i] <= 0x20 { i += 1 }
        return i
    }

    /// The next member or element, or the closing bracket.
    private func comma(_ place: Int) -> Int {
        let next = token(place)
        return next < end && body[next] == UInt8(ascii: ",") ? token(next + 1) : next
    }

    /// The place after the value at `place`.
    private func after(_ place: Int) -> Int {
        var i = place
        var depth = 0
        while i < end {
            switch body[i] {
            case UInt8(ascii: "\""):
                i += 1
                while i < end, body[i] != UInt8(ascii: "\"") { i += body[i] == UInt8(ascii: "\\") ? 2 : 1 }
                i += 1
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                i += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                // A bare value ends before the bracket of what holds it.
                guard depth > 0 else { return i }
                depth -= 1
                i += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"), 0...0x20:
                guard depth > 0 else { return i }
                i += 1
                continue
            default:
                while i < end, !",:]} \t\n\r".utf8.contains(body[i]) { i += 1 }
            }
            if depth == 0 { return i }
        }
        return end
    }
}
