// SPDX-License-Identifier: Apache-2.0
import Basics

/// How long the next window may be: halved when the source cannot answer one, doubled again after ten good ones.
package struct WindowStep: Sendable, Equatable {
    /// The name under which a stream's ledger keeps it.
    package static let cursor = "step"
    private static let patience = 10

    /// The longest window to ask for.
    package private(set) var longest: Duration
    private var good = 0
    private let most: Duration
    private let least: Duration

    /// Starts from what was kept, or at the most.
    package init(most: Duration, least: Duration, kept: String? = nil) {
        self.most = most
        self.least = least
        longest = most
        let words = (kept ?? "").split(separator: " ")
        if words.count == 2, let kept = Duration(iso8601: words[0]), let good = Int(words[1]) {
            longest = min(max(kept, least), most)
            self.good = good
        }
    }

    /// What is kept in the ledger; nothing while windows have their full length.
    package var kept: String? { longest >= most ? nil : "\(longest.iso8601) \(good)" }

    /// Notes a window that came whole.
    package mutating func succeeded() {
        guard longest < most else { return }
        good += 1
        guard good >= Self.patience else { return }
        good = 0
        longest = min(longest * 2, most)
    }

    /// Makes windows shorter than `length`; `false` where they are as short as they may be.
    package mutating func halve(below length: Duration) -> Bool {
        guard length > least else { return false }
        good = 0
        let half = Duration.minutes(max(1, Int(min(length, longest).wholeSeconds) / 120))
        longest = max(half, least)
        return true
    }
}
