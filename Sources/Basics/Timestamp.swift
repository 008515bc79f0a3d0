// SPDX-License-Identifier: Apache-2.0

/// An instant in UTC with nanosecond resolution, from 1678 to 2262.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    package var nanoseconds: Int64

    /// An instant by its nanoseconds since 1970.
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    /// An instant by its milliseconds since 1970.
    package init(milliseconds: Int64) { nanoseconds = milliseconds * 1_000_000 }
    /// An instant by its seconds since 1970.
    package init(seconds: Int64) { nanoseconds = seconds * 1_000_000_000 }

    /// Whole seconds since 1970, rounded towards the past.
    package var seconds: Int64 { nanoseconds.dividedDown(by: 1_000_000_000) }
    /// Whole milliseconds since 1970, rounded towards the past.
    package var milliseconds: Int64 { nanoseconds.dividedDown(by: 1_000_000) }

    /// The instant at the last multiple of `step` that is not later than this one.
    ///
    /// Multiples count from 1970, so a step of a day gives UTC midnight. A step below one
    /// nanosecond changes nothing.
    package func rounded(downTo step: Duration) -> Timestamp {
        let size = step.wholeNanoseconds
        guard size > 0 else { return self }
        return Timestamp(nanoseconds: nanoseconds.dividedDown(by: size) * size)
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }
    package static func + (left: Timestamp, right: Duration) -> Timestamp {
        Timestamp(nanoseconds: left.nanoseconds + right.wholeNanoseconds)
    }
    package static func - (left: Timestamp, right: Duration) -> Timestamp {
        Timestamp(nanoseconds: left.nanoseconds - right.wholeNanoseconds)
    }
    package static func - (left: Timestamp, right: Timestamp) -> Duration {
        .nanoseconds(left.nanoseconds - right.nanoseconds)
    }
}

extension FixedWidthInteger {
    /// The quotient rounded towards negative infinity, as calendars need it before 1970.
    func dividedDown(by divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
