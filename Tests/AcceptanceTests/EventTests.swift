// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON
import TestSupport
import Testing

/// Events go through collection into the archive byte for byte, whatever they hold.
@Suite(.timeLimit(.minutes(10)))
struct EventTests {
    private static let stream = "Audit.General"

    /// An estate whose one stream holds these blobs, an hour old and some seconds apart.
    private func estate(_ blobs: [Scenario.PlacedBlob.Content]) async throws -> Estate {
        let estate = try await Estate { scenario in
            var plan = Scenario.ContentPlan()
            plan.placed = blobs.enumerated().map { number, content in
                Scenario.PlacedBlob(created: .after(.minutes(-60) + .seconds(number)), content)
            }
            scenario.tenants[0].content[.general] = plan
        }
        try await estate.add()
        return estate
    }

    private func lines(_ name: String) throws -> [[UInt8]] {
        let bytes = try #require(TemporaryFolder.contents(of: Repository.root + "/Tests/Fixtures/" + name))
        return bytes.split(separator: 0x0A).map { Array($0) }
    }

    @Test(arguments: [1, 5, 1_000])
    func `the project's awkward events pass byte for byte, alone and together`(_ perBlob: Int) async throws {
        let events = try lines("awkward.ndjson")
        #expect(Set(events).count == events.count)
        let blobs = stride(from: 0, to: events.count, by: perBlob).map { first in
            Scenario.PlacedBlob.Content.lines(Array(events[first..<min(first + perBlob, events.count)]))
        }
        let estate = try await estate(blobs)
        try await estate.collect()
        await estate.expectAllStored([Self.stream: Set(events)], areKeysUnique: false)
    }

    @Test func `every recorded sample passes byte for byte`() async throws {
        // Recorded samples are kept beside the project, and on some machines only.
        guard let folder = Repository.samples else { return }
        var events: [[UInt8]] = []
        for name in Folder.files(below: folder) where name.hasSuffix(".ndjson") || name.hasSuffix(".json") {
            let bytes = try #require(TemporaryFolder.contents(of: "\(folder)/\(name)"))
            guard name.hasSuffix(".ndjson") else {
                // Documents hold their samples as elements; newlines between their tokens do not come along.
                guard bytes.first == UInt8(ascii: "[") else { continue }
                let split = try Scanner.split(bytes, at: .root, picking: [])
                events += (0..<split.count).map { bytes[split.range($0)].filter { $0 != 0x0A && $0 != 0x0D } }
                continue
            }
            for line in bytes.split(separator: 0x0A) {
                events.append(Array(line))
                // Some are an event within a note of where it came from.
                let range = try Scanner.split(
                    [0x5B] + line + [0x5D],
                    at: .root,
                    picking: [FieldPath(["event"])]
                )
                if let event = range.field(0, of: 0) { events.append(Array(([0x5B] + line)[event])) }
            }
        }
        #expect(events.count > 100)
        let blobs = stride(from: 0, to: events.count, by: 7).map { first in
            Scenario.PlacedBlob.Content.lines(Array(events[first..<min(first + 7, events.count)]))
        }
        let estate = try await estate(blobs)
        try await estate.collect()
        await estate.expectAllStored([Self.stream: Set(events)], areKeysUnique: false)
    }

    @Test func `an event of five megabytes passes byte for byte`() async throws {
        var random = SeededNumbers(5)
        let words = ["plain", "é漢字🚀", #"\u00e9\ud83d\ude80\\"#, #"{\"a\":[1,2]}"#, "}],{[", "  "]
        var text = ""
        while text.utf8.count < 5 << 20 { text += words.randomElement(using: &random) ?? "" }
        let large =
            Array(#"{"Id":"large","Operation":"Update","RecordType":2,"Text":""#.utf8) + text.utf8 + [
                0x22, 0x7D,
            ]
        let small = Array(#"{"Id":"small","Operation":"Update","RecordType":2}"#.utf8)
        let estate = try await estate([.lines([small, large])])
        try await estate.collect()
        await estate.expectAllStored([Self.stream: [small, large]])
    }

    @Test func `newlines between tokens go, everything else of a printed blob stays`() async throws {
        let first =
            "{\r\n  \"Id\": \"p-1\",\r\n  \"Operation\": \"Update\",\r\n  \"List\": [\r\n    1,\r\n    2\r\n  ],"
            + "\r\n  \"Text\": \"a \\n b \\r\\n c\"\r\n}"
        let second =
            "{ \"Id\" : \"p-2\"\n\t, \"Operation\":\n\"Update\"\n,\"Empty\":{\n}\n,\"Text\":\"  two  spaces  \" }"
        let third = #"{"Id":"p-3","Operation":"Update"}"#
        let body = "\r\n[\r\n  \(first),\r\n\t\(second)\n,\n\(third)\n\n\n]\n"
        let estate = try await estate([.body(Array(body.utf8))])
        try await estate.collect()
        let events = [first, second, third].map { text in text.utf8.filter { $0 != 0x0A && $0 != 0x0D } }
        await estate.expectAllStored([Self.stream: Set(events)])
    }

    @Test func `a byte order mark before a blob is no part of an event`() async throws {
        let event = Array(#"{"Id":"b-1","Operation":"Update","RecordType":2}"#.utf8)
        let estate = try await estate([.body([0xEF, 0xBB, 0xBF, 0x5B] + event + [0x5D])])
        try await estate.collect()
        await estate.expectAllStored([Self.stream: [event]])
    }

    @Test(
        arguments: [[0x22, 0xFF, 0xFE, 0x22], [0x22, 0xC3, 0x28, 0x22], [0x22, 0x61, 0x01, 0x62, 0x22]]
            as [[UInt8]]
    )
    func `an element that is no text is kept aside alone, its siblings pass`(_ text: [UInt8]) async throws {
        let good = (1...4).map { Array(#"{"Id":"g-\#($0)","Operation":"Update","RecordType":2}"#.utf8) }
        let bad = Array(#"{"Id":"bad","Operation":"Update","Text":"#.utf8) + text + [0x7D]
        let elements = [good[0], good[1], bad, good[2], good[3]]
        let estate = try await estate([.body([0x5B] + elements.joined(separator: [0x2C]) + [0x5D])])
        // The gap that it leaves is worth a look.
        try await estate.collect(exit: 1)
        await estate.expectAllStored([Self.stream: Set(good)])
        let folder = estate.home + "/quarantine/contoso/o365/" + Self.stream
        let held = Folder.files(below: folder).filter { !$0.hasSuffix(".reason") }
        #expect(held.compactMap { TemporaryFolder.contents(of: folder + "/" + $0) } == [bad])
        let gaps = try Value(parsing: Array(try await estate.tool.run("gaps", "--json").out.utf8))
        #expect(gaps["gaps"]?.arrayValue?.count == 1)
        #expect(gaps["gaps"]?[0]?["held"]?.boolValue == true, "\(gaps.text())")
        // Once is enough: the next pass finds nothing new.
        try await estate.collect()
        await estate.expectAllStored([Self.stream: Set(good)])
    }

    @Test func `a body that is no array is kept whole, and the others pass`() async throws {
        let good = Array(#"{"Id":"g-1","Operation":"Update","RecordType":2}"#.utf8)
        let odd = Array(#"{"Message":"An error has occurred."}"#.utf8)
        let estate = try await estate([.lines([good])])
        // Put there later: the test of the connection would have met it.
        await estate.simulator.place(
            Scenario.PlacedBlob(created: .after(.minutes(-61)), .body(odd)),
            tenant: Estate.tenant,
            type: .general
        )
        try await estate.collect(exit: 1)
        await estate.expectAllStored([Self.stream: [good]])
        let folder = estate.home + "/quarantine/contoso/o365/" + Self.stream
        let held = Folder.files(below: folder).filter { !$0.hasSuffix(".reason") }
        #expect(held.compactMap { TemporaryFolder.contents(of: folder + "/" + $0) } == [odd])
    }
}
