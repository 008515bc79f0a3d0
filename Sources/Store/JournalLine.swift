// SPDX-License-Identifier: Apache-2.0
import Glibc
package import Status

/// One line of a chunk of the journal, by its places in the chunk.
package struct JournalLine: Sendable, Equatable {
    /// The line with its newline.
    package var whole: Range<Int>
    /// The event's bytes as they were received.
    package var event: Range<Int>
    /// When it was collected, as the line writes it.
    package var collected: Range<Int>
}

/// Lines that follow one another and belong to one stream and one collection day.
package struct JournalRun: Sendable, Equatable {
    package var stream: StreamKey
    /// The UTC day of `collected`, as `YYYY-MM-DD`.
    package var day: String
    /// Which of the chunk's lines they are; there is at least one.
    package var lines: Range<Int>
    /// Their bytes in the chunk, newlines included.
    package var bytes: Range<Int>
}

/// Reads the fields at the front of journal lines in the one order in which ``BatchBuilder`` writes them.
///
/// Lines that follow one another mostly have the same head (everything up to the id), so that one comparison tells
/// where a line belongs; names and days become texts only where they change.
struct JournalLineParser {
    /// The bytes up to the id of the line before, and whose they are.
    private var head: [UInt8] = []
    private(set) var stream = StreamKey(customer: "", connection: "", stream: "")
    private var dayBytes: [UInt8] = []
    private(set) var day = ""

    /// Reads the line at the front of `bytes`; `nil` where it is none of ours.
    ///
    /// `bytes` begins at the line, ends with a newline, and may hold more lines. `changed` tells whether the line's
    /// stream or day is another than that of the line before.
    mutating func next(
        _ bytes: UnsafeRawBufferPointer
    ) -> (length: Int, event: Range<Int>, collected: Range<Int>, changed: Bool)? {
        guard let base = bytes.baseAddress, let newline = memchr(base, 0x0A, bytes.count) else { return nil }
        let end = base.distance(to: UnsafeRawPointer(newline))
        var front = Front(bytes: UnsafeRawBufferPointer(start: base, count: end))
        var changed = false
        if !front.skip(head) || head.isEmpty {
            guard let other = readHead(&front) else { return nil }
            changed = other != stream
            stream = other
            head = Array(bytes[..<front.at])
        }
        guard front.string() != nil, front.skip(",\"time\":") else { return nil }
        if front.skip("\"") {
            guard front.string() != nil else { return nil }
        } else if !front.skip("null") {
            return nil
        }
        guard front.skip(",\"collected\":\""), let collected = front.string(), collected.count >= 10 else {
            return nil
        }
        let dayRange = collected.prefix(10)
        if dayBytes.isEmpty || !bytes[dayRange].elementsEqual(dayBytes) {
            guard isDay(bytes[dayRange]) else { return nil }
            dayBytes = Array(bytes[dayRange])
            day = String(decoding: dayBytes, as: UTF8.self)
            changed = true
        }
        _ = front.skip(",\"redacted\":true")
        guard front.skip(",\"event\":"), front.at < end - 1, bytes[end - 1] == UInt8(ascii: "}") else {
            return nil
        }
        return (end + 1, front.at..<end - 1, collected, changed)
    }

    private func readHead(_ front: inout Front) -> StreamKey? {
        guard front.skip("{\"customer\":\""), let customer = front.string(),
            front.skip(",\"connection\":\""), let connection = front.string(),
            front.skip(",\"connector\":\""), front.string() != nil,
            front.skip(",\"stream\":\""), let stream = front.string(),
            front.skip(",\"tenant\":\""), front.string() != nil, front.skip(",\"id\":\"")
        else { return nil }
        guard let customer = front.name(customer), let connection = front.name(connection),
            let stream = front.name(stream)
        else { return nil }
        return StreamKey(customer: customer, connection: connection, stream: stream)
    }

    private func isDay(_ text: Slice<UnsafeRawBufferPointer>) -> Bool {
        text.enumerated().allSatisfy { place, byte in
            place == 4 || place == 7 ? byte == UInt8(ascii: "-") : (0x30...0x39).contains(byte)
        }
    }
}

/// Takes fixed texts and strings off the front of one line.
private struct Front {
    let bytes: UnsafeRawBufferPointer
    var at = 0

    mutating func skip(_ text: StaticString) -> Bool {
        skip(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func skip(_ text: [UInt8]) -> Bool { text.withUnsafeBytes { skip($0) } }

    private mutating func skip(_ text: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count - at >= text.count, let base = bytes.baseAddress, let other = text.baseAddress,
            memcmp(base + at, other, text.count) == 0
        else { return false }
        at += text.count
        return true
    }

    /// What a string holds whose opening quote has been taken already.
    mutating func string() -> Range<Int>? {
        let start = at
        while let base = bytes.baseAddress, let quote = memchr(base + at, 0x22, bytes.count - at) {
            let place = base.distance(to: UnsafeRawPointer(quote))
            at = place + 1
            var slashes = 0
            while place - slashes > start, bytes[place - slashes - 1] == UInt8(ascii: "\\") { slashes += 1 }
            if slashes.isMultiple(of: 2) { return start..<place }
        }
        return nil
    }

    /// The text at `range` if it is made as ids are; anything else would not be safe as the name of a file.
    func name(_ range: Range<Int>) -> String? {
        let name = bytes[range]
        guard let first = name.first, first != UInt8(ascii: "."), range.count <= 63 else { return nil }
        let isName = name.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x30...0x39,
                UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return isName ? String(decoding: name, as: UTF8.self) : nil
    }
}
