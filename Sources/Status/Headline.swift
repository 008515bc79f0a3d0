// SPDX-License-Identifier: Apache-2.0
package import Basics

/// The state of many as one: the worst of them, with how many collect.
package struct Headline: Sendable, Equatable {
    /// How many of the streams that should collect do.
    package struct Partial: Sendable, Equatable {
        package var collecting: Int
        package var of: Int

        /// Puts it together from its parts.
        package init(collecting: Int, of: Int) {
            self.collecting = collecting
            self.of = of
        }
    }

    package var state: StreamState
    package var since: Timestamp?
    /// Set where some collect and some do not.
    package var partial: Partial?
    package var cause: Cause?

    /// The headline of a connection over its streams.
    ///
    /// A stream that only waits for its first record does not lower a connection that has an active one. Excluded
    /// streams do not count, paused ones count against coverage and not against health.
    package init(streams: [Assessment]) {
        let activeOnes = streams.contains { $0.state == .active }
        let counted = streams.filter { !(activeOnes && $0.state == .pending && $0.wantsRecord) }
        self.init(worstOf: counted)
        let due = streams.filter { $0.state != .excluded && $0.state != .draft }
        let collecting = due.filter(\.state.isCollecting).count
        if collecting > 0, collecting < due.count { partial = Partial(collecting: collecting, of: due.count) }
    }

    /// The headline of a customer over its connections.
    package init(connections: [Headline]) {
        self.init(
            worstOf: connections.map { Assessment(state: $0.state, since: $0.since, cause: $0.cause) }
        )
        let due = connections.filter { $0.state != .excluded && $0.state != .draft }
        let collecting = due.filter(\.state.isCollecting).count
        if collecting > 0, collecting < due.count { partial = Partial(collecting: collecting, of: due.count) }
    }

    private init(worstOf members: [Assessment]) {
        // Where nobody collects by decision, the decision that can end soonest names the whole.
        let decided = [StreamState.draft, .paused, .excluded].first { state in
            members.contains { $0.state == state }
        }
        let worst = members.filter { $0.state.severity != nil }
            .max { ($0.state.severity ?? 0) < ($1.state.severity ?? 0) }
        state = worst?.state ?? decided ?? .draft
        let alike = members.filter { [state] in $0.state == state }
        let first = alike.filter { $0.since != nil }
            .min { ($0.since ?? Timestamp(nanoseconds: .max)) < ($1.since ?? Timestamp(nanoseconds: .max)) }
        since = first?.since
        cause = first?.cause ?? alike.lazy.compactMap(\.cause).first
        partial = nil
    }
}
