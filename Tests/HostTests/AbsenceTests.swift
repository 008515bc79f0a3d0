// SPDX-License-Identifier: Apache-2.0
import Basics
import Status
import Store
import TestSupport
import Testing

/// A time in which nobody looked, as the ledger tells of it afterwards.
@Suite(.timeLimit(.minutes(10))) struct AbsenceTests {
    private func changes(_ rig: Rig) async throws -> [StateChange] {
        try await rig.ledger.transitions(.all, since: nil).map(\.change).reversed()
    }

    @Test func `a pass after a night in which nobody looked writes the night down, and how it stands now`()
        async throws
    {
        let rig = try await Rig()
        try await rig.pass()
        let before = try #require(try await rig.ledger.tick()?.lastTick)
        let known = try await changes(rig)
        #expect(known.last?.to == .active)
        rig.time.advance(by: .hours(9))
        try await rig.pass()
        let all = try await changes(rig)
        #expect(all.count == known.count + 2, "\(all)")
        #expect(all.dropLast().last?.to == .unknown && all.dropLast().last?.since == before)
        #expect(all.last?.from == .unknown && all.last?.to == .active)
    }

    @Test func `passes that follow one another as they should tell of no absence`() async throws {
        let rig = try await Rig()
        for _ in 1...4 {
            try await rig.pass()
            rig.time.advance(by: .minutes(10))
        }
        #expect(try await !changes(rig).contains { $0.to == .unknown })
    }

    @Test func `what was never looked at has no absence`() async throws {
        let rig = try await Rig()
        rig.time.advance(by: .days(2))
        try await rig.pass()
        #expect(try await !changes(rig).contains { $0.to == .unknown })
    }
}
