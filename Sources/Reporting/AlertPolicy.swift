// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Status

/// Which states a monitoring system is told of as a warning, and which as critical.
package struct AlertPolicy: Sendable, Equatable {
    package let warning: Set<StreamState>
    package let critical: Set<StreamState>

    /// What is told where nobody chose otherwise.
    package static let usual = AlertPolicy(
        warning: [.late, .quiet, .paused],
        critical: [.failing, .blocked]
    )

    /// Puts it together from its parts; a state in both is critical.
    package init(warning: Set<StreamState>, critical: Set<StreamState>) {
        self.warning = warning
        self.critical = critical
    }

    /// The level of a state alone; what nobody looks at is never fine, and a draft is nothing to tell of.
    package func level(of state: StreamState) -> AlertLevel {
        if critical.contains(state) { return .critical }
        if warning.contains(state) { return .warning }
        return state == .unknown ? .unknown : .ok
    }

    /// The level of a stream at `now`: waiting for the first record is a warning when half the time for it has gone,
    /// and a pause is critical when its end has passed.
    package func level(of stream: StreamLine, now: Timestamp) -> AlertLevel {
        let level = level(of: stream.state)
        switch stream.state {
        case .pending where level == .ok:
            guard let start = stream.facts.acceptedAt, let end = stream.assessment.firstDataBy else {
                return level
            }
            return (now - start) * 2 > end - start ? .warning : .ok
        case .paused where level == .warning:
            return stream.situation.hold?.until.map { $0 <= now } == true ? .critical : .warning
        default: return level
        }
    }

    /// The level of a connection: its worst stream's; one without streams is a draft.
    package func level(of connection: ConnectionLine, now: Timestamp) -> AlertLevel {
        guard !connection.streams.isEmpty else { return level(of: connection.headline.state) }
        return AlertLevel.worst(connection.streams.map { level(of: $0, now: now) })
    }
}
