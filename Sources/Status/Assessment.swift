// SPDX-License-Identifier: Apache-2.0
package import Basics

/// What the evaluator makes of one stream at one instant.
package struct Assessment: Sendable, Equatable {
    package var state: StreamState
    /// The first instant that speaks for this state.
    package var since: Timestamp?
    package var cause: Cause?
    package var caughtUpTo: Timestamp?
    package var lag: Duration?
    /// When the oldest data not yet collected leaves the source.
    package var lossAt: Timestamp?
    package var losingSince: Timestamp?
    package var firstDataBy: Timestamp?
    /// Whether it is pending for want of a record only: whole cycles have succeeded.
    package var wantsRecord: Bool

    /// Puts it together from its parts.
    package init(state: StreamState, since: Timestamp? = nil, cause: Cause? = nil) {
        self.state = state
        self.since = since
        self.cause = cause
        wantsRecord = false
    }
}
