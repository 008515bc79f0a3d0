// SPDX-License-Identifier: Apache-2.0
import Basics

/// How far back somebody wants to collect, as people write it: `24h`, `3 days`, or `P3D` (ISO 8601).
package struct Reach: Equatable, Sendable {
    /// The span itself.
    package let span: Duration
    /// The same in ISO 8601.
    package var text: String { span.iso8601 }

    /// Reads it; `nil` for anything that is no span of hours, days or weeks.
    package init?(_ typed: String) {
        let word = typed.filter { !$0.isWhitespace }
        if let span = Duration(iso8601: word) {
            self.span = span
            return
        }
        let digits = word.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits), count < 10_000 else { return nil }
        switch word.dropFirst(digits.count).lowercased() {
        case "h", "hour", "hours": span = .hours(count)
        case "d", "day", "days": span = .days(count)
        case "w", "week", "weeks": span = .days(count * 7)
        default: return nil
        }
    }
}
