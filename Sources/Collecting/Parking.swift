// SPDX-License-Identifier: Apache-2.0
package import Basics

/// When something parked is tried again: after 5 minutes, 15 minutes, an hour, then every 6 hours to its deadline.
package enum Parking {
    /// The wait after try number `attempts` since it was parked, the first being 0.
    package static func wait(after attempts: Int) -> Duration {
        switch attempts {
        case ...0: .minutes(5)
        case 1: .minutes(15)
        case 2: .hours(1)
        default: .hours(6)
        }
    }

    /// The next try, or `nil` when the deadline comes first: then it is lost.
    package static func nextTry(after attempts: Int, now: Timestamp, deadline: Timestamp?) -> Timestamp? {
        let next = now + wait(after: attempts)
        guard let deadline else { return next }
        if next < deadline { return next }
        // One last try shortly before the deadline, if there is still time for one.
        let last = deadline - .minutes(5)
        return last > now ? last : nil
    }
}

/// When a blocked or failing stream is looked at again.
package enum LookingAgain {
    /// The wait after `failures` failed cycles that only a person can end: 5, 15, 30 minutes, then hourly.
    package static func blocked(failures: Int) -> Duration {
        switch failures {
        case ...1: .minutes(5)
        case 2: .minutes(15)
        case 3: .minutes(30)
        default: .hours(1)
        }
    }
}
