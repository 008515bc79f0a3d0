// SPDX-License-Identifier: Apache-2.0
package import Status

extension StatusReport {
    /// Only the customer of that id; `nil` keeps all.
    package func of(customer: String?) -> StatusReport {
        guard let customer else { return self }
        var report = self
        report.customers.removeAll { $0.id != customer }
        return report
    }

    /// Only what is in that state: its streams, with their connections and customers.
    package func inState(_ state: StreamState?) -> StatusReport {
        guard let state else { return self }
        var report = self
        report.customers = customers.compactMap { customer in
            var kept = customer
            kept.connections = customer.connections.compactMap { connection in
                var line = connection
                line.streams.removeAll { $0.state != state }
                return line.streams.isEmpty && line.headline.state != state ? nil : line
            }
            return kept.connections.isEmpty ? nil : kept
        }
        return report
    }

    /// Every stream's state; a connection without streams counts by its own.
    private var states: [StreamState] {
        customers.flatMap(\.connections).flatMap {
            $0.streams.isEmpty ? [$0.headline.state] : $0.streams.map(\.state)
        }
    }

    /// Whether any stream is failing or blocked.
    package var isInTrouble: Bool { states.contains { $0 == .failing || $0 == .blocked } }

    /// The level of monitoring plugins: 0 fine, 1 a warning, 2 bad, 3 not known.
    package var level: Int {
        if isInTrouble || host.cause != nil { return 2 }
        if !host.ledgerIsReadable || states.contains(.unknown) { return 3 }
        return states.contains { $0 == .late || $0 == .quiet || $0 == .paused } ? 1 : 0
    }
}
