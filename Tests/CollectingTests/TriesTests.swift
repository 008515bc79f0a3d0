// SPDX-License-Identifier: Apache-2.0
import Basics
import Collecting
import Testing

@Suite("Trying again")
struct TriesTests {
    @Test func `five tries, then it is given up`() {
        var random = Seeded(1)
        var purse = Duration.minutes(10)
        var tries = Tries()
        var steps: [Tries.Step] = []
        for _ in 0..<5 {
            steps.append(tries.failed(throttled: false, asked: nil, purse: &purse, using: &random))
        }
        #expect(steps.last == .giveUp)
        #expect(steps.dropLast().allSatisfy { if case .again = $0 { true } else { false } })
    }

    @Test func `throttling waits as long as asked and uses no try up`() {
        var random = Seeded(1)
        var purse = Duration.seconds(60)
        var tries = Tries()
        for _ in 0..<6 {
            let step = tries.failed(throttled: true, asked: .seconds(10), purse: &purse, using: &random)
            #expect(step == .again(after: .seconds(10)))
        }
        #expect(purse == .zero)
        #expect(
            tries.failed(throttled: true, asked: .seconds(10), purse: &purse, using: &random)
                == .later(after: .seconds(10))
        )
    }

    @Test(
        arguments: [
            (0, "2026-10-10T12:05:00Z"), (1, "2026-10-10T12:15:00Z"), (2, "2026-10-10T13:00:00Z"),
            (3, "2026-10-10T18:00:00Z"), (9, "2026-10-10T18:00:00Z"),
        ]
    )
    func `what is parked is tried again ever more rarely`(attempts: Int, expected: String) {
        let now = at("2026-10-10T12:00:00Z")
        #expect(Parking.nextTry(after: attempts, now: now, deadline: now + .days(7)) == at(expected))
    }

    @Test func `a last try comes before the deadline, then it is lost`() {
        let now = at("2026-10-10T12:00:00Z")
        #expect(Parking.nextTry(after: 5, now: now, deadline: now + .hours(2)) == now + .minutes(115))
        #expect(Parking.nextTry(after: 5, now: now, deadline: now + .minutes(4)) == nil)
    }
}
