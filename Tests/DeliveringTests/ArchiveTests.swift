// SPDX-License-Identifier: Apache-2.0
import Basics
import Delivering
import Glibc
import Status
import Store
import TestSupport
import Testing

@Suite struct ArchiveTests {
    @Test func `every record goes into the file of its stream and collection day, once`() async throws {
        let yard = try Yard()
        try yard.add("acme/o365/Audit.Exchange", #"{"Id":"ü \" \\","n":9007199254740993}"#)
        try yard.add("acme/o365/Audit.Exchange", "{}", collected: "2026-11-21T23:59:59.999Z")
        try yard.add("acme/o365/Audit.Exchange", "{}", collected: "2026-11-22T00:00:00Z")
        try yard.add("acme/o365/Audit.General", "{}")
        try yard.add("acme/o365/Audit.Exchange", "{}")
        try await yard.commit()
        let archive = yard.archive()
        let first = try await archive.deliver()
        #expect(
            first
                == Delivered(records: 5, files: 3, bytes: Int64(yard.due().values.map(\.count).reduce(0, +)))
        )
        #expect(yard.found() == yard.due())
        #expect(Set(yard.found().keys).contains("acme/o365/Audit.Exchange/2026-11-22.ndjson"))
        #expect(try await archive.deliver() == Delivered())

        try yard.add("acme/o365/Audit.General", #"{"later":true}"#)
        try await yard.commit()
        #expect(try await yard.archive().deliver().records == 1)
        #expect(yard.found() == yard.due())
        #expect(yard.lines.all.isEmpty)
    }

    @Test func `nothing that is not committed is delivered`() async throws {
        let yard = try Yard()
        try yard.add("acme/o365/s", "{}")
        try await yard.commit()
        let committed = yard.due()
        let journal = yard.folder.read("journal/0000000001.ndjson") ?? []
        yard.folder.write(journal + journal, to: "journal/0000000001.ndjson")
        _ = try await yard.archive().deliver()
        #expect(yard.found() == committed)
    }

    @Test func `an empty journal delivers nothing`() async throws {
        let yard = try Yard()
        #expect(try await yard.archive().deliver() == Delivered())
        #expect(yard.found().isEmpty)
    }

    @Test func `raw files hold the events as they were received`() async throws {
        let yard = try Yard()
        for index in 0..<50 {
            try yard.add("acme/o365/s\(index % 3)", #"{"event":{"n": 1.50},"id":\#(index)}"#)
        }
        try await yard.commit()
        _ = try await yard.archive(.raw, Archive.Portion(chunk: 1_000)).deliver()
        #expect(yard.found() == yard.due(nil, .raw))
    }

    @Test func `files are for their owner only, whatever the mask`() async throws {
        let yard = try Yard()
        try yard.add("acme/o365/s", "{}")
        try await yard.commit()
        _ = try await yard.archive().deliver()
        for (item, mode) in [
            ("acme", 0o700), ("acme/o365/s", 0o700), ("acme/o365/s/2026-11-21.ndjson", 0o600),
        ] as [(String, UInt32)] {
            #expect(FileFacts(yard.home.archive + "/" + item)?.mode == mode)
        }
    }

    @Test func `files go when their day is over for longer than the retention, and are forgotten`()
        async throws
    {
        let yard = try Yard()
        for day in ["2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21"] {
            try yard.add("acme/o365/s", "{}", collected: day + "T06:30:00Z")
        }
        try await yard.commit()
        let archive = yard.archive()
        _ = try await archive.deliver()
        yard.put(Array("aside".utf8), into: "acme/o365/s/2026-11-18.ndjson.damaged-1")
        yard.put(Array("another's".utf8), into: "acme/o365/s/2026-11-01.ndjson")
        // It is the 21st: the 19th ended one whole day ago, the 18th two.
        #expect(yard.time.now.day == "2026-11-21")
        #expect(try await archive.expire(after: .days(2)) == 1)
        let left =
            ["2026-11-01.ndjson", "2026-11-18.ndjson.damaged-1"]
            + [19, 20, 21].map { "2026-11-\($0).ndjson" }
        #expect(yard.found().keys.sorted() == left.map { "acme/o365/s/" + $0 })
        #expect(try await yard.ledger.files(Archive.destination).count == 3)
        #expect(try await archive.expire(after: .days(2)) == 0)
        // A file that somebody removed is forgotten all the same.
        #expect(unlink(yard.home.archive + "/acme/o365/s/2026-11-19.ndjson") == 0)
        #expect(try await archive.expire(after: .days(1)) == 1)
        #expect(try await archive.deliver() == Delivered())
        try yard.add("acme/o365/s", "{}")
        try await yard.commit()
        #expect(try await archive.deliver().records == 1)
    }

    @Test func `a line longer than the chunk comes whole`() async throws {
        let yard = try Yard()
        let long = #"{"text":""# + String(repeating: "long ", count: 200_000) + #""}"#
        for event in ["{}", long, "{}", long, long] { try yard.add("acme/o365/s", event) }
        try await yard.commit()
        #expect(try await yard.archive(.journal, Archive.Portion(chunk: 100)).deliver().records == 5)
        #expect(yard.found() == yard.due())
    }

    @Test func `many more files than may be open, touched in turn`() async throws {
        let yard = try Yard()
        for round in 0..<3 {
            for stream in 0..<300 { try yard.add("acme/o365/s\(stream)", #"{"round":\#(round)}"#) }
        }
        try await yard.commit()
        let delivered = try await yard.archive(.journal, Archive.Portion(chunk: 20_000)).deliver()
        #expect(delivered.files == 300)
        #expect(delivered.records == 900)
        #expect(yard.found() == yard.due())
    }

    @Test func `segments follow one another, empty ones too`() async throws {
        let yard = try Yard()
        for index in 0..<40 {
            if index % 7 != 3 { try yard.add("acme/o365/s\(index % 2)", "{}") }
            if index % 5 == 4 { try await yard.commit(closing: true) }
            if index == 14 { try await yard.commit(closing: true) }
        }
        try await yard.commit()
        _ = try await yard.archive(.journal, Archive.Portion(chunk: 700, bytes: 2_000)).deliver()
        #expect(yard.found() == yard.due())
    }

    @Test func `what was removed from the journal too early is said, and the rest delivered`() async throws {
        let yard = try Yard()
        for index in 0..<3 {
            try yard.add("acme/o365/s", #"{"n":\#(index)}"#)
            try await yard.commit(closing: true)
        }
        try yard.add("acme/o365/s", #"{"n":3}"#)
        try await yard.commit()
        // One whose row is gone with it, and one whose row outlived it.
        unlink(yard.home.journal + "/0000000001.ndjson")
        unlink(yard.home.journal + "/0000000002.ndjson")
        try await yard.ledger.forgetSegments(through: 1)
        #expect(try await yard.archive().deliver().records == 2)
        #expect(yard.found() == yard.due(2..<4))
        #expect(yard.lines.all.count == 1)
        #expect(yard.lines.all.first?.contains(#""from":"1:0","to":"3:0""#) == true)
    }

    @Test func `a write that fails is told, and the next delivery goes on without doubling`() async throws {
        let yard = try Yard()
        for index in 0..<30 { try yard.add("acme/o365/s\(index % 3)", #"{"n":\#(index)}"#) }
        try await yard.commit()
        // A file in the way of the third stream's folder: the first two have been written by then.
        yard.put([], into: "acme/o365/s2")
        let archive = yard.archive()
        await #expect(throws: DeliveryFailure.self) { try await archive.deliver() }
        #expect(yard.found()["acme/o365/s0/2026-11-21.ndjson"]?.isEmpty == false)
        #expect(try await yard.ledger.delivered(Archive.destination) == nil)
        unlink(yard.home.archive + "/acme/o365/s2")
        #expect(try await archive.deliver().records == 30)
        #expect(yard.found() == yard.due())
    }

    @Test func `a full disk is told as such, and delivery goes on when there is room`() async throws {
        let yard = try Yard()
        for index in 0..<30 { try yard.add("acme/o365/s\(index % 3)", #"{"n":\(index)}"#) }
        try await yard.commit()
        yard.put([], into: "acme/o365/s2/other")
        let full = yard.home.archive + "/acme/o365/s2/2026-11-21.ndjson"
        #expect(symlink("/dev/full", full) == 0)
        let archive = yard.archive()
        let failure = await #expect(throws: DeliveryFailure.self) { try await archive.deliver() }
        #expect(failure?.isDiskFull == true)
        #expect(try await yard.ledger.delivered(Archive.destination) == nil)
        unlink(full)
        unlink(yard.home.archive + "/acme/o365/s2/other")
        #expect(try await archive.deliver().records == 30)
        #expect(yard.found() == yard.due())
    }

    @Test func `what the committer stores comes through`() async throws {
        let yard = try Yard()
        let committer = try await Committer(home: yard.home, ledger: yard.ledger, time: SystemTime())
        let stream = StreamKey(customer: "acme", connection: "o365", stream: "s")
        let envelope = Envelope(stream: stream, connector: "lab", tenant: "t", identity: "i")
        var lines: [UInt8] = []
        for batch in 0..<3 {
            var builder = BatchBuilder(envelope, collected: yard.time.now)
            for index in 0..<20 {
                builder.append(event: Array("[\(index)]".utf8), key: ["\(batch) \(index)"], time: nil)
            }
            lines += builder.lines
            _ = try await committer.commit(builder.batch(availability: yard.time.now))
            _ = try await committer.commit(builder.batch(availability: yard.time.now))
            _ = try await yard.archive().deliver()
        }
        #expect(yard.found() == ["acme/o365/s/\(yard.time.now.day).ndjson": lines])
    }

    @Test func `a damaged line stops there, and what came before it stays delivered`() async throws {
        let yard = try Yard()
        for index in 0..<10 { try yard.add("acme/o365/s", #"{"n":\#(index)}"#) }
        try await yard.commit()
        let length = yard.written[0].line.count
        var journal = yard.folder.read("journal/0000000001.ndjson") ?? []
        journal[length * 6 + 3] = 0x21
        yard.folder.write(journal, to: "journal/0000000001.ndjson")
        let archive = yard.archive(.journal, Archive.Portion(chunk: length * 2))
        for _ in 0..<2 {
            await #expect(throws: StoreFailure.self) { try await archive.deliver() }
            #expect(yard.found() == yard.due(0..<6))
        }
    }

    @Test func `a cancelled delivery keeps what it has written`() async throws {
        let yard = try Yard()
        for index in 0..<100 { try yard.add("acme/o365/s", #"{"n":\#(index)}"#) }
        try await yard.commit()
        let archive = yard.archive(.journal, Archive.Portion(chunk: 1_000))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await archive.deliver()
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await yard.ledger.delivered(Archive.destination)?.offset ?? 0 > 0)
        _ = try await archive.deliver()
        #expect(yard.found() == yard.due())
    }

    @Test func `deliveries at the same time do not get in each other's way`() async throws {
        let yard = try Yard()
        for index in 0..<200 { try yard.add("acme/o365/s\(index % 4)", #"{"n":\#(index)}"#) }
        try await yard.commit()
        let archive = yard.archive(.journal, Archive.Portion(chunk: 500, bytes: 1_000))
        let records = try await withThrowingTaskGroup(of: Delivered.self) { group in
            for _ in 0..<4 { group.addTask { try await archive.deliver() } }
            return try await group.reduce(0) { $0 + $1.records }
        }
        #expect(records == 200)
        #expect(yard.found() == yard.due())
    }

    @Test func `a full disk says so`() {
        let failure = DeliveryFailure.diskFull(path: "/home/archive/a")
        #expect(failure.isDiskFull)
        #expect(failure.description.contains("the disk is full"))
        #expect(!DeliveryFailure.file(path: "/a", operation: "written", code: EIO).isDiskFull)
    }
}
