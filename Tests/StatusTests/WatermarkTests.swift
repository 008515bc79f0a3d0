// SPDX-License-Identifier: Apache-2.0
import Basics
import Status
import Testing

@Suite struct WatermarkTests {
    private let key = StreamKey(customer: "acme", connection: "o365", stream: "Audit.Exchange")
    private func at(_ minute: Int) -> Timestamp { Timestamp(seconds: 1_780_000_000) + .minutes(minute) }
    private func row(_ from: Int, _ to: Int, _ state: CoverageState) -> CoverageRow {
        CoverageRow(stream: key, from: at(from), to: at(to), state: state)
    }

    @Test func `without a row the watermark stands where coverage begins`() {
        #expect(Watermark.of(rows: [], coveredFrom: at(0)) == at(0))
    }

    @Test func `the watermark runs over settled rows in any order and over overlaps`() {
        let rows = [row(10, 20, .gap), row(0, 12, .stored), row(25, 30, .notCovered), row(20, 25, .parked)]
        #expect(Watermark.of(rows: rows, coveredFrom: at(0)) == at(30))
    }

    @Test(arguments: [CoverageState.open, .failed])
    func `an unsettled row holds the watermark`(state: CoverageState) {
        let rows = [row(0, 10, .stored), row(10, 15, state), row(15, 20, .stored)]
        #expect(Watermark.of(rows: rows, coveredFrom: at(0)) == at(10))
    }

    @Test func `history before the beginning moves nothing`() {
        #expect(Watermark.of(rows: [row(-60, 0, .stored)], coveredFrom: at(0)) == at(0))
        #expect(Watermark.of(rows: [row(-60, 5, .stored)], coveredFrom: at(0)) == at(5))
    }

    @Test func `a failed second listing does not take back what is stored`() {
        let rows = [row(0, 30, .stored), row(10, 20, .failed)]
        #expect(Watermark.of(rows: rows, coveredFrom: at(0)) == at(30))
    }
}
