// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON
import Status
import Store
import Testing

@Suite struct BatchBuilderTests {
    private let envelope = Envelope(
        stream: StreamKey(customer: "acme", connection: "o365", stream: "Audit.Exchange"),
        connector: "office",
        tenant: "0f1e",
        identity: "0f1e"
    )
    private let collected = Timestamp(seconds: 1_780_000_000)
    private let availability = Timestamp(seconds: 1_779_999_000)

    private func build(_ text: String, key: [Int] = [0]) throws -> (Batch, [BatchBuilder.Refused]) {
        var builder = BatchBuilder(envelope, collected: collected)
        let body = Array(text.utf8)
        let split = try Scanner.split(body, picking: [["Id"], ["Operation"], ["CreationTime"]])
        let refused = builder.append(body, split, key: key, time: 2)
        return (builder.batch(availability: availability), refused)
    }

    private func line(_ index: Int, of batch: Batch) throws -> Value {
        let start = index == 0 ? 0 : batch.entries[index - 1].end
        return try Value(parsing: Array(batch.lines[start..<batch.entries[index].end]))
    }

    @Test func `a line carries the envelope in order and the event as received`() throws {
        let (batch, _) = try build(#"[{"Id":"a", "CreationTime":"2026-11-21T06:30:00","x":1.50}]"#)
        let text = String(decoding: batch.lines, as: UTF8.self)
        #expect(
            text.hasPrefix(
                #"{"customer":"acme","connection":"o365","connector":"office","stream":"Audit.Exchange","#
            )
        )
        #expect(
            text.hasSuffix(#","event":{"Id":"a", "CreationTime":"2026-11-21T06:30:00","x":1.50}}"# + "\n")
        )
        let value = try line(0, of: batch)
        #expect(
            value.objectValue?.keys == [
                "customer", "connection", "connector", "stream", "tenant", "id", "time", "collected", "event",
            ]
        )
        #expect(value["time"] == "2026-11-21T06:30:00Z")
        #expect(value["collected"] == .string(collected.millisecondsText))
        #expect(value["id"]?.stringValue?.count == 32)
        #expect(batch.newestEvent == Timestamp(iso8601: "2026-11-21T06:30:00Z"))
    }

    @Test func `newlines between tokens go, everything else stays`() throws {
        let (batch, _) = try build("[\r\n{\"Id\":\r\n \"a\\n\",\n\t\"n\": 9007199254740993}\n]")
        #expect(batch.lines.filter { $0 == 0x0A }.count == 1)
        #expect(!batch.lines.contains(0x0D))
        #expect(
            String(decoding: batch.lines, as: UTF8.self).contains(
                "{\"Id\": \"a\\n\",\t\"n\": 9007199254740993}}"
            )
        )
    }

    @Test func `a key is what it says, however it is escaped, and a text is not a number`() throws {
        let (batch, _) = try build(#"[{"Id":"a1"},{"Id":"\u0061\u0031"},{"Id":1},{"Id":"1"}]"#)
        let keys = batch.entries.map(\.key)
        #expect(keys[0] == keys[1])
        #expect(Set(keys).count == 3)
    }

    @Test func `key parts never run together`() throws {
        let (batch, _) = try build(
            #"[{"Id":"ab","Operation":"c"},{"Id":"a","Operation":"bc"},{"Id":"a"},{"Operation":"a"}]"#,
            key: [0, 1]
        )
        #expect(Set(batch.entries.map(\.key)).count == 4)
    }

    @Test func `records without any key field are told apart by their bytes`() throws {
        let (batch, _) = try build(#"[{"x":1},{"x":2},{"x":1}]"#)
        let keys = batch.entries.map(\.key)
        #expect(keys[0] != keys[1])
        #expect(keys[0] == keys[2])
    }

    @Test func `one broken element is refused alone`() throws {
        var body = Array(#"[{"Id":"a"},{"Id":"?"},{"Id":"c"},7]"#.utf8)
        body[body.firstIndex(of: UInt8(ascii: "?"))!] = 0xFF
        var builder = BatchBuilder(envelope, collected: collected)
        let split = try Scanner.split(body, picking: [["Id"]])
        let refused = builder.append(body, split, key: [0], time: nil)
        #expect(refused.map(\.index) == [1, 3])
        #expect(refused.map(\.defect) == [.invalidUTF8, .notAnObject])
        #expect(builder.entries.count == 2)
    }

    @Test(arguments: [
        ("2026-11-21T06:30:00", "2026-11-21T06:30:00Z"),
        ("2026-11-21T06:30:00Z", "2026-11-21T06:30:00Z"),
        ("2026-11-21T06:30:00.1234567Z", "2026-11-21T06:30:00.1234567Z"),
        ("2026-11-21T06:30:00.10", "2026-11-21T06:30:00.10Z"),
        ("2026-11-21T06:30:00.250+02:00", "2026-11-21T04:30:00.250Z"),
        ("2026-11-21 06:30:00", "2026-11-21T06:30:00Z"),
    ])
    func `times are written in UTC with the source's digits`(given: String, wanted: String) throws {
        let (batch, _) = try build(#"[{"Id":"a","CreationTime":"\#(given)"}]"#)
        #expect(try line(0, of: batch)["time"] == .string(wanted))
    }

    @Test(arguments: [#""yesterday""#, "null", "{}", #""2026-13-01T00:00:00""#, "7"])
    func `what is no time is null`(given: String) throws {
        let (batch, _) = try build(#"[{"Id":"a","CreationTime":\#(given)}]"#)
        #expect(try line(0, of: batch)["time"] == .null)
        #expect(batch.newestEvent == nil)
    }

    @Test(arguments: [
        ("1780000000", BatchBuilder.TimeFormat.epoch, "2026-05-28T20:26:40Z"),
        ("1780000000.5", .epoch, "2026-05-28T20:26:40.5Z"),
        ("1780000000007", .epochMillis, "2026-05-28T20:26:40.007Z"),
    ])
    func `epochs are written as times`(given: String, format: BatchBuilder.TimeFormat, wanted: String) throws
    {
        var builder = BatchBuilder(envelope, collected: collected)
        builder.append(event: Array(#"{"a":1}"#.utf8), key: ["a"], time: given, format: format)
        #expect(try line(0, of: builder.batch(availability: availability))["time"] == .string(wanted))
    }

    @Test func `the same record has the same id again, by another name of the connection too`() throws {
        var other = envelope
        other.stream.customer = "globex"
        other.stream.connection = "again"
        var ids: Set<KeyDigest> = []
        for envelope in [envelope, other] {
            var builder = BatchBuilder(envelope, collected: collected)
            builder.append(event: Array(#"{"a":1}"#.utf8), key: ["a", "b"], time: nil)
            ids.formUnion(builder.entries.map(\.key))
        }
        #expect(ids.count == 1)
    }

    @Test func `blackening touches no other byte, and key and digest are those of what came`() throws {
        let text =
            #"[{"Id":"a","ip":"10.0.0.1", "n": 1.50,"Actor":[{"Name":"x"} , {"Name":"y\"z"}],"ip":"10.0.0.2"},"#
            + #"{"Id":"b","ip":null},{"Id":"c","note":"ip"},{"Id":7,"Actor":{"Name": 12}}]"#
        let body = Array(text.utf8)
        let split = try Scanner.split(body, picking: [["Id"]])
        func batch(_ fields: [FieldPath], key: [Int] = [0]) -> Batch {
            var builder = BatchBuilder(envelope, collected: collected)
            _ = builder.append(body, split, key: key, time: nil, include: { $0 != 2 }) {
                Scanner.occurrences(of: fields, in: split.range($0), of: body)
            }
            return builder.batch(availability: availability)
        }
        let black = batch([["ip"], ["Actor", "Name"]])
        let lines = String(decoding: black.lines, as: UTF8.self).split(separator: "\n")
        #expect(
            lines[0].hasSuffix(
                #","redacted":true,"event":{"Id":"a","ip":"[redacted]", "n": 1.50,"Actor":[{"Name":"[redacted]"} , "#
                    + #"{"Name":"[redacted]"}],"ip":"[redacted]"}}"#
            ),
            "\(lines[0])"
        )
        #expect(lines[1].hasSuffix(#","event":{"Id":"b","ip":null}}"#) && !lines[1].contains("redacted"))
        #expect(lines[2].hasSuffix(#","redacted":true,"event":{"Id":7,"Actor":{"Name": "[redacted]"}}}"#))
        #expect(black.counts.redacted == 2 && black.counts.dropped == 1)
        // By fields and by bytes alike, the record keeps its name.
        for key in [[0], []] {
            let (plain, black) = (batch([], key: key), batch([["ip"], ["Actor"]], key: key))
            #expect(plain.entries.map(\.key) == black.entries.map(\.key))
            #expect(plain.entries.map(\.content) == black.entries.map(\.content))
            #expect(plain.counts.redacted == 0)
        }
        // The key itself may be blackened: it is taken before.
        #expect(batch([["Id"]]).entries.map(\.key) == batch([]).entries.map(\.key))
    }

    @Test func `newlines go from a blackened element as from any other`() throws {
        let body = Array("[{\r\n\"Id\": \"a\",\n\"ip\":\n[1,\n{\"x\": \"]\\\"\"}],\n\"z\": true\n}]".utf8)
        let split = try Scanner.split(body, picking: [["Id"]])
        var builder = BatchBuilder(envelope, collected: collected)
        _ = builder.append(
            body,
            split,
            key: [0],
            time: nil,
            redact: { Scanner.occurrences(of: [["ip"]], in: split.range($0), of: body) }
        )
        let text = String(decoding: builder.lines, as: UTF8.self)
        #expect(text.hasSuffix(#","event":{"Id": "a","ip":"[redacted]","z": true}}"# + "\n"), "\(text)")
    }

    @Test func `a redacted line says so and is counted`() throws {
        var builder = BatchBuilder(envelope, collected: collected)
        builder.append(event: Array(#"{"a":1}"#.utf8), key: ["a"], time: nil, redacting: [5..<6])
        builder.leaveOut()
        let batch = builder.batch(availability: availability)
        #expect(try line(0, of: batch)["redacted"] == true)
        #expect(try line(0, of: batch)["event"] == ["a": "[redacted]"])
        #expect(batch.counts.dropped == 1)
        #expect(batch.counts.redacted == 1)
    }
}
