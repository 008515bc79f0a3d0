// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Status
package import Store

/// What the ledger holds at one moment, as far as the status is made of it.
package struct Picture: Sendable, Equatable {
    package var tick: HostFacts?
    package var customers: [Customer]
    package var connections: [Connection]
    package var registrations: [Registration]
    package var facts: [StreamKey: StreamFacts]
    package var states: [StreamKey: Standing]
    /// Open gaps only.
    package var gaps: [Gap]
    /// The watermarks, where coverage reaches beyond the facts' own.
    package var watermarks: [StreamKey: Timestamp]
    /// What people let stand, and what stored records said: an issue told by a record has its own place.
    package var acks: [Ack]
    package var watches: [Issue]

    /// Puts it together from its parts.
    package init(
        tick: HostFacts? = nil,
        customers: [Customer] = [],
        connections: [Connection] = [],
        registrations: [Registration] = [],
        facts: [StreamKey: StreamFacts] = [:],
        states: [StreamKey: Standing] = [:],
        gaps: [Gap] = [],
        watermarks: [StreamKey: Timestamp] = [:],
        acks: [Ack] = [],
        watches: [Issue] = []
    ) {
        self.acks = acks
        self.watches = watches
        self.tick = tick
        self.customers = customers
        self.connections = connections
        self.registrations = registrations
        self.facts = facts
        self.states = states
        self.gaps = gaps
        self.watermarks = watermarks
    }

    /// Reads the ledger, of all customers or of one.
    package static func of(_ ledger: any Ledger, customer: String? = nil) async throws -> Picture {
        var picture = Picture(tick: try await ledger.tick())
        picture.customers = try await ledger.customers().filter { customer == nil || $0.id == customer }
        picture.connections = try await ledger.connections().filter {
            customer == nil || $0.key.customer == customer
        }
        picture.registrations = try await ledger.registrations()
        picture.facts = try await ledger.allFacts()
        picture.states = try await ledger.states()
        picture.gaps = try await ledger.gaps(customer.map { .customer($0) } ?? .all, openOnly: true)
        picture.acks = try await ledger.acks()
        picture.watches = try await ledger.issues(.all, openOnly: true)
        for key in picture.connections.flatMap(\.streamKeys) {
            guard let facts = picture.facts[key], let start = facts.watermark ?? facts.coveredFrom else {
                continue
            }
            // The facts hold the watermark as of the last move; the rows beyond it are few.
            let rows = try await ledger.coverage(of: key, since: start)
            guard facts.watermark != nil || !rows.isEmpty else { continue }
            picture.watermarks[key] = Watermark.of(rows: rows, coveredFrom: start)
        }
        return picture
    }
}
