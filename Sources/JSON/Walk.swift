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
    /// The kinds of the innermost brackets that are open, the innermost in the lowest bit: set for an object's.
    private var kinds: UInt64 = 0
    /// The kinds of those further out, 64 at a time.
    private var older: [UInt64] = []
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
        starts = Array(repeating: 0, count: picks.nodes.count)
        // A guess that spares most of the growing.
        split.bounds.reserveCapacity(bytes.end / 500 + 1)
        split.fields.reserveCapacity((bytes.end / 500 + 1) * fieldCount)
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
                i = try afterColon(bytes, i)
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
        for _ in 0..<split.fieldCount { split.fields.append(.nowhere) }
        let after = try value(at: place, root: 0)
        if bytes[place] != UInt8(ascii: "{") { marks |= Split.Mark.notAnObject }
        if newline { marks |= Split.Mark.newline }
        split.bounds.append(Split.Place(place, after))
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
    private mutating func value(at place: Int, root: Int) throws(Stop) -> Int {
        let bytes = bytes
        let limit = Scanner.depthLimit - around
        var i = place
        var depth = 0
        var inObject = false
        // The node whose object stands at depth `active`, where names are compared.
        var node = -1
        var active = 0
        // The lengths of the names that are looked for at this depth.
        var lengths: UInt64 = 0
        // The node of the member whose value comes next, and the field that it fills.
        var matched = root
        var pending = -1
        var pendingStart = 0
        guard i < bytes.end else { throw Stop(.truncated, i) }

        outer: while true {
            let first = bytes[i]
            if first == UInt8(ascii: "\"") {
                i = try string(bytes, at: i)
            } else if first == UInt8(ascii: "{") {
                guard depth < limit else { throw Stop(.tooDeep(Scanner.depthLimit), i) }
                depth &+= 1
                open(true, depth)
                inObject = true
                lengths = 0
                if matched >= 0, matched == 0 || nodes[matched].child >= 0 {
                    starts[matched] = i
                    node = matched
                    active = depth
                    lengths = nodes[node].lengths
                    pending = -1
                }
                i = try token(bytes, i &+ 1)
                if bytes[i] != UInt8(ascii: "}") {
                    i = try name(bytes, at: i, lengths, below: node, &matched)
                    if matched >= 0 { (pending, pendingStart) = (nodes[matched].field, i) }
                    continue outer
                }
            } else if first == UInt8(ascii: "[") {
                guard depth < limit else { throw Stop(.tooDeep(Scanner.depthLimit), i) }
                i = try token(bytes, i &+ 1)
                depth &+= 1
                open(false, depth)
                inObject = false
                matched = -1
                if bytes[i] != UInt8(ascii: "]") { continue outer }
            } else {
                i = try scalar(bytes, at: i)
            }
            // Behind a whole value, or at the closing bracket of an empty one.
            while true {
                if pending >= 0, depth == active {
                    split.fields[split.marks.count &* split.fieldCount &+ pending] = Split.Place(
                        pendingStart,
                        i
                    )
                    pending = -1
                }
                guard depth > 0 else { return i }
                i = try token(bytes, i)
                let byte = bytes[i]
                if byte == UInt8(ascii: ",") {
                    i = try token(bytes, i &+ 1)
                    if inObject {
                        i = try name(bytes, at: i, lengths, below: node, &matched)
                        if matched >= 0 { (pending, pendingStart) = (nodes[matched].field, i) }
                    } else {
                        matched = -1
                    }
                    continue outer
                }
                guard byte == (inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    throw Stop(.missingComma, i)
                }
                i &+= 1
                if depth == active, node >= 0, inObject {
                    (pending, pendingStart) = (nodes[node].field, starts[node])
                    node = nodes[node].parent
                    active &-= 1
                }
                depth &-= 1
                inObject = close(depth)
                lengths = depth == active && node >= 0 && inObject ? nodes[node].lengths : 0
            }
        }
    }

    /// Passes a number or a literal.
    @inline(__always)
    private func scalar(_ bytes: Bytes, at place: Int) throws(Stop) -> Int {
        let byte = bytes[place]
        if byte == UInt8(ascii: "-") || byte &- 0x30 < 10 {
            let after = bytes.afterNumber(place)
            guard after > 0 else { throw Stop(.badNumber, place) }
            return after
        }
        let after = bytes.afterLiteral(place)
        guard after > 0 else {
            if byte == 0x5D || byte == 0x7D { throw Stop(.trailingComma, place) }
            let isWord = 0x41...0x5A ~= byte || 0x61...0x7A ~= byte
            throw Stop(isWord ? .badLiteral : .unexpected, place)
        }
        return after
    }

    // MARK: brackets

    /// Notes the kind of the bracket that makes the walk `depth` deep.
    @inline(__always)
    private mutating func open(_ isObject: Bool, _ depth: Int) {
        if depth & 63 == 0 { older.append(kinds) }
        kinds = kinds << 1 | (isObject ? 1 : 0)
    }

    /// Forgets the innermost bracket; whether the one at `depth`, which is the innermost now, is an object's.
    @inline(__always)
    private mutating func close(_ depth: Int) -> Bool {
        kinds >>= 1
        if depth & 63 == 63 { kinds = older.removeLast() }
        return kinds & 1 != 0
    }

    /// The place of the token at or behind `place`.
    @inline(__always)
    private mutating func token(_ bytes: Bytes, _ place: Int) throws(Stop) -> Int {
        guard place < bytes.end else { throw Stop(.truncated, place) }
        return bytes[place] > 0x20 ? place : try spaced(place)
    }

    @inline(never)
    private mutating func spaced(_ place: Int) throws(Stop) -> Int {
        try next(bytes.afterSpace(place, &newline))
    }

    /// `place`, if there is a byte.
    @inline(__always)
    private func next(_ place: Int) throws(Stop) -> Int {
        guard place < bytes.end else { throw Stop(.truncated, place) }
        return place
    }

    /// Passes a member's name and colon; `matched` becomes the child of `node` that bears the name.
    ///
    /// No name is looked for unless `lengths` has its length.
    @inline(__always)
    private mutating func name(
        _ bytes: Bytes,
        at place: Int,
        _ lengths: UInt64,
        below node: Int,
        _ matched: inout Int
    ) throws(Stop) -> Int {
        guard bytes[place] == UInt8(ascii: "\"") else { throw noName(place) }
        var i = bytes.afterPlain(place &+ 1)
        if i < bytes.end, bytes[i] == UInt8(ascii: "\"") {
            let length = i &- place &- 1
            let isSought = lengths & (1 &<< UInt64(truncatingIfNeeded: length)) != 0
            matched = isSought ? find(node, from: place &+ 1, length: length) : -1
            i &+= 1
        } else {
            escaped = false
            i = try restOfString(at: i)
            matched = lengths != 0 ? findEscaped(node, from: place, to: i) : -1
        }
        return try afterColon(bytes, i)
    }

    private func noName(_ place: Int) -> Stop {
        Stop(bytes[place] == UInt8(ascii: "}") ? .trailingComma : .memberName, place)
    }

    private mutating func memberName(at place: Int) throws(Stop) -> Int {
        guard bytes[place] == UInt8(ascii: "\"") else { throw noName(place) }
        escaped = false
        return try string(bytes, at: place)
    }

    @inline(__always)
    private mutating func afterColon(_ bytes: Bytes, _ place: Int) throws(Stop) -> Int {
        let colon = try token(bytes, place)
        guard bytes[colon] == UInt8(ascii: ":") else { throw Stop(.missingColon, colon) }
        return try token(bytes, colon &+ 1)
    }

    /// The child of `node` whose name is the raw name at `start`, which holds no escape, or -1.
    private mutating func find(_ node: Int, from start: Int, length: Int) -> Int {
        var head: UInt64 = 0
        if start + 8 <= bytes.end {
            head = bytes.word(start)
            if length < 8 { head &= (1 &<< UInt64(truncatingIfNeeded: length &* 8)) &- 1 }
        } else {
            for offset in 0..<min(length, 8) {
                head |= UInt64(bytes[start + offset]) << UInt64(offset * 8)
            }
        }
        var child = nodes[node].child
        while child >= 0 {
            if nodes[child].head == head, bears(child, from: start, length: length) { return found(child) }
            child = nodes[child].sibling
        }
        return -1
    }

    /// Whether `child`, whose name begins like the raw name at `start`, bears it.
    @inline(__always)
    private func bears(_ child: Int, from start: Int, length: Int) -> Bool {
        guard nodes[child].name.count == length else { return false }
        if length <= 8 { return true }
        guard nodes[child].tail == bytes.word(start &+ length &- 8) else { return false }
        return length <= 16 || isSame(nodes[child].name, from: start)
    }

    /// The child of `node` whose name is what the raw name between the quotes at `start` and before `end` means, or -1.
    @inline(never)
    private mutating func findEscaped(_ node: Int, from start: Int, to end: Int) -> Int {
        var child = nodes[node].child
        while child >= 0 {
            if matchesName(nodes[child].name, from: start + 1, to: end - 1) { return found(child) }
            child = nodes[child].sibling
        }
        return -1
    }

    /// Clears what an earlier duplicate of `child` left.
    @inline(__always)
    private mutating func found(_ child: Int) -> Int {
        if nodes[child].isShared {
            for field in nodes[child].below {
                split.fields[split.marks.count * split.fieldCount + field] = .nowhere
            }
        }
        return child
    }

    /// Whether the bytes of `name` stand at `start`, where as many are.
    private func isSame(_ name: [UInt8], from start: Int) -> Bool {
        for offset in 0..<name.count where bytes[start + offset] != name[offset] { return false }
        return true
    }

    private func matchesName(_ name: String, from start: Int, to end: Int) -> Bool {
        matchesName(Array(name.utf8), from: start, to: end)
    }

    /// Compares a raw name, which may hold escapes, with `name`.
    private func matchesName(_ name: [UInt8], from start: Int, to end: Int) -> Bool {
        guard escaped else { return name.count == end - start && isSame(name, from: start) }
        let raw = UnsafeBufferPointer(start: bytes.base + start - 1, count: end - start + 2)
        guard case .string(let text)? = try? Value(parsing: Array(raw)) else { return false }
        return Array(text.utf8) == name
    }

    // MARK: strings

    /// Passes the string whose opening quote is at `place`.
    @inline(__always)
    private mutating func string(_ bytes: Bytes, at place: Int) throws(Stop) -> Int {
        let i = bytes.afterPlain(place &+ 1)
        if i < bytes.end, bytes[i] == UInt8(ascii: "\"") { return i + 1 }
        return try restOfString(at: i)
    }

    /// Passes the rest of a string from a byte that is not plain.
    @inline(never)
    private mutating func restOfString(at place: Int) throws(Stop) -> Int {
        let bytes = bytes
        var i = place
        while true {
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
            i = bytes.afterPlain(i)
        }
    }
}
