// SPDX-License-Identifier: Apache-2.0
package import Basics

/// Counts the tries of one request within a cycle and says what comes after each failure.
///
/// Waits come out of a purse that the whole stream shares, so that a throttled source cannot hold a cycle for ever.
package struct Tries: Sendable {
    /// What to do after a failed try.
    package enum Step: Sendable, Equatable {
        case again(after: Duration)
        /// The tries are used up.
        case giveUp
        /// The wait asked for is longer than the cycle may last; try in a later cycle.
        case later(after: Duration)
    }

    package private(set) var made = 0
    private let most: Int
    private let backoff: Backoff

    /// Allows `most` tries, with `backoff` between them where the source names no wait.
    package init(most: Int = 5, backoff: Backoff = Backoff()) {
        self.most = most
        self.backoff = backoff
    }

    /// Decides after a failure.
    ///
    /// `asked` is the wait that the source named. Throttling uses the purse but none of the tries: a busy service
    /// says nothing against the item.
    package mutating func failed(
        throttled: Bool,
        asked: Duration?,
        purse: inout Duration,
        using random: inout some RandomNumberGenerator
    ) -> Step {
        made += 1
        if !throttled, made >= most { return .giveUp }
        let wait = asked ?? backoff.wait(attempt: made, using: &random)
        guard wait <= purse else { return .later(after: asked ?? backoff.bound(attempt: made)) }
        purse -= wait
        return .again(after: wait)
    }
}
