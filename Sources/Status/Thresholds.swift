// SPDX-License-Identifier: Apache-2.0
import Basics

/// When a stream counts as late, failing or quiet, and how long its source keeps data.
package struct Thresholds: Sendable, Equatable {
    /// When silence counts as quiet.
    package enum Quiet: Sendable, Equatable {
        case never
        case after(Duration)
        /// By the stream's own history, see ``StreamFacts/quietBaseline(now:)``.
        case baseline
    }

    package var interval: Duration
    package var settle: Duration
    package var lateAfter: Duration
    package var failAfter: Duration
    package var quiet: Quiet
    /// How long after acceptance the first record may take.
    package var firstData: Duration
    /// How long the source keeps data; `nil` where nothing can be lost, such as a snapshot.
    package var retention: Duration?
    /// Whether the source keeps nothing for us before a step of ours succeeded.
    package var keepsFrom: Bool

    /// Puts it together from its parts.
    package init(
        interval: Duration = .minutes(5),
        settle: Duration = .zero,
        lateAfter: Duration? = nil,
        failAfter: Duration? = nil,
        quiet: Quiet = .baseline,
        firstData: Duration = .hours(12),
        retention: Duration? = nil,
        keepsFrom: Bool = false
    ) {
        self.interval = interval
        self.settle = settle
        self.lateAfter = lateAfter ?? max(interval * 3, .minutes(15))
        self.failAfter = failAfter ?? max(interval * 6, .hours(1))
        self.quiet = quiet
        self.firstData = firstData
        self.retention = retention
        self.keepsFrom = keepsFrom
    }
}
