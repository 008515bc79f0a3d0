// SPDX-License-Identifier: Apache-2.0
package import Basics
import Crypto
package import JSON
package import Status

/// Composes journal lines from events, off the committer's thread.
///
/// A line is the envelope, the record's id and times, and the event's bytes as received without the newlines between
/// its tokens. The id is a digest over identity, connector, stream and key, each with its length before it, so that
/// no two different keys run together to the same text.
package struct BatchBuilder {
    /// How a source writes times.
    package enum TimeFormat: String, Sendable, CaseIterable {
        case iso, epoch, epochMillis

        /// The instant that `raw`, a JSON value's bytes, says in this form; `nil` where it is no time.
        package func instant(_ raw: ArraySlice<UInt8>) -> Timestamp? {
            var text: [UInt8] = []
            guard EventTime.append(raw, self, to: &text) else { return nil }
            return Timestamp(iso8601: String(decoding: text.dropFirst().dropLast(), as: UTF8.self))
        }
    }

    /// An element that cannot be a line; its siblings pass.
    package struct Refused: Sendable, Equatable {
        /// Its place in the body's array.
        package var index: Int
        /// What is wrong with it.
        package var defect: Split.Defect
        /// Its bytes as received.
        package var bytes: [UInt8]

        /// Puts it together from its parts.
        package init(index: Int, defect: Split.Defect, bytes: [UInt8]) {
            self.index = index
            self.defect = defect
            self.bytes = bytes
        }
    }

    /// The lines so far, each with its newline.
    package private(set) var lines: [UInt8] = []
    /// Where each line ends, and what it is told apart by.
    package private(set) var entries: [BatchEntry] = []
    /// How many lines were marked as redacted.
    package private(set) var redacted = 0
    /// How many elements were left out.
    package private(set) var dropped = 0

    /// What stands in the place of a blackened value.
    package static let mask = "\"[redacted]\""

    private let head: [UInt8]
    private let middle: [UInt8]
    private let keyHead: [UInt8]
    private let hasher = SHA256()
    private let stream: StreamKey
    private var scratch: [UInt8] = []
    /// The newest event time's first nineteen bytes, for one parse at the end.
    private var newest: [UInt8] = []

    /// Starts a batch of the envelope's stream, its lines collected at `collected`.
    package init(_ envelope: Envelope, collected: Timestamp) {
        stream = envelope.stream
        let fields = [
            ("customer", envelope.stream.customer), ("connection", envelope.stream.connection),
            ("connector", envelope.connector), ("stream", envelope.stream.stream),
            ("tenant", envelope.tenant),
        ]
        let text = fields.map { "\"\($0.0)\":" + Value.string($0.1).text() }.joined(separator: ",")
        head = Array("{\(text),\"id\":\"".utf8)
        middle = Array(",\"collected\":\"\(collected.millisecondsText)\"".utf8)
        var key: [UInt8] = []
        for part in [envelope.identity, envelope.connector, envelope.stream.stream] {
            Self.add(Array(part.utf8)[...], tag: Tag.text, to: &key)
        }
        keyHead = key
    }

    /// Takes the elements of a split body, and gives back those that cannot be lines.
    ///
    /// `key` and `time` number fields among those that were picked. An element without any of its key fields, like a
    /// stream without a key, is told apart by its bytes. `include` leaves elements out before anything else; `redact`
    /// says which parts of the body within an element are blackened, after its key was taken and with no other byte
    /// touched.
    package mutating func append(
        _ body: [UInt8],
        _ split: Split,
        key: [Int],
        time: Int?,
        format: TimeFormat = .iso,
        include: ((Int) -> Bool)? = nil,
        redact: ((Int) -> [Range<Int>])? = nil
    ) -> [Refused] {
        var refused: [Refused] = []
        entries.reserveCapacity(entries.count + split.count)
        lines.reserveCapacity(lines.count + body.count + split.count * (head.count + middle.count + 96))
        for index in 0..<split.count {
            let range = split.range(index)
            if let defect = split.defect(index) {
                refused.append(Refused(index: index, defect: defect, bytes: Array(body[range])))
                continue
            }
            if let include, !include(index) {
                dropped += 1
                continue
            }
            scratch.removeAll(keepingCapacity: true)
            scratch.append(contentsOf: keyHead)
            var any = false
            for field in key {
                any = addKey(split.field(field, of: index), of: body) || any
            }
            let timeRange = time.flatMap { split.field($0, of: index) }
            let secrets = redact?(index) ?? []
            open(timeRange.map { body[$0] }, format, redacted: !secrets.isEmpty)
            let start = lines.count
            if split.hasNewlines(index) {
                Scanner.appendEvent(range, of: body, to: &lines)
            } else {
                lines.append(contentsOf: body[range])
            }
            close(eventFrom: start, keyed: any) { lines in
                guard !secrets.isEmpty else { return false }
                Self.blacken(secrets, in: range, of: body, from: start, &lines)
                return true
            }
        }
        return refused
    }

    /// Puts the element anew from `start` on, with the mask in the places of `secrets`.
    private static func blacken(
        _ secrets: [Range<Int>],
        in element: Range<Int>,
        of body: [UInt8],
        from start: Int,
        _ lines: inout [UInt8]
    ) {
        lines.removeLast(lines.count - start)
        var place = element.lowerBound
        for secret in secrets {
            Scanner.appendEvent(place..<secret.lowerBound, of: body, to: &lines)
            lines.append(contentsOf: mask.utf8)
            place = secret.upperBound
        }
        Scanner.appendEvent(place..<element.upperBound, of: body, to: &lines)
    }

    /// Takes one event with the texts of its key, such as a record that was put together; the parts of it that
    /// `redacting` names are blackened.
    package mutating func append(
        event: [UInt8],
        key: [String],
        time: String?,
        format: TimeFormat = .iso,
        redacting secrets: [Range<Int>] = []
    ) {
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: keyHead)
        for part in key { Self.add(Array(part.utf8)[...], tag: Tag.text, to: &scratch) }
        let raw = time.map { format == .iso ? Array("\"\($0)\"".utf8) : Array($0.utf8) }
        open(raw?[...], format, redacted: !secrets.isEmpty)
        let start = lines.count
        Scanner.appendEvent(0..<event.count, of: event, to: &lines)
        close(eventFrom: start, keyed: !key.isEmpty) { lines in
            guard !secrets.isEmpty else { return false }
            Self.blacken(secrets, in: 0..<event.count, of: event, from: start, &lines)
            return true
        }
    }

    /// Counts a record that is left out.
    package mutating func leaveOut() { dropped += 1 }

    /// The finished batch; `row` is the start of the coverage row that counts it.
    package func batch(
        availability: Timestamp,
        contentID: String? = nil,
        onChange: Batch.OnChange = .keep,
        isLate: Bool = false,
        row: Timestamp? = nil,
        counts: Counts = Counts(),
        effects: [Effect] = []
    ) -> Batch {
        var counts = counts
        counts.redacted += redacted
        counts.dropped += dropped
        return Batch(
            stream: stream,
            availability: availability,
            contentID: contentID,
            onChange: onChange,
            isLate: isLate,
            lines: lines,
            entries: entries,
            newestEvent: newest.isEmpty ? nil : Timestamp(iso8601: String(decoding: newest, as: UTF8.self)),
            row: row,
            counts: counts,
            effects: effects
        )
    }

    // MARK: keys

    /// Kinds of key parts, so that the text `1` and the number 1 stay two.
    private enum Tag {
        static let text: UInt8 = 1
        static let bare: UInt8 = 2
        static let missing: UInt8 = 3
        static let bytes: UInt8 = 4
    }

    private static func add(_ part: ArraySlice<UInt8>, tag: UInt8, to key: inout [UInt8]) {
        key.append(tag)
        withUnsafeBytes(of: UInt32(part.count).littleEndian) { key.append(contentsOf: $0) }
        key.append(contentsOf: part)
    }

    /// Adds a key field as what it says, however its text is escaped; tells whether it was there.
    private mutating func addKey(_ range: Range<Int>?, of body: [UInt8]) -> Bool {
        guard let range, !range.isEmpty else {
            Self.add([], tag: Tag.missing, to: &scratch)
            return false
        }
        guard body[range.lowerBound] == UInt8(ascii: "\"") else {
            Self.add(body[range], tag: Tag.bare, to: &scratch)
            return true
        }
        let inner = range.lowerBound + 1..<range.upperBound - 1
        if body[inner].contains(UInt8(ascii: "\\")), let text = Scanner.string(range, in: body) {
            Self.add(Array(text.utf8)[...], tag: Tag.text, to: &scratch)
        } else {
            Self.add(body[inner], tag: Tag.text, to: &scratch)
        }
        return true
    }

    // MARK: lines

    private static let blank = [UInt8](repeating: UInt8(ascii: "0"), count: 32)
    private static let hex = Array("0123456789abcdef".utf8)

    private var idPlace = 0

    /// Writes a line up to its event; the id's place is filled when the key is known.
    private mutating func open(_ time: ArraySlice<UInt8>?, _ format: TimeFormat, redacted: Bool = false) {
        lines.append(contentsOf: head)
        idPlace = lines.count
        lines.append(contentsOf: Self.blank)
        lines.append(contentsOf: "\",\"time\":".utf8)
        let start = lines.count
        if let time, EventTime.append(time, format, to: &lines) {
            let digits = lines[start + 1..<start + 20]
            if newest.isEmpty || newest.lexicographicallyPrecedes(digits) { newest = Array(digits) }
        } else {
            lines.append(contentsOf: "null".utf8)
        }
        lines.append(contentsOf: middle)
        if redacted { lines.append(contentsOf: ",\"redacted\":true".utf8) }
        lines.append(contentsOf: ",\"event\":".utf8)
    }

    /// Finishes a line; `blacken` changes its event once everything was taken of it, and says whether it is changed.
    private mutating func close(
        eventFrom start: Int,
        keyed: Bool,
        _ blacken: (inout [UInt8]) -> Bool
    ) {
        if !keyed { Self.add(lines[start...], tag: Tag.bytes, to: &scratch) }
        hasher.reset()
        scratch.withUnsafeBytes { hasher.update($0) }
        let (high, low) = hasher.finishPair()
        let content = lines.withUnsafeBytes { Digest.fast64(UnsafeRawBufferPointer(rebasing: $0[start...])) }
        let isRedacted = blacken(&lines)
        redacted += isRedacted ? 1 : 0
        lines.append(contentsOf: "}\n".utf8)
        for (word, place) in [(high, idPlace), (low, idPlace + 16)] {
            for digit in 0..<16 {
                lines[place + digit] = Self.hex[Int(word >> UInt64(60 - digit * 4) & 0xF)]
            }
        }
        entries.append(
            BatchEntry(
                end: lines.count,
                key: KeyDigest(high: high, low: low),
                content: content,
                isRedacted: isRedacted
            )
        )
    }
}
