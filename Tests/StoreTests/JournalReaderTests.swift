// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON
import Status
import Store
import TestSupport
import Testing

@Suite struct JournalReaderTests {
    private let folder = TemporaryFolder()

    private func line(
        _ stream: String,
        _ event: String,
        tenant: String = "t",
        day: Int64 = 0,
        redacted: Bool = false
    )
        -> [UInt8]
    {
        let envelope = Envelope(
            stream: StreamKey(customer: "acme", connection: "o365", stream: stream),
            connector: "lab",
            tenant: tenant,
            identity: "i"
        )
        var builder = BatchBuilder(envelope, collected: Timestamp(seconds: 1_795_242_600 + day * 86_400))
        builder.append(
            event: Array(event.utf8),
            key: [event],
            time: day == 0 ? "2026-11-21T06:30:00" : nil,
            redacting: redacted ? [5..<6] : []
        )
        return builder.lines
    }

    private func reader(_ journal: [UInt8], chunk: Int = 1 << 20, end: Int64? = nil) throws -> JournalReader {
        let home = try Home.open(folder.path)
        folder.write(journal, to: "journal/0000000001.ndjson")
        let end = JournalPosition(segment: 1, offset: end ?? Int64(journal.count))
        return JournalReader(
            home: home,
            from: .start,
            extent: JournalExtent(closed: [], end: end),
            chunk: chunk
        )
    }

    @Test func `lines of one stream and day are one run, whatever their tenant`() throws {
        let all = [
            line("a", #"{"n":1}"#), line("a", #"{"n":2}"#), line("a", #"{"n":3}"#, tenant: #"x","id":"\"#),
            line("b", #"{"n":4}"#), line("b", "{}", day: 1), line("b", #"{"a":1}"#, day: 1, redacted: true),
            line("a", #"{"s":"\"}"}"#, day: 1),
        ]
        let reader = try reader(all.flatMap { $0 })
        #expect(try reader.next())
        #expect(
            reader.runs.map { "\($0.stream.stream) \($0.day) \($0.lines)" } == [
                "a 2026-11-21 0..<3", "b 2026-11-21 3..<4", "b 2026-11-22 4..<6", "a 2026-11-22 6..<7",
            ]
        )
        let events = reader.withBytes { bytes in
            reader.lines.map { String(decoding: bytes[$0.event], as: UTF8.self) }
        }
        #expect(
            events == [
                #"{"n":1}"#, #"{"n":2}"#, #"{"n":3}"#, #"{"n":4}"#, "{}", #"{"a":"[redacted]"}"#,
                #"{"s":"\"}"}"#,
            ]
        )
        #expect(try !reader.next())
    }

    @Test(arguments: [1, 2, 100, 237, 238, 500, 5_000])
    func `chunks of any size give the same lines`(_ size: Int) throws {
        let all = (0..<20).map {
            line($0 % 3 == 0 ? "a" : "b", #"{"n":"\#(String(repeating: "x", count: $0 * 13))"}"#)
        }
        let reader = try reader(all.flatMap { $0 }, chunk: size)
        var found: [[UInt8]] = []
        while try reader.next() {
            reader.withBytes { bytes in
                for line in reader.lines { found.append(Array(bytes[line.whole])) }
                #expect(reader.runs.map { $0.bytes.count }.reduce(0, +) == bytes.count)
            }
        }
        #expect(found == all)
    }

    @Test func `what lies beyond the committed end is not there`() throws {
        let one = line("a", "{}")
        let reader = try reader(one + Array("half a line".utf8), end: Int64(one.count))
        #expect(try reader.next())
        #expect(reader.lines.count == 1)
        #expect(try !reader.next())
        #expect(reader.position.offset == Int64(one.count))
    }

    @Test func `a journal shorter than committed is told`() throws {
        let one = line("a", "{}")
        let reader = try reader(one, end: Int64(one.count) + 5)
        #expect(throws: StoreFailure.self) { try reader.next() }
    }

    @Test(arguments: [
        ("{\"customer\":\"acme\"", "{\"Customer\":\"acme\""), ("\"acme\"", "\"../x\""), ("\"acme\"", "\"\""),
        ("\"acme\"", "\"a/b\""), ("\"id\":\"", "\"id\":["), ("T06:30:00Z\"", "T06:30:00Z"),
        ("\"collected\":\"2026-", "\"collected\":\"2026/"), ("\"event\":{}}", "\"event\":{} "),
        ("\"event\":{}}", ""), ("}\n", "}"),
    ])
    func `what is no line of ours is refused with its place`(_ what: String, _ other: String) throws {
        let good = line("a", #"{"n":1}"#)
        let text = String(decoding: line("a", "{}"), as: UTF8.self)
        let range = try #require(text.firstRange(of: what))
        let reader = try reader(good + Array(text.replacingCharacters(range, other).utf8))
        let failure = #expect(throws: StoreFailure.self) { while try reader.next() {} }
        guard case .journalDamaged(_, let offset, _) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(offset == Int64(good.count) || what == "}\n")
    }
}

extension String {
    fileprivate func replacingCharacters(_ range: Range<String.Index>, _ other: String) -> String {
        String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }
}
