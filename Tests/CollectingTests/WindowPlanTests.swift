// SPDX-License-Identifier: Apache-2.0
import Basics
import Collecting
import Status
import Testing

@Suite("Which windows are asked for")
struct WindowPlanTests {
    let stream = StreamKey(customer: "contoso", connection: "o365", stream: "Audit.General")
    let limits = WindowPlan.Limits(settle: .minutes(2), longest: .days(1), retention: .days(7))
    let now = at("2026-10-10T12:00:30Z")

    func row(_ from: String, _ to: String, _ state: CoverageState, nextTry: Timestamp? = nil) -> CoverageRow {
        CoverageRow(stream: stream, from: at(from), to: at(to), state: state, nextTry: nextTry)
    }

    @Test func `a stream that is up to date asks for the minutes since`() {
        let plan = WindowPlan(
            rows: [row("2026-10-10T11:00:00Z", "2026-10-10T11:50:00Z", .stored)],
            from: at("2026-10-10T11:00:00Z"),
            limits: limits,
            now: now
        )
        #expect(plan.missing == [span("2026-10-10T11:50:00Z", "2026-10-10T11:58:00Z")])
        #expect(plan.lost.isEmpty)
    }

    @Test func `no window is longer than the source allows`() {
        let plan = WindowPlan(rows: [], from: at("2026-10-07T00:00:00Z"), limits: limits, now: now)
        #expect(plan.missing.count == 4)
        #expect(plan.missing.allSatisfy { $0.length <= .days(1) })
        #expect(plan.missing.last?.to == at("2026-10-10T11:58:00Z"))
    }

    @Test func `what fell out of retention is lost and never clamped silently`() {
        let plan = WindowPlan(rows: [], from: at("2026-10-01T00:00:00Z"), limits: limits, now: now)
        #expect(plan.lost == [span("2026-10-01T00:00:00Z", "2026-10-03T12:06:00Z")])
        #expect(plan.missing.first?.from == at("2026-10-03T12:06:00Z"))
    }

    @Test func `time before the source kept anything is not covered and no gap`() {
        let plan = WindowPlan(
            rows: [],
            from: at("2026-10-01T00:00:00Z"),
            keptSince: at("2026-10-10T10:00:00Z"),
            limits: limits,
            now: now
        )
        #expect(plan.notCovered == [span("2026-10-01T00:00:00Z", "2026-10-10T10:00:00Z")])
        #expect(plan.lost.isEmpty)
        #expect(plan.missing == [span("2026-10-10T10:00:00Z", "2026-10-10T11:58:00Z")])
    }

    @Test func `an open row is asked again, a failed one only when its time has come`() {
        let rows = [
            row("2026-10-10T10:00:00Z", "2026-10-10T11:00:00Z", .open),
            row("2026-10-10T11:00:00Z", "2026-10-10T11:58:00Z", .failed, nextTry: now + .minutes(5)),
        ]
        let hourly = WindowPlan.Limits(settle: .minutes(2), longest: .hours(1), retention: nil)
        let plan = WindowPlan(rows: rows, from: at("2026-10-10T10:00:00Z"), limits: hourly, now: now)
        #expect(plan.missing == [span("2026-10-10T10:00:00Z", "2026-10-10T11:00:00Z")])
    }

    @Test func `after an outage the newest and the oldest window take turns`() {
        let plan = WindowPlan(rows: [], from: at("2026-10-07T00:00:00Z"), limits: limits, now: now)
        #expect(plan.next(turn: 0) == plan.missing.last)
        #expect(plan.next(turn: 1) == plan.missing.first)
    }

    @Test func `a clock that jumped back plans nothing`() {
        let plan = WindowPlan(
            rows: [],
            from: at("2026-10-10T11:59:00Z"),
            limits: limits,
            now: at("2026-10-10T08:00:00Z")
        )
        #expect(plan.missing.isEmpty && plan.lost.isEmpty && plan.notCovered.isEmpty)
    }

    @Test func `plans followed to the end leave no hole, whatever was there before`() {
        var random = Seeded(7)
        for _ in 0..<300 {
            let start = at("2026-10-05T00:00:00Z")
            var rows: [CoverageRow] = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                let from = start + .minutes(Int.random(in: 0...7_000, using: &random))
                let state = CoverageState.allCases.randomElement(using: &random) ?? .stored
                let to = from + .minutes(Int.random(in: 1...900, using: &random))
                return CoverageRow(stream: stream, from: from, to: to, state: state)
            }
            for turn in 0..<100 {
                let plan = WindowPlan(rows: rows, from: start, limits: limits, now: now)
                guard let next = plan.next(turn: turn) else { break }
                rows.append(CoverageRow(stream: stream, from: next.from, to: next.to, state: .stored))
            }
            let mark = Watermark.of(rows: rows, coveredFrom: start)
            #expect(mark >= at("2026-10-10T11:58:00Z"))
        }
    }
}

@Suite("Listing closed spans again")
struct RelistingTests {
    func due(doneTo: String?, coveredFrom: String, watermark: String, now: String) -> Span? {
        Relisting.due(
            span: .hours(12),
            after: .hours(3),
            doneTo: doneTo.map(at),
            coveredFrom: at(coveredFrom),
            watermark: at(watermark),
            retention: .days(7),
            now: at(now)
        )
    }

    @Test(
        arguments: [
            ("2026-10-10T14:59:00Z", nil as String?),
            ("2026-10-10T15:00:00Z", "2026-10-10T00:00:00Z/2026-10-10T12:00:00Z"),
        ]
    )
    func `a span is listed again three hours after its end`(now: String, expected: String?) {
        let span = due(
            doneTo: "2026-10-10T00:00:00Z",
            coveredFrom: "2026-10-01T00:00:00Z",
            watermark: "2026-10-10T14:50:00Z",
            now: now
        )
        #expect(span?.description == expected)
    }

    @Test func `the first span begins where coverage does`() {
        let span = due(
            doneTo: nil,
            coveredFrom: "2026-10-10T05:30:00Z",
            watermark: "2026-10-10T16:00:00Z",
            now: "2026-10-10T16:00:00Z"
        )
        #expect(span?.description == "2026-10-10T05:30:00Z/2026-10-10T12:00:00Z")
    }

    @Test func `spans that the source no longer keeps are passed over`() {
        let span = due(
            doneTo: "2026-10-01T00:00:00Z",
            coveredFrom: "2026-09-01T00:00:00Z",
            watermark: "2026-10-20T00:00:00Z",
            now: "2026-10-20T00:00:00Z"
        )
        #expect(span?.from == at("2026-10-13T12:00:00Z"))
    }

    @Test func `nothing is listed again before the watermark has passed it`() {
        let span = due(
            doneTo: "2026-10-10T00:00:00Z",
            coveredFrom: "2026-10-01T00:00:00Z",
            watermark: "2026-10-10T09:00:00Z",
            now: "2026-10-10T20:00:00Z"
        )
        #expect(span == nil)
    }
}

func at(_ text: String) -> Timestamp { Timestamp(iso8601: text) ?? Timestamp(seconds: 0) }
func span(_ from: String, _ to: String) -> Span { Span(at(from), at(to)) }

/// A small deterministic generator (SplitMix64), so that a failing property can be run again.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
