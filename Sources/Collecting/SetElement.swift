// SPDX-License-Identifier: Apache-2.0
import Connectors
import Crypto
import JSON
import Source
import Store

/// One element of a set as a page showed it.
struct SetElement: Sendable, Equatable {
    /// A digest of the fields that name it.
    let key: KeyDigest
    /// A digest of what makes its version.
    let version: UInt64
    /// The fields that name it, as a JSON object.
    let name: [UInt8]
    /// When it happened, as the event writes it; `nil` where it does not say.
    let time: String?
    /// Its bytes as received.
    let event: [UInt8]

    /// Puts it together from its parts.
    init(key: KeyDigest, version: UInt64, name: [UInt8], time: String?, event: [UInt8]) {
        self.key = key
        self.version = version
        self.name = name
        self.time = time
        self.event = event
    }

    // MARK: on disk

    /// Its parts in one byte string: three words, three lengths, three texts.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36 + name.count + event.count + 32)
        let time = time.map { Array($0.utf8) } ?? []
        for word in [key.high, key.low, version, UInt64(name.count), UInt64(time.count)] {
            withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
        }
        bytes += name
        bytes += time
        bytes += event
        return bytes
    }

    /// Reads what ``bytes`` wrote.
    init?(bytes: [UInt8]) {
        guard bytes.count >= 40 else { return nil }
        let words = stride(from: 0, to: 40, by: 8).map { place in
            bytes[place..<place + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        let nameEnd = 40 + Int(words[3]), timeEnd = nameEnd + Int(words[4])
        guard timeEnd <= bytes.count else { return nil }
        key = KeyDigest(high: words[0], low: words[1])
        version = words[2]
        name = Array(bytes[40..<nameEnd])
        time = timeEnd == nameEnd ? nil : String(decoding: bytes[nameEnd..<timeEnd], as: UTF8.self)
        event = Array(bytes[timeEnd...])
    }
}

/// Reads the elements of a set's pages.
struct SetReader: Sendable {
    let stream: StreamDefinition
    private let key: [FieldPath]
    private let version: [FieldPath]

    init(_ stream: StreamDefinition, _ snapshot: Cursor.Snapshot) {
        self.stream = stream
        key = snapshot.key
        version = snapshot.version + snapshot.hash
    }

    /// What is picked of each element: its key, its version, its time.
    var picks: RecordFields {
        RecordFields(picking: key + version, of: stream)
    }

    /// Reads element number `index` of a page; `nil` where it has none of the fields that name it.
    func element(_ index: Int, of page: ListPage) -> SetElement? {
        let body = page.reply.body
        let keys = key.indices.map { page.split.field($0, of: index) }
        guard keys.contains(where: { $0 != nil }) else { return nil }
        var name: [UInt8] = [UInt8(ascii: "{")]
        for (place, path) in key.enumerated() {
            if place > 0 { name.append(UInt8(ascii: ",")) }
            name += Value.string(path.description).bytes()
            name.append(UInt8(ascii: ":"))
            name += keys[place].map { Array(body[$0]) } ?? Array("null".utf8)
        }
        name.append(UInt8(ascii: "}"))
        let (high, low) = digest(keys, body)
        let fields = version.indices.map { page.split.field(key.count + $0, of: index) }
        let time = page.pick.time.flatMap { page.split.field($0, of: index) }
        return SetElement(
            key: KeyDigest(high: high, low: low),
            // The one value that is taken stands for not being there.
            version: max(digest(fields, body).0, SetMember.absent + 1),
            name: name,
            time: time.flatMap { Scanner.string($0, in: body) },
            event: Array(body[page.split.range(index)])
        )
    }

    /// A digest of fields with their lengths, texts by what they say however they are escaped.
    private func digest(_ fields: [Range<Int>?], _ body: [UInt8]) -> (UInt64, UInt64) {
        let hasher = SHA256()
        hasher.reset()
        for field in fields {
            guard let field, !field.isEmpty else {
                hasher.update([0])
                continue
            }
            let isText = body[field.lowerBound] == UInt8(ascii: "\"")
            let text = isText ? Scanner.string(field, in: body).map { Array($0.utf8) } : nil
            let bytes = text ?? Array(body[field])
            hasher.update([isText ? 1 : 2])
            withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hasher.update($0) }
            hasher.update(bytes)
        }
        return hasher.finishPair()
    }
}
