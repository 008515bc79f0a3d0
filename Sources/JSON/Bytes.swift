// SPDX-License-Identifier: Apache-2.0

/// The bytes of a body with the steps that any walk over JSON needs.
///
/// Steps return the place after what they passed, or a negative number where it is not what it should be. Pointers
/// instead of spans, because words are loaded at any alignment; every load is checked against `end`.
struct Bytes {
    let base: UnsafePointer<UInt8>
    let end: Int

    /// A byte to point at where a body has none.
    private static let nothing: StaticString = " "

    init(_ buffer: UnsafeBufferPointer<UInt8>) {
        base = buffer.baseAddress ?? Self.nothing.utf8Start
        end = buffer.count
    }

    @inline(__always)
    subscript(place: Int) -> UInt8 { base[place] }

    /// Eight bytes, the first in the lowest; `place + 8 <= end` is the caller's care.
    @inline(__always)
    func word(_ place: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(base + place).loadUnaligned(as: UInt64.self))
    }

    /// Whether the bytes at `place` are `text`.
    @inline(__always)
    func has(_ text: StaticString, at place: Int) -> Bool {
        guard place + text.utf8CodeUnitCount <= end else { return false }
        for offset in 0..<text.utf8CodeUnitCount where base[place + offset] != text.utf8Start[offset] {
            return false
        }
        return true
    }

    /// The place after the number at `place` (RFC 8259 §6).
    @inline(__always)
    func afterNumber(_ place: Int) -> Int {
        var i = place
        if i < end, base[i] == UInt8(ascii: "-") { i += 1 }
        guard i < end else { return -1 }
        if base[i] == UInt8(ascii: "0") {
            i += 1
        } else {
            let next = afterDigits(i)
            guard next > i else { return -1 }
            i = next
        }
        if i < end, base[i] == UInt8(ascii: ".") {
            let next = afterDigits(i + 1)
            guard next > i + 1 else { return -1 }
            i = next
        }
        if i < end, base[i] | 0x20 == UInt8(ascii: "e") {
            i += 1
            if i < end, base[i] == UInt8(ascii: "+") || base[i] == UInt8(ascii: "-") { i += 1 }
            let next = afterDigits(i)
            guard next > i else { return -1 }
            i = next
        }
        return i
    }

    @inline(__always)
    private func afterDigits(_ place: Int) -> Int {
        var i = place
        while i < end, base[i] &- 0x30 < 10 { i += 1 }
        return i
    }

    /// The place after the literal at `place`: `true`, `false` or `null`.
    @inline(__always)
    func afterLiteral(_ place: Int) -> Int {
        switch base[place] {
        case UInt8(ascii: "t"): has("true", at: place) ? place + 4 : -1
        case UInt8(ascii: "f"): has("false", at: place) ? place + 5 : -1
        case UInt8(ascii: "n"): has("null", at: place) ? place + 4 : -1
        default: -1
        }
    }

    /// The place after the spaces at `place`; `newline` is set where a line ends among them.
    @inline(__always)
    func afterSpace(_ place: Int, _ newline: inout Bool) -> Int {
        var i = place
        while i < end {
            let byte = base[i]
            if byte > 0x20 { return i }
            switch byte {
            case 0x20, 0x09: break
            case 0x0A, 0x0D: newline = true
            default: return i
            }
            i += 1
        }
        return i
    }

    /// The place of the next byte of a string that is not ``Plain``: a quote, a backslash, a control character or not
    /// ASCII.
    @inline(__always)
    func afterPlain(_ place: Int) -> Int {
        var i = place
        while i <= end &- Plain.width {
            let run = Plain.run(UnsafeRawPointer(base + i))
            if run < Plain.width { return i &+ run }
            i &+= Plain.width
        }
        return afterLastPlain(i)
    }

    /// The same byte by byte, where fewer are left than are looked at together.
    @inline(never)
    private func afterLastPlain(_ place: Int) -> Int {
        var i = place
        while i < end {
            let byte = base[i]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 || byte >= 0x80 { return i }
            i += 1
        }
        return i
    }

    /// The place after the well-formed UTF-8 character at `place`, which is not ASCII (Unicode table 3-7).
    func afterCharacter(_ place: Int) -> Int {
        let first = base[place]
        let length: Int
        var low: UInt8 = 0x80
        var high: UInt8 = 0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, low) = (3, 0xA0)
        case 0xED: (length, high) = (3, 0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, low) = (4, 0x90)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, high) = (4, 0x8F)
        default: return -1
        }
        guard place + length <= end, low...high ~= base[place + 1] else { return -1 }
        for offset in 2..<max(length, 2) where base[place + offset] & 0xC0 != 0x80 { return -1 }
        return place + length
    }

    /// The four hexadecimal digits at `place` as a number.
    func hexadecimal(_ place: Int) -> UInt32? {
        guard place + 4 <= end else { return nil }
        var value: UInt32 = 0
        for offset in 0..<4 {
            let byte = base[place + offset]
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
            case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
            default: return nil
            }
        }
        return value
    }
}
