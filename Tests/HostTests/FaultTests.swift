// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Collecting
import Connectors
import Host
import Status
import Store
import TestSupport
import Testing

@Suite("Faults of the source", .timeLimit(.minutes(10)))
struct FaultTests {
    /// A fault that passes, with the words that name its test.
    struct Passing: Sendable, CustomTestStringConvertible {
        let name: String
        let fault: Fault
        var testDescription: String { name }
    }

    static let passing: [Passing] = [
        Passing(name: "a reset list", fault: Fault(.reset, on: .init(.content), times: 2)),
        Passing(name: "a reset blob", fault: Fault(.reset, on: .init(.fetch), times: 3)),
        Passing(name: "a truncated list", fault: Fault(.truncate(after: nil), on: .init(.content), times: 2)),
        Passing(name: "a truncated blob", fault: Fault(.truncate(after: 40), on: .init(.fetch), times: 3)),
        Passing(name: "a list cut in half", fault: Fault(.malformed, on: .init(.content), times: 2)),
        Passing(name: "a blob cut in half", fault: Fault(.malformed, on: .init(.fetch), times: 3)),
        Passing(
            name: "a blob that is a page for browsers",
            fault: Fault(.html(200), on: .init(.fetch), times: 3)
        ),
        Passing(
            name: "a list that is a page for browsers",
            fault: Fault(.html(502), on: .init(.content), times: 2)
        ),
        Passing(name: "an empty blob", fault: Fault(.empty(200), on: .init(.fetch), times: 3)),
        Passing(name: "a blob that is an object", fault: Fault(.object, on: .init(.fetch), times: 2)),
        Passing(
            name: "429 with Retry-After",
            fault: Fault(.throttle(status: 429, retryAfter: 7), on: .init(.fetch), times: 4)
        ),
        Passing(
            name: "429 without Retry-After",
            fault: Fault(.throttle(status: 429, retryAfter: nil), on: .init(.content), times: 2)
        ),
        Passing(
            name: "throttling as 403",
            fault: Fault(.throttle(status: 403, retryAfter: nil), on: .init(.fetch), times: 3)
        ),
        Passing(
            name: "a token that ends under way",
            fault: Fault(.expiredToken, on: .init(.fetch), times: 1)
        ),
        Passing(name: "a failing server", fault: Fault(.unreadable, on: .init(.fetch), times: 3)),
        Passing(name: "every blob listed twice", fault: Fault(.duplicateBlob, on: .init(.content))),
        Passing(name: "every record twice in its blob", fault: Fault(.duplicateRecords, on: .init(.fetch))),
        Passing(name: "links to localhost", fault: Fault(.localhostContent, on: .init(.content))),
        Passing(name: "links to a stranger", fault: Fault(.foreignContent, on: .init(.content))),
    ]

    @Test("what passes costs no record and doubles none", arguments: passing)
    func passes(_ row: Passing) async throws {
        let rig = try await Rig { $0.faults = [row.fault] }
        let summary = try await rig.pass()
        #expect(try await rig.holdsEverythingOnce())
        #expect(try rig.journal().count == 20)
        #expect(summary.lines.first?.end.isWhole == true, "\(summary.lines)")
        #expect(rig.leakedTokens == 0)
        #expect(try await rig.ledger.gaps(.all, openOnly: true).isEmpty)
    }

    @Test func `a blob that never comes is parked, and everything else goes on without it`() async throws {
        let rig = try await Rig { $0.faults = [Fault(.unreadable, on: .init(.fetch, blob: 1), id: "bad")] }
        let summary = try await rig.pass()
        #expect(summary.needsLook)
        #expect(try rig.journal().count == 15)
        let gaps = try await rig.ledger.gaps(.all, openOnly: true)
        #expect(gaps.map(\.kind) == [.item])
        let facts = try await rig.facts()
        #expect(facts.cause == nil)
        #expect(facts.watermark ?? Rig.start >= Rig.start - .minutes(3))
        // A simulated day later it is still tried, and when the source recovers, nothing is missing.
        for _ in 0..<4 {
            rig.time.advance(by: .hours(6))
            try await rig.pass()
        }
        #expect(try rig.journal().count == 15)
        await rig.simulator.heal("bad")
        rig.time.advance(by: .hours(7))
        try await rig.pass()
        #expect(try await rig.holdsEverythingOnce())
        #expect(try await rig.ledger.gaps(.all, openOnly: true).isEmpty)
    }

    @Test func `a record that cannot be a line is held alone, and taken in when it can be read`() async throws
    {
        let good = Array(
            #"{"Id":"1","Operation":"A","RecordType":1,"CreationTime":"2026-10-10T10:00:00"}"#.utf8
        )
        let bad = Array(#"{"Id":"2","Operation":""#.utf8) + [0xff] + Array(#"","RecordType":1}"#.utf8)
        let body = Array("[".utf8) + good + Array(",".utf8) + bad + Array("]".utf8)
        let rig = try await Rig(plan: .init()) { scenario in
            scenario.tenants[0].content[.general]?.placed = [.init(created: .after(.hours(-2)), .body(body))]
        }
        try await rig.pass()
        #expect(try rig.journal() == [good])
        let gap = try #require(try await rig.ledger.gaps(.all, openOnly: true).first)
        #expect(gap.held)
        #expect(try Quarantine(rig.home).bytes(of: gap.item ?? "", stream: rig.key(.general)) == bad)
        // As a newer version would find it: the bytes can be read now.
        let mended = Array(#"{"Id":"2","Operation":"B","RecordType":1}"#.utf8)
        try Quarantine(rig.home).hold(mended, of: rig.key(.general), item: gap.item ?? "", reason: "test")
        _ = try await GapRetry.schedule(.all, in: rig.ledger, now: rig.time.now)
        rig.time.advance(by: .minutes(5))
        try await rig.pass()
        #expect(try rig.journal() == [good, mended])
        #expect(try await rig.ledger.gaps(.all, openOnly: true).isEmpty)
    }

    @Test func `content that has expired is a lost item and no loop`() async throws {
        let rig = try await Rig { $0.faults = [Fault(.expired, on: .init(.fetch, blob: 2))] }
        try await rig.pass()
        try await rig.pass()
        let gaps = try await rig.ledger.gaps(.all, openOnly: false)
        #expect(gaps.count == 1)
        #expect(gaps.first?.lost == true)
        #expect(try rig.journal().count == 15)
    }

    @Test func `a page loop ends in smaller windows and a gap, never in a hang`() async throws {
        let rig = try await Rig { $0.faults = [Fault(.pageLoop, on: .init(.content), id: "loop")] }
        let summary = try await rig.pass()
        #expect(summary.needsLook)
        #expect(rig.simulator.log.count < 20_000)
        await rig.simulator.heal("loop")
        for _ in 0..<3 {
            rig.time.advance(by: .hours(1))
            try await rig.pass()
        }
        #expect(try await rig.holdsEverythingOnce())
    }

    @Test func `a foreign next page gets no token, fails the window and is said`() async throws {
        let rig = try await Rig {
            $0.knobs.pageSize = 2
            $0.faults = [Fault(.foreignNextPage, on: .init(.content), id: "foreign")]
        }
        try await rig.pass()
        #expect(rig.leakedTokens == 0)
        #expect(rig.simulator.log.entries.allSatisfy { $0.listener == .cloud })
        let facts = try await rig.facts()
        #expect(facts.cause?.faultClass == .shape)
        await rig.simulator.heal("foreign")
        rig.time.advance(by: .hours(1))
        try await rig.pass()
        #expect(try await rig.holdsEverythingOnce())
    }

    @Test func `pages are followed to the last`() async throws {
        let rig = try await Rig(plan: .init(blobs: 23, eventsPerBlob: 2, spread: .hours(20))) {
            $0.knobs.pageSize = 3
        }
        try await rig.pass()
        #expect(try await rig.holdsEverythingOnce())
        #expect(try rig.journal().count == 46)
    }

    @Test func `a second pass asks for the new minutes only and stores nothing twice`() async throws {
        let rig = try await Rig()
        try await rig.pass()
        rig.simulator.log.clear()
        rig.time.advance(by: .minutes(5))
        try await rig.pass()
        #expect(try await rig.holdsEverythingOnce())
        #expect(!rig.simulator.log.entries.contains { $0.operation == .fetch })
    }
}
