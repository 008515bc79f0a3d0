// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Status
package import Store

/// What the ledger tells of the last days, as far as a page shows it.
package struct StatusHistory: Sendable, Equatable {
    package var changes: [StreamKey: [StateChange]]
    /// Gaps that reach into these days, whether they were closed since or not.
    package var gaps: [StreamKey: [Gap]]

    /// The state of each stream that was written down last.
    package var states: [StreamKey: StreamState]

    /// Puts it together from its parts.
    package init(
        changes: [StreamKey: [StateChange]] = [:],
        gaps: [StreamKey: [Gap]] = [:],
        states: [StreamKey: StreamState] = [:]
    ) {
        self.states = states
        self.changes = changes
        self.gaps = gaps
    }

    /// Reads the days of ``DayBar`` that end `now`, of all customers or of one.
    package static func of(_ ledger: any Ledger, customer: String?, now: Timestamp) async throws
        -> StatusHistory
    {
        let first = now.rounded(downTo: .days(1)) - .days(DayBar.count - 1)
        let scope: GapScope = customer.map { .customer($0) } ?? .all
        let changes = try await ledger.transitions(scope, since: first)
        let gaps = try await ledger.gaps(scope, openOnly: false).filter { $0.to >= first || $0.isOpen }
        return StatusHistory(
            changes: Dictionary(grouping: changes, by: \.stream).mapValues { $0.map(\.change) },
            gaps: Dictionary(grouping: gaps, by: \.stream),
            states: try await ledger.states().mapValues(\.state)
        )
    }
}
