// SPDX-License-Identifier: Apache-2.0
import Basics

/// Instants as people give them in options.
enum Moments {
    /// A date, a time or a duration from `now` on, that has not passed.
    static func after(_ now: Timestamp, _ text: String, for option: String) throws(Misuse) -> Timestamp {
        let moment = Duration(iso8601: text).map { now + $0 } ?? Timestamp(iso8601: text)
        guard let moment else {
            throw .badValue(option: option, value: text, wanted: "a date, a time or a duration such as P2D")
        }
        guard moment > now else {
            throw .badValue(option: option, value: text, wanted: "a time that has not passed")
        }
        return moment
    }

    /// A date or a time.
    static func day(_ text: String, for option: String) throws(Misuse) -> Timestamp {
        guard let moment = Timestamp(iso8601: text) else {
            throw .badValue(option: option, value: text, wanted: "a date such as 2027-05-31")
        }
        return moment
    }
}
