// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Status
import Testing

@Suite("Credentials that end soon")
struct ExpiryWarningTests {
    private let now = Timestamp(seconds: 1_795_000_000)

    /// How long a credential is good yet, and the threshold that is named then.
    struct Row: Sendable, CustomTestStringConvertible {
        let left: Duration
        let within: Duration?
        var testDescription: String { "\(left.spoken) before the end" }
    }

    static let rows = [
        Row(left: .days(400), within: nil), Row(left: .days(60) + .seconds(1), within: nil),
        Row(left: .days(60), within: .days(60)), Row(left: .days(31), within: .days(60)),
        Row(left: .days(30), within: .days(30)), Row(left: .days(14), within: .days(14)),
        Row(left: .days(8), within: .days(14)), Row(left: .days(7), within: .days(7)),
        Row(left: .days(1) + .seconds(1), within: .days(7)), Row(left: .days(1), within: .days(1)),
        Row(left: .seconds(1), within: .days(1)), Row(left: .zero, within: .zero),
        Row(left: .days(-3), within: .zero),
    ]

    @Test(arguments: rows)
    func `the threshold that was passed last is named`(_ row: Row) {
        let warning = ExpiryWarning(
            end: now + row.left,
            warnBefore: ExpiryWarning.usual,
            next: "headgate rotate a/b",
            now: now
        )
        #expect(warning?.within == row.within)
        #expect(warning?.hasEnded ?? false == (row.left <= .zero))
        #expect(warning.map { $0.left >= .zero } ?? true)
    }

    @Test func `a definition's own thresholds decide, and no known end warns of nothing`() {
        let short = ExpiryWarning(end: now + .days(9), warnBefore: [.days(7)], next: "", now: now)
        #expect(short == nil)
        #expect(ExpiryWarning(end: nil, warnBefore: ExpiryWarning.usual, next: "", now: now) == nil)
        let over = ExpiryWarning(end: now - .days(1), warnBefore: [], next: "headgate rotate a/b", now: now)
        #expect(over?.hasEnded == true)
        #expect(over?.remedy(kind: "secret").next == "headgate rotate a/b")
        #expect(over?.remedy(kind: "secret").title == "The secret has ended")
    }
}
