// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Status

/// The last sign of life of the host.
package struct HostTick: Sendable, Equatable {
    /// How the host runs: on and on, or one pass.
    package enum Mode: String, Sendable, CaseIterable { case run, once }

    package var mode: Mode
    package var at: Timestamp
    package var started: Timestamp
    package var version: String
    /// What holds the whole host back, such as a full disk.
    package var cause: Cause?

    /// Puts it together from its parts.
    package init(mode: Mode, at: Timestamp, started: Timestamp, version: String, cause: Cause? = nil) {
        self.mode = mode
        self.at = at
        self.started = started
        self.version = version
        self.cause = cause
    }
}

/// The state the host last gave a stream, and since when.
package struct StoredState: Sendable, Equatable {
    package var state: StreamState
    package var since: Timestamp
    /// How many evaluations in a row have seen a better state; the hysteresis of SPEC §5.
    package var better: Int

    /// Puts it together from its parts.
    package init(state: StreamState, since: Timestamp, better: Int = 0) {
        self.state = state
        self.since = since
        self.better = better
    }
}

/// One change of a stream's state.
package struct Transition: Sendable, Equatable {
    package var stream: StreamKey
    package var from: StreamState?
    package var to: StreamState
    package var at: Timestamp
    /// The time of the first fact that led here.
    package var since: Timestamp
    package var cause: Cause?

    /// Puts it together from its parts.
    package init(
        stream: StreamKey,
        from: StreamState?,
        to: StreamState,
        at: Timestamp,
        since: Timestamp,
        cause: Cause? = nil
    ) {
        self.stream = stream
        self.from = from
        self.to = to
        self.at = at
        self.since = since
        self.cause = cause
    }
}
