// SPDX-License-Identifier: Apache-2.0
package import Basics

/// A stream's state as the host last stored it, with what hysteresis needs.
package struct Standing: Sendable, Equatable {
    package var state: StreamState
    package var since: Timestamp?
    package var cause: Cause?
    /// How many evaluations in a row have called for a better state.
    package var better: Int
    /// When the state changed in the last six hours, oldest first.
    package var changes: [Timestamp]

    /// Puts it together from its parts.
    package init(
        state: StreamState,
        since: Timestamp? = nil,
        cause: Cause? = nil,
        better: Int = 0,
        changes: [Timestamp] = []
    ) {
        self.state = state
        self.since = since
        self.cause = cause
        self.better = better
        self.changes = changes
    }

    /// Whether it changed so often lately that one notice is enough.
    package var isFlapping: Bool { changes.count > 4 }
}
