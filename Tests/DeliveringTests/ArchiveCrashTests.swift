// SPDX-License-Identifier: Apache-2.0
import Basics
import Delivering
import Glibc
import Store
import TestSupport
import Testing

/// What a crash may leave, and what other hands may do to the files.
@Suite struct ArchiveCrashTests {
    private let path = "acme/o365/s/2026-11-21.ndjson"

    /// A journal of which the first half is delivered, the second committed only.
    private func halfway(_ seed: Int) async throws -> (yard: Yard, delivered: Int, portion: Archive.Portion) {
        var dice = Dice(seed)
        let yard = try Yard()
        let portion = Archive.Portion(
            chunk: .random(in: 200...3_000, using: &dice),
            bytes: .random(in: 1...20_000, using: &dice),
            files: .random(in: 1...8, using: &dice)
        )
        func fill() async throws {
            for _ in 0..<Int.random(in: 1...40, using: &dice) {
                let length = Bool.random(using: &dice) ? 10 : Int.random(in: 0...4_000, using: &dice)
                try yard.add(
                    "acme/o365/s\(Int.random(in: 0...4, using: &dice))",
                    #"{"n":\#(yard.written.count),"t":"\#(String(repeating: "x", count: length))"}"#,
                    collected: Bool.random(using: &dice) ? "2026-11-21T23:59:59Z" : "2026-11-22T00:00:01Z"
                )
                if Int.random(in: 0..<10, using: &dice) == 0 { try await yard.commit(closing: true) }
            }
            try await yard.commit()
        }
        if seed % 4 != 0 {
            try await fill()
            _ = try await yard.archive(.journal, portion).deliver()
        }
        let delivered = yard.written.count
        try await fill()
        return (yard, delivered, portion)
    }

    private func identities(_ yard: Yard) -> [String: (inode: UInt64, size: Int)] {
        var found: [String: (inode: UInt64, size: Int)] = [:]
        for (path, bytes) in yard.found() {
            let facts = FileFacts(yard.home.archive + "/" + path)
            found[path] = (facts?.inode ?? 0, bytes.count)
        }
        return found
    }

    @Test(arguments: 0..<120)
    func `whatever a crash leaves of a delivery, the next one completes it in place`(_ seed: Int) async throws
    {
        let (yard, delivered, portion) = try await halfway(seed)
        var dice = Dice(seed + 1_000)
        let before = yard.due(0..<delivered)
        #expect(yard.found() == before)
        // Any file may have got any part of what was due; after a power cut some of it may read as zeros.
        for (path, whole) in yard.due() {
            let recorded = before[path]?.count ?? 0
            var bytes = Array(whole[..<Int.random(in: recorded...whole.count, using: &dice)])
            if seed % 3 == 0, bytes.count > recorded {
                let from = Int.random(in: recorded..<bytes.count, using: &dice)
                for place in from..<Int.random(in: from...bytes.count, using: &dice) { bytes[place] = 0 }
            }
            if !bytes.isEmpty || Bool.random(using: &dice) { yard.put(bytes, into: path) }
        }
        let crashed = identities(yard)
        #expect(try await yard.archive(.journal, portion).deliver().records == yard.written.count - delivered)
        #expect(yard.found() == yard.due())
        // Those who read along have seen no file shrink or go.
        let after = identities(yard)
        for (path, old) in crashed {
            #expect(after[path]?.inode == old.inode)
            #expect(after[path]?.size ?? 0 >= old.size)
        }
        #expect(yard.lines.all.isEmpty)
        #expect(try await yard.archive(.journal, portion).deliver() == Delivered())
    }

    @Test(arguments: 0..<40)
    func `bytes of another hand put the file aside, whole, and lose nothing`(_ seed: Int) async throws {
        let (yard, delivered, portion) = try await halfway(seed)
        var dice = Dice(seed + 2_000)
        let due = yard.due(delivered..<yard.written.count)
        guard let path = due.keys.sorted().randomElement(using: &dice), let coming = due[path] else { return }
        let before = yard.due(0..<delivered)[path] ?? []
        let odd = before + coming[..<Int.random(in: 0..<coming.count, using: &dice)] + Array("odd".utf8)
        yard.put(odd, into: path)
        _ = try await yard.archive(.journal, portion).deliver()
        var found = yard.found()
        let aside = try #require(found.keys.first { $0.hasPrefix(path + ".damaged-20261121T") })
        #expect(found.removeValue(forKey: aside) == odd)
        #expect(yard.lines.all.count == 1)
        // Commits that came before the odd bytes stay in the old file; every line is in one of the two.
        let begun = found.removeValue(forKey: path) ?? []
        #expect(coming.suffix(begun.count).elementsEqual(begun))
        #expect(odd.starts(with: before + coming.dropLast(begun.count)))
        var others = yard.due()
        others[path] = nil
        #expect(found == others)
        #expect(try await yard.archive(.journal, portion).deliver() == Delivered())
    }

    @Test(arguments: [nil, 0, 1, -1] as [Int?])
    func `a file that is missing or shorter than recorded is begun anew`(_ left: Int?) async throws {
        let yard = try Yard()
        for index in 0..<5 { try yard.add("acme/o365/s", #"{"n":\#(index)}"#) }
        try await yard.commit()
        _ = try await yard.archive().deliver()
        let old = try #require(yard.found()[path])
        if let left { yard.put(Array(left < 0 ? old.dropLast(-left) : old.prefix(left)), into: path) }
        if left == nil { unlink(yard.home.archive + "/" + path) }
        for index in 5..<9 { try yard.add("acme/o365/s", #"{"n":\#(index)}"#) }
        try await yard.commit()
        #expect(try await yard.archive().deliver().records == 4)
        #expect(yard.found()[path] == yard.due(5..<9)[path])
        #expect(yard.found().count == (left == nil || left == 0 ? 1 : 2))
        #expect(yard.lines.all.count == 1)
        try yard.add("acme/o365/s", "{}")
        try await yard.commit()
        _ = try await yard.archive().deliver()
        #expect(yard.found()[path] == yard.due(5..<10)[path])
        #expect(yard.lines.all.count == 1)
    }

    @Test func `two put aside within a second keep their names apart`() async throws {
        let yard = try Yard()
        for round in 0..<2 {
            try yard.add("acme/o365/s", #"{"n":\#(round)}"#)
            try await yard.commit()
            yard.put(Array("odd \(round)".utf8), into: path)
            _ = try await yard.archive().deliver()
        }
        #expect(yard.found().keys.filter { $0.contains(".damaged-") }.count == 2)
        #expect(yard.found()[path] == yard.due(1..<2)[path])
    }
}
