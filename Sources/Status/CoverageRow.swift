// SPDX-License-Identifier: Apache-2.0
package import Basics

/// One span of one stream with what is known of it; the proof behind status and report.
package struct CoverageRow: Sendable, Equatable {
    package var stream: StreamKey
    package var from: Timestamp
    /// The end, not itself part of the span.
    package var to: Timestamp
    package var state: CoverageState
    package var counts: Counts
    package var attempts: Int
    package var lastError: String?
    package var nextTry: Timestamp?
    /// Part of the history asked for at the start, fetched beside the live windows.
    package var history: Bool
    /// Listed once more after it was closed.
    package var relisted: Bool

    /// Puts it together from its parts.
    package init(
        stream: StreamKey,
        from: Timestamp,
        to: Timestamp,
        state: CoverageState,
        counts: Counts = Counts(),
        attempts: Int = 0,
        lastError: String? = nil,
        nextTry: Timestamp? = nil,
        history: Bool = false,
        relisted: Bool = false
    ) {
        self.stream = stream
        self.from = from
        self.to = to
        self.state = state
        self.counts = counts
        self.attempts = attempts
        self.lastError = lastError
        self.nextTry = nextTry
        self.history = history
        self.relisted = relisted
    }
}
