// SPDX-License-Identifier: Apache-2.0
package import Status
package import Store

/// What a person names on the command line: a customer, one of its connections, or one stream of that.
package struct Selection: Sendable, Equatable, CustomStringConvertible {
    package let customer: String
    package let connection: String?
    package let stream: String?

    /// Reads `CUSTOMER[/CONNECTION[/STREAM]]`.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (1...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        customer = parts[0]
        connection = parts.count > 1 ? parts[1] : nil
        stream = parts.count > 2 ? parts[2] : nil
    }

    package var description: String {
        [customer, connection, stream].compactMap(\.self).joined(separator: "/")
    }

    /// What the ledger is asked for.
    package var scope: GapScope {
        guard let connection else { return .customer(customer) }
        let key = ConnectionKey(customer: customer, connection: connection)
        guard let stream else { return .connection(key) }
        return .stream(StreamKey(customer: customer, connection: connection, stream: stream))
    }

    /// The connections it means; at least one, or the ledger knows no such thing.
    package func connections(among all: [Connection]) throws(StoreFailure) -> [Connection] {
        let own = all.filter { $0.key.customer == customer }
        guard !own.isEmpty else {
            throw .missing("customer \(customer) with a connection" + Self.known(all.map(\.key.customer)))
        }
        guard let connection else { return own }
        let meant = own.filter { $0.key.connection == connection }
        guard !meant.isEmpty else {
            throw .missing("connection \(customer)/\(connection)" + Self.known(own.map(\.key.connection)))
        }
        return meant
    }

    /// The streams it means; at least one.
    package func streams(among all: [Connection]) throws(StoreFailure) -> [StreamKey] {
        let keys = try connections(among: all).flatMap(\.streamKeys)
        guard let stream else { return keys }
        let meant = keys.filter { $0.stream == stream }
        guard !meant.isEmpty else { throw .missing("stream \(self)" + Self.known(keys.map(\.stream))) }
        return meant
    }

    private static func known(_ names: [String]) -> String {
        let names = Set(names).sorted()
        guard !names.isEmpty else { return "; nothing is connected yet" }
        return "; there " + (names.count == 1 ? "is " : "are ") + names.prefix(8).joined(separator: ", ")
            + (names.count > 8 ? " and \(names.count - 8) more" : "")
    }
}
