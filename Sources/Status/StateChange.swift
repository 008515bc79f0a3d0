// SPDX-License-Identifier: Apache-2.0
package import Basics

/// One change of state, written down once.
package struct StateChange: Sendable, Equatable {
    package var from: StreamState?
    package var to: StreamState
    package var at: Timestamp
    /// The first instant that spoke for the new state, which may lie well before the change.
    package var since: Timestamp?
    package var cause: Cause?

    /// Puts it together from its parts.
    package init(from: StreamState?, to: StreamState, at: Timestamp, since: Timestamp?, cause: Cause?) {
        self.from = from
        self.to = to
        self.at = at
        self.since = since
        self.cause = cause
    }
}
