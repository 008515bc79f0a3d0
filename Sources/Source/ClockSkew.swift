// SPDX-License-Identifier: Apache-2.0
package import Basics

/// How far this machine's clock is ahead of each source's, learnt from the `Date` of their answers.
package final class ClockSkew: Sendable {
    private let samples = Locked([String: [Duration]]())
    private static let kept = 5

    /// Knows nothing yet.
    package init() {}

    /// Notes an answer of `host` that was asked for at `sent`, came at `received` and says `date`.
    ///
    /// Slow answers say little: their date lies anywhere between the two.
    package func observe(_ host: String, sent: Timestamp, received: Timestamp, date: Timestamp) {
        let travel = received - sent
        guard travel >= .zero, travel < .seconds(20) else { return }
        // The date is cut to whole seconds, so that half a second is its best guess.
        let ahead = (sent + travel / 2) - (date + .milliseconds(500))
        samples.withLock { samples in
            samples[host, default: []].append(ahead)
            if samples[host, default: []].count > Self.kept { samples[host]?.removeFirst() }
        }
    }

    /// Whether `host` has said what time it is.
    package func isKnown(of host: String) -> Bool { samples.withLock { $0[host] != nil } }

    /// How far we are ahead of `host`: the middle of the last few answers, nothing where it is within two seconds.
    package func ahead(of host: String) -> Duration {
        let known = samples.withLock { $0[host] ?? [] }.sorted()
        guard !known.isEmpty else { return .zero }
        let middle = known[known.count / 2]
        return middle < .seconds(2) && middle > .seconds(-2) ? .zero : middle
    }
}
