// SPDX-License-Identifier: Apache-2.0
package import Basics

/// Moves a stored state by a new verdict: at once to a worse one, to a better one only when it holds.
package enum Transitions {
    /// How many evaluations in a row must call for a better state.
    package static let needed = 2
    /// How long a change counts towards flapping.
    package static let memory = Duration.hours(6)

    /// The state to store, and the change to write down if there is one.
    package static func step(
        _ standing: Standing?,
        _ verdict: Assessment,
        now: Timestamp,
        hysteresis: Bool = true
    ) -> (standing: Standing, change: StateChange?) {
        guard var next = standing else {
            let first = Standing(
                state: verdict.state,
                since: verdict.since,
                cause: verdict.cause,
                changes: []
            )
            return (
                first,
                StateChange(from: nil, to: first.state, at: now, since: first.since, cause: first.cause)
            )
        }
        next.changes.removeAll { now - $0 > memory }
        if next.state == verdict.state {
            next.better = 0
            next.cause = verdict.cause
            if let since = verdict.since, next.state.keepsEarliest {
                next.since = min(next.since ?? since, since)
            }
            return (next, nil)
        }
        if hysteresis, isBetter(verdict.state, than: next.state) {
            next.better += 1
            guard next.better >= needed else {
                next.cause = verdict.cause ?? next.cause
                return (next, nil)
            }
        }
        let from = next.state
        next.state = verdict.state
        next.since = verdict.state == .active ? now : verdict.since
        next.cause = verdict.cause
        next.better = 0
        next.changes.append(now)
        return (next, StateChange(from: from, to: next.state, at: now, since: next.since, cause: next.cause))
    }

    /// What another process than the host shows: the stored state, unless what it sees itself is worse or a decision.
    package static func overlay(_ standing: Standing?, _ verdict: Assessment) -> Assessment {
        guard let standing, isBetter(verdict.state, than: standing.state) || verdict.state == standing.state
        else { return verdict }
        // Leaving `unknown` needs nobody's patience: that state is never stored for long.
        guard standing.state != .unknown else { return verdict }
        var shown = verdict
        shown.state = standing.state
        shown.since = standing.since ?? verdict.since
        shown.cause = verdict.cause ?? (standing.state == .active ? nil : standing.cause)
        return shown
    }

    private static func isBetter(_ state: StreamState, than other: StreamState) -> Bool {
        // Leaving `unknown`, or the wait for the first data, needs nobody's patience.
        guard other != .unknown, other != .pending, let new = state.severity, let old = other.severity else {
            return false
        }
        return new < old
    }
}

extension StreamState {
    /// Whether an earlier instant may be found later to have begun it.
    fileprivate var keepsEarliest: Bool { self == .blocked || self == .failing || self == .late }
}
