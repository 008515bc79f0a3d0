// SPDX-License-Identifier: Apache-2.0

/// A document that people write, read strictly, whose every value can be pointed at.
package struct Document: Sendable {
    /// The whole document as a tree.
    package let root: Value
    private let bytes: [UInt8]

    /// Reads `bytes`; duplicate members, a byte order mark, invalid UTF-8 and half surrogate pairs are refused.
    package init(parsing bytes: [UInt8], limits: Limits = .standard) throws(Malformed) {
        var reader = Reader(bytes, limits: limits, strict: true)
        root = try reader.document()
        self.bytes = bytes
    }

    /// Where the value at `pointer` starts; `nil` if there is none.
    package func position(of pointer: Pointer) -> Position? {
        guard let place = place(of: pointer) else { return nil }
        return Position(offset: place.value, in: bytes)
    }

    /// Where the name of the member at `pointer` starts, or the value where it has no name.
    package func position(ofName pointer: Pointer) -> Position? {
        guard let place = place(of: pointer) else { return nil }
        return Position(offset: place.name, in: bytes)
    }

    /// Walks anew at each call: places are asked for problems only, and a table of all would cost more than the tree.
    private func place(of pointer: Pointer) -> (name: Int, value: Int)? {
        var found = (name: 0, value: 0)
        bytes.withUnsafeBufferPointer { found.value = Skipper(bytes: Bytes($0)).space(0) }
        found.name = found.value
        for token in pointer.tokens {
            let step = bytes.withUnsafeBufferPointer {
                Skipper(bytes: Bytes($0)).child(token, at: found.value)
            }
            guard let step else { return nil }
            found = step
        }
        return found
    }
}

/// Passes over values that are known to be valid.
private struct Skipper {
    let bytes: Bytes

    func space(_ place: Int) -> Int {
        var newline = false
        return bytes.afterSpace(place, &newline)
    }

    func string(_ place: Int) -> Int {
        var i = bytes.afterPlain(place + 1)
        while i < bytes.end, bytes[i] != 0x22 { i = bytes.afterPlain(i + (bytes[i] == 0x5C ? 2 : 1)) }
        return i + 1
    }

    func value(_ place: Int) -> Int {
        var i = place
        var depth = 0
        while i < bytes.end {
            switch bytes[i] {
            case 0x22: i = string(i) - 1
            case 0x7B, 0x5B: depth += 1
            case 0x7D, 0x5D:
                if depth == 0 { return i }
                depth -= 1
            case 0x2C where depth == 0: return i
            default: break
            }
            i += 1
        }
        return i
    }

    /// The value that `token` names inside the container at `place`, and its name's place.
    func child(_ token: String, at place: Int) -> (name: Int, value: Int)? {
        guard place < bytes.end, bytes[place] == 0x7B || bytes[place] == 0x5B else { return nil }
        let isObject = bytes[place] == 0x7B
        var i = space(place + 1)
        var index = 0
        while i < bytes.end, bytes[i] != 0x7D, bytes[i] != 0x5D {
            let name = i
            var matches = Pointer.index(token) == index
            if isObject {
                i = string(i)
                let raw = UnsafeBufferPointer(start: bytes.base + name, count: i - name)
                matches = (try? Value(parsing: Array(raw))) == .string(token)
                // The colon, with the spaces on both sides of it.
                i = space(space(i) + 1)
            }
            if matches { return (name, i) }
            i = value(i)
            if i < bytes.end, bytes[i] == 0x2C { i = space(i + 1) }
            index += 1
        }
        return nil
    }
}
