// SPDX-License-Identifier: Apache-2.0

/// Exponential waits with full jitter: each wait is a random part of a bound that doubles.
///
/// Full jitter spreads clients that failed together better than any fixed schedule.
package struct Backoff: Sendable, Equatable {
    /// The bound of the first wait.
    package var first: Duration
    /// What no bound exceeds.
    package var cap: Duration

    /// Starts at `first` and doubles up to `cap`.
    package init(first: Duration = .seconds(2), cap: Duration = .minutes(15)) {
        self.first = first
        self.cap = cap
    }

    /// The bound of the wait before try `attempt`, the first retry being 1.
    package func bound(attempt: Int) -> Duration {
        let doublings = min(max(attempt - 1, 0), 30)
        let bound = first * (1 << doublings)
        return min(bound, cap)
    }

    /// A random wait between nothing and ``bound(attempt:)``.
    package func wait(attempt: Int, using random: inout some RandomNumberGenerator) -> Duration {
        .nanoseconds(Int64.random(in: 0...bound(attempt: attempt).wholeNanoseconds, using: &random))
    }
}
