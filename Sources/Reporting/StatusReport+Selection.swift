// SPDX-License-Identifier: Apache-2.0
package import Status
package import Store

extension StatusReport {
    /// Only the customer of that id; `nil` keeps all.
    package func of(customer: String?) -> StatusReport {
        guard let customer else { return self }
        var report = self
        report.customers.removeAll { $0.id != customer }
        return report
    }

    /// Only the one connection of its customer, or only the one stream of that; all the customer's for its name alone.
    package func of(_ scope: GapScope) -> StatusReport {
        let (customer, connection, stream): (String?, String?, String?) =
            switch scope {
            case .all: (nil, nil, nil)
            case .customer(let id): (id, nil, nil)
            case .connection(let key): (key.customer, key.connection, nil)
            case .stream(let key): (key.customer, key.connection, key.stream)
            }
        var report = of(customer: customer)
        guard let connection else { return report }
        for index in report.customers.indices {
            report.customers[index].connections.removeAll { $0.id != connection }
            guard let stream else { continue }
            for place in report.customers[index].connections.indices {
                report.customers[index].connections[place].streams.removeAll { $0.id != stream }
            }
        }
        return report
    }

    /// Whether it holds what `scope` names.
    package func has(_ scope: GapScope) -> Bool {
        let connections = customers.flatMap { customer in customer.connections.map { (customer.id, $0) } }
        return switch scope {
        case .all: true
        case .customer(let id): customers.contains { $0.id == id }
        case .connection(let key):
            connections.contains { $0.0 == key.customer && $0.1.id == key.connection }
        case .stream(let key):
            connections.contains {
                $0.0 == key.customer && $0.1.id == key.connection
                    && $0.1.streams.contains { $0.id == key.stream }
            }
        }
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
    package var level: AlertLevel {
        // Where nothing can be read nothing is known, whatever the reason.
        guard host.ledgerIsReadable else { return .unknown }
        if host.cause != nil { return .critical }
        let all = customers.flatMap(\.connections).map { AlertPolicy.usual.level(of: $0, now: evaluatedAt) }
        return AlertLevel.worst(all + [.ok])
    }
}
