// SPDX-License-Identifier: Apache-2.0
import Basics
import Status
import Testing

@Suite struct CoverageTests {
    private let start = Examples.start
    private func row(_ from: Int, _ to: Int, _ state: CoverageState = .stored, stored: Int = 1) -> CoverageRow
    {
        CoverageRow(
            stream: Examples.key,
            from: start + .minutes(from),
            to: start + .minutes(to),
            state: state,
            counts: Counts(listed: 1, stored: stored)
        )
    }

    @Test func `adjoining rows become one an hour and their counts add up`() {
        let rows = (0..<24).map { row($0 * 5, $0 * 5 + 5) }
        let merged = Coverage.compacted(rows.reversed(), now: start + .hours(2))
        #expect(merged.count == 2)
        #expect(merged.map(\.counts.stored) == [12, 12])
        #expect(merged[0].to == merged[1].from)
    }

    @Test func `rows eight days old become one a day`() {
        let rows = (0..<48).map { row($0 * 60, $0 * 60 + 60) }
        #expect(Coverage.compacted(rows, now: start + .days(3)).count == 48)
        let old = Coverage.compacted(rows, now: start + .days(11))
        #expect(old.count == 2)
        #expect(old.reduce(0) { $0 + $1.counts.stored } == 48)
    }

    @Test(arguments: [CoverageState.open, .failed, .parked])
    func `rows that will be tried again stay their own`(state: CoverageState) {
        let rows = [row(0, 5, state), row(5, 10, state)]
        #expect(Coverage.compacted(rows, now: start + .days(20)) == rows)
    }

    @Test func `rows of different states or with a hole between stay apart`() {
        let rows = [row(0, 5), row(5, 10, .gap), row(15, 20, .gap)]
        #expect(Coverage.compacted(rows, now: start + .hours(1)) == rows)
    }

    @Test(arguments: 0..<60)
    func `merging moves neither the watermark nor a count`(seed: Int) {
        var chance = Chance(seed)
        var rows: [CoverageRow] = []
        var minute = 0
        for _ in 0..<80 {
            let length = Int.random(in: 1...40, using: &chance)
            let state = CoverageState.allCases[
                chance.coin(4) ? Int.random(in: 0..<CoverageState.allCases.count, using: &chance) : 1
            ]
            if chance.coin(20) { minute += 1 }
            rows.append(row(minute, minute + length, state, stored: Int.random(in: 0...9, using: &chance)))
            minute += length
        }
        let merged = Coverage.compacted(rows, now: start + .days(9))
        #expect(merged.count <= rows.count)
        #expect(
            Watermark.of(rows: rows, coveredFrom: start) == Watermark.of(rows: merged, coveredFrom: start)
        )
        let before = rows.reduce(Counts()) { $0 + $1.counts }
        let after = merged.reduce(Counts()) { $0 + $1.counts }
        #expect(before == after)
    }
}
