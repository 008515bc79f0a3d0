// SPDX-License-Identifier: Apache-2.0

/// One pass over a body: validates it and notes where elements and fields lie.
///
/// Not recursive; the kinds of the open brackets are bits in a fixed stack.
struct Walk {
    /// Where and why the walk cannot go on.
    struct Stop: Error {
        let reason: Malformed.Reason
        let place: Int

        init(_ reason: Malformed.Reason, _ place: Int) {
            self.reason = reason
            self.place = place
        }
    }

    private let bytes: Bytes
    private let nodes: [Picks.Node]
    private(set) var split: Split
    private var objects: [Bool]
    private var starts: [Int]
    /// Marks of the value being walked.
    private var marks: UInt8 = 0
    private var newline = false
    /// Whether the last string held an escape.
    private var escaped = false
    /// Levels that enclose the elements.
    private var around = 0

    init(_ bytes: Bytes, _ picks: Picks, fieldCount: Int) {
        self.bytes = bytes
        nodes = picks.nodes
        split = Split(fieldCount: fieldCount)
        objects = Array(repeating: false, count: Scanner.depthLimit + 1)
        starts = Array(repeating: 0, count: picks.nodes.count)
        // A guess that spares most of the growing.
        split.bounds.reserveCapacity(bytes.end / 500 * 2 + 2)
        split.fields.reserveCapacity((bytes.end / 500 + 1) * fieldCount * 2)
        split.marks.reserveCapacity(bytes.end / 500 + 1)
    }

    // MARK: whole bodies

    /// A body whose elements are in the array at `items`.
    mutating func document(items: Pointer) throws(Stop) {
        let start = try opening()
        var found = false
        let after = try descend(items.tokens[...], at: start, whole: items, &found)
        try closing(after)
        guard found else { throw Stop(.noSuchMember(items.description), start) }
    }

    /// A body that is one value.
    mutating func single() throws(Stop) {
        let start = try opening()
        try closing(try element(at: start))
    }

    private mutating func opening() throws(Stop) -> Int {
        let start = bytes.has("\u{FEFF}", at: 0) ? 3 : 0
        let first = bytes.afterSpace(start, &newline)
        guard first < bytes.end else { throw Stop(.empty, first) }
        return first
    }

    private mutating func closing(_ place: Int) throws(Stop) {
        let last = bytes.afterSpace(place, &newline)
        guard last == bytes.end else { throw Stop(.trailing, last) }
    }

    /// Follows `tokens` from the value at `place` to the elements; returns the place after that value.
    private mutating func descend(
        _ tokens: ArraySlice<String>,
        at place: Int,
        whole: Pointer,
        _ found: inout Bool
    ) throws(Stop) -> Int {
        guard let token = tokens.first else {
            found = true
            return try elements(at: place)
        }
        around += 1
        defer { around -= 1 }
        let isObject = bytes[place] == UInt8(ascii: "{")
        guard isObject || bytes[place] == UInt8(ascii: "[") else { return try other(at: place) }
        var i = try next(bytes.afterSpace(place + 1, &newline))
        if bytes[i] == (isObject ? 0x7D : 0x5D) { return i + 1 }
        var index = 0
        while true {
            var matches = Pointer.index(token) == index
            if isObject {
                let name = i
                marks = 0
                i = try memberName(at: i)
                try refuseMarks(name)
                matches = matchesName(token, from: name + 1, to: i - 1)
                i = try afterColon(i)
            }
            if matches {
                // Of duplicate members the last wins, also where they hold the elements.
                split.removeAll()
                found = false
                i = try descend(tokens.dropFirst(), at: i, whole: whole, &found)
            } else {
                i = try other(at: i)
            }
            i = try next(bytes.afterSpace(i, &newline))
            if bytes[i] == (isObject ? 0x7D : 0x5D) { return i + 1 }
            guard bytes[i] == UInt8(ascii: ",") else { throw Stop(.missingComma, i) }
            i = try next(bytes.afterSpace(i + 1, &newline))
            index += 1
        }
    }

    private mutating func elements(at place: Int) throws(Stop) -> Int {
        guard bytes[place] == UInt8(ascii: "[") else { throw Stop(.notAnArray, place) }
        around += 1
        defer { around -= 1 }
        var i = try next(bytes.afterSpace(place + 1, &newline))
        if bytes[i] == UInt8(ascii: "]") { return i + 1 }
        while true {
            i = try element(at: i)
            i = try next(bytes.afterSpace(i, &newline))
            if bytes[i] == UInt8(ascii: "]") { return i + 1 }
            guard bytes[i] == UInt8(ascii: ",") else { throw Stop(.missingComma, i) }
            i = try next(bytes.afterSpace(i + 1, &newline))
            if bytes[i] == UInt8(ascii: "]") { throw Stop(.trailingComma, i) }
        }
    }

    /// Walks an element and notes it.
    @inline(__always)
    private mutating func element(at place: Int) throws(Stop) -> Int {
        marks = 0
        newline = false
        for _ in 0..<split.fieldCount * 2 { split.fields.append(0) }
        let after = try value(at: place, root: 0)
        if bytes[place] != UInt8(ascii: "{") { marks |= Split.Mark.notAnObject }
        if newline { marks |= Split.Mark.newline }
        split.bounds.append(UInt32(truncatingIfNeeded: place))
        split.bounds.append(UInt32(truncatingIfNeeded: after))
        split.marks.append(marks)
        return after
    }

    /// Walks a value beside the elements, which must be flawless since it cannot be set aside alone.
    private mutating func other(at place: Int) throws(Stop) -> Int {
        marks = 0
        let after = try value(at: place, root: -1)
        try refuseMarks(place)
        return after
    }

    private func refuseMarks(_ place: Int) throws(Stop) {
        if marks & Split.Mark.invalidUTF8 != 0 { throw Stop(.invalidUTF8, place) }
        if marks & Split.Mark.controlCharacter != 0 { throw Stop(.controlCharacter, place) }
        if marks & Split.Mark.badEscape != 0 { throw Stop(.badEscape, place) }
    }

    // MARK: values

    /// Walks the value at `place` and returns the place after it; picks fields below the node `root`, if any.
    @inline(__always)
    private mutating func value(at place: Int, root: Int) throws(Stop) -> Int {
        let limit = Scanner.depthLimit - around
        var i = place
        var depth = 0
        var inObject = false
        // The node whose object stands at depth `active`, where names are compared.
        var node = -1
        var active = 0
        // The node of the member whose value comes next, and the field that it fills.
        var matched = root
        var pending = -1
        var pendingStart = 0

        outer: while true {
            guard i < bytes.end else { throw Stop(.truncated, i) }
            let member = matched
            matched = -1
            switch bytes[i] {
            case UInt8(ascii: "\""):
                i = try string(at: i)
            case UInt8(ascii: "{"):
                guard depth < limit else { throw Stop(.tooDeep(Scanner.depthLimit), i) }
                depth += 1
                objects[depth] = true
                inObject = true
                if member >= 0, member == 0 || !nodes[member].children.isEmpty {
                    starts[member] = i
                    node = member
                    active = depth
                    pending = -1
                }
                i = try next(bytes.afterSpace(i + 1, &newline))
                if bytes[i] != UInt8(ascii: "}") {
                    i = try name(at: i, compare: depth == active ? node : -1, &matched)
                    if matched >= 0 { (pending, pendingStart) = (nodes[matched].field, i) }
                    continue outer
                }
            case UInt8(ascii: "["):
                guard depth < limit else { throw Stop(.tooDeep(Scanner.depthLimit), i) }
                i = try next(bytes.afterSpace(i + 1, &newline))
                depth += 1
                objects[depth] = false
                inObject = false
                if bytes[i] != UInt8(ascii: "]") { continue outer }
            case UInt8(ascii: "-"), 0x30...0x39:
                let after = bytes.afterNumber(i)
                guard after > 0 else { throw Stop(.badNumber, i) }
                i = after
            default:
                let after = bytes.afterLiteral(i)
                guard after > 0 else {
                    let byte = bytes[i]
                    if byte == 0x5D || byte == 0x7D { throw Stop(.trailingComma, i) }
                    let isWord = 0x41...0x5A ~= byte || 0x61...0x7A ~= byte
                    throw Stop(isWord ? .badLiteral : .unexpected, i)
                }
                i = after
            }
            // Behind a whole value, or at the closing bracket of an empty one.
            while true {
                if pending >= 0, depth == active {
                    let slot = (split.marks.count * split.fieldCount + pending) * 2
                    split.fields[slot] = UInt32(truncatingIfNeeded: pendingStart)
                    split.fields[slot + 1] = UInt32(truncatingIfNeeded: i)
                    pending = -1
                }
                guard depth > 0 else { return i }
                i = try next(bytes.afterSpace(i, &newline))
                let byte = bytes[i]
                if byte == UInt8(ascii: ",") {
                    i = try next(bytes.afterSpace(i + 1, &newline))
                    if inObject {
                        i = try name(at: i, compare: depth == active ? node : -1, &matched)
                        if matched >= 0 { (pending, pendingStart) = (nodes[matched].field, i) }
                    }
                    continue outer
                }
                guard byte == (inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    throw Stop(.missingComma, i)
                }
                i += 1
                if depth == active, node >= 0, inObject {
                    (pending, pendingStart) = (nodes[node].field, starts[node])
                    node = nodes[node].parent
                    active -= 1
                }
                depth -= 1
                inObject = objects[depth]
            }
        }
    }

    /// `place`, if there is a byte.
    @inline(__always)
    private func next(_ place: Int) throws(Stop) -> Int {
        guard place < bytes.end else { throw Stop(.truncated, place) }
        return place
    }

    /// Passes a member's name and colon; `matched` becomes the child of `node` that bears the name.
    @inline(__always)
    private mutating func name(at place: Int, compare node: Int, _ matched: inout Int) throws(Stop) -> Int {
        let after = try memberName(at: place)
        if node >= 0 {
            let length = after - place - 2
            if escaped || nodes[node].lengths & (1 << UInt64(min(length, 63))) != 0 {
                matched = find(node, from: place + 1, length: length)
            }
        }
        return try afterColon(after)
    }

    @inline(__always)
    private mutating func memberName(at place: Int) throws(Stop) -> Int {
        guard bytes[place] == UInt8(ascii: "\"") else {
            throw Stop(bytes[place] == UInt8(ascii: "}") ? .trailingComma : .memberName, place)
        }
        escaped = false
        return try string(at: place)
    }

    @inline(__always)
    private mutating func afterColon(_ place: Int) throws(Stop) -> Int {
        let colon = try next(bytes.afterSpace(place, &newline))
        guard bytes[colon] == UInt8(ascii: ":") else { throw Stop(.missingColon, colon) }
        return try next(bytes.afterSpace(colon + 1, &newline))
    }

    /// The child of `node` whose name is the raw name at `start`, or -1; clears what an earlier duplicate left.
    private mutating func find(_ node: Int, from start: Int, length: Int) -> Int {
        var head: UInt64 = 0
        if !escaped {
            if start + 8 <= bytes.end {
                head = bytes.word(start)
                if length < 8 { head &= (1 << UInt64(length * 8)) - 1 }
            } else {
                for offset in 0..<min(length, 8) {
                    head |= UInt64(bytes[start + offset]) << UInt64(offset * 8)
                }
            }
        }
        for child in nodes[node].children {
            if escaped {
                guard matchesName(nodes[child].name, from: start, to: start + length) else { continue }
            } else {
                guard nodes[child].name.count == length, nodes[child].head == head else { continue }
                guard length <= 8 || sameBytes(nodes[child].name, start) else { continue }
            }
            if nodes[child].below.count > 1 || nodes[child].field < 0 {
                for field in nodes[child].below {
                    split.fields[(split.marks.count * split.fieldCount + field) * 2 + 1] = 0
                }
            }
            return child
        }
        return -1
    }

    private func sameBytes(_ name: [UInt8], _ start: Int) -> Bool {
        for offset in 8..<name.count where bytes[start + offset] != name[offset] { return false }
        return true
    }

    private func matchesName(_ name: String, from start: Int, to end: Int) -> Bool {
        matchesName(Array(name.utf8), from: start, to: end)
    }

    /// Compares a raw name, which may hold escapes, with `name`.
    private func matchesName(_ name: [UInt8], from start: Int, to end: Int) -> Bool {
        if !escaped {
            guard name.count == end - start else { return false }
            for offset in 0..<name.count where bytes[start + offset] != name[offset] { return false }
            return true
        }
        let raw = UnsafeBufferPointer(start: bytes.base + start - 1, count: end - start + 2)
        guard case .string(let text)? = try? Value(parsing: Array(raw)) else { return false }
        return Array(text.utf8) == name
    }

    // MARK: strings

    /// Passes the string whose opening quote is at `place`.
    @inline(__always)
    private mutating func string(at place: Int) throws(Stop) -> Int {
        var i = place + 1
        while true {
            i = bytes.afterPlain(i)
            guard i < bytes.end else { throw Stop(.truncated, i) }
            let byte = bytes[i]
            if byte == UInt8(ascii: "\"") { return i + 1 }
            if byte == UInt8(ascii: "\\") {
                escaped = true
                guard i + 1 < bytes.end else { throw Stop(.truncated, bytes.end) }
                switch bytes[i + 1] {
                case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: i += 2
                case UInt8(ascii: "u") where bytes.hexadecimal(i + 2) != nil: i += 6
                default:
                    // What follows is looked at as an ordinary byte, so that the structure is still followed.
                    marks |= Split.Mark.badEscape
                    i += 1
                }
            } else if byte >= 0x80 {
                repeat {
                    let after = bytes.afterCharacter(i)
                    if after < 0 { marks |= Split.Mark.invalidUTF8 }
                    i = after < 0 ? i + 1 : after
                } while i < bytes.end && bytes[i] >= 0x80
            } else {
                marks |= Split.Mark.controlCharacter
                i += 1
            }
        }
    }
}
