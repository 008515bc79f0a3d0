// SPDX-License-Identifier: Apache-2.0
import JSON

/// All that is needed to make the bytes of a blob, away from the cloud's state.
struct BlobBody: Sendable {
    /// The blob, after the one whose records it brings again.
    let parts: [Blob]
    let type: ContentType
    let tenant: String
    let domain: String

    /// The bytes, an array of records.
    func bytes(_ generator: EventGenerator, marks: ((EventGenerator.Mark) -> Void)? = nil) -> [UInt8] {
        var out: [UInt8] = [0x5b]
        for part in parts {
            if out.count > 1 { out.append(0x2c) }
            switch part.content {
            case .body(let bytes): return bytes
            case .generated(let count, _):
                out.reserveCapacity(out.count + count * 1_400 + 64)
                generator.append(
                    count,
                    blob: part.index,
                    of: type,
                    tenant: tenant,
                    domain: domain,
                    created: part.created,
                    to: &out,
                    marks: marks
                )
            case .lines(let lines):
                for (index, line) in lines.enumerated() {
                    if index > 0 { out.append(0x2c) }
                    let start = out.count
                    out.append(contentsOf: line)
                    if let marks { marks(Self.mark(line, start..<out.count)) }
                }
            }
        }
        out.append(0x5d)
        return out
    }

    /// What identifies a record that was given; empty where it cannot be read.
    private static func mark(_ line: [UInt8], _ range: Range<Int>) -> EventGenerator.Mark {
        let record = try? Value(parsing: line)
        return EventGenerator.Mark(
            id: record?["Id"]?.stringValue ?? "",
            operation: record?["Operation"]?.stringValue ?? "",
            recordType: record?["RecordType"]?.int64.flatMap { Int(exactly: $0) } ?? -1,
            range: range
        )
    }
}
