// SPDX-License-Identifier: Apache-2.0
package import Basics

/// The waiting time that all requests of one stream's cycle share, and the randomness of their waits.
///
/// Waits that run beside each other cost what they last together, as a person with a watch would count them.
package final class Purse: Sendable {
    private struct Content: Sendable {
        var left: Duration
        var waitingUntil: Timestamp?
        var random: any RandomNumberGenerator & Sendable
    }

    private let content: Locked<Content>

    /// A purse of `amount`.
    package init(
        _ amount: Duration,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        content = Locked(Content(left: amount, random: random))
    }

    /// What is left.
    package var left: Duration { content.withLock { $0.left } }

    /// Decides what comes after a failed try, and takes its wait out of the purse.
    package func after(_ tries: inout Tries, throttled: Bool, asked: Duration?, now: Timestamp) -> Tries.Step
    {
        let before = tries
        let (step, after) = content.withLock { content in
            var tries = before
            var random = content.random
            let paidUntil = max(content.waitingUntil ?? now, now)
            var purse = content.left + (paidUntil - now)
            let step = tries.failed(throttled: throttled, asked: asked, purse: &purse, using: &random)
            content.random = random
            if case .again(let wait) = step {
                let end = now + wait
                if end > paidUntil { content.left -= end - paidUntil }
                content.waitingUntil = max(paidUntil, end)
            }
            return (step, tries)
        }
        tries = after
        return step
    }
}
