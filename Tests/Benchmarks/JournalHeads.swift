// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

/// Whose each record of a journal is, and when it was collected.
enum JournalHeads {
    static func all(below folder: String) throws -> [(customer: String, collected: Timestamp)] {
        let fields: [FieldPath] = [["customer"], ["collected"]]
        var heads: [(String, Timestamp)] = []
        for name in Files.below(folder) where name.hasSuffix(".ndjson") {
            let bytes = try Files.bytes(folder + "/" + name)
            for line in bytes.split(separator: 0x0a) {
                let line = Array(line)
                let split = try Scanner.pick(fields, of: line)
                guard let customer = split.field(0, of: 0).flatMap({ Scanner.string($0, in: line) }),
                    let text = split.field(1, of: 0).flatMap({ Scanner.string($0, in: line) }),
                    let collected = Timestamp(iso8601: text)
                else { throw BenchFailure("a journal line names no customer or no time") }
                heads.append((customer, collected))
            }
        }
        return heads
    }
}
