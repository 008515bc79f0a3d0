// SPDX-License-Identifier: Apache-2.0
package import Connectors

extension Shelf {
    /// The shelf as people agreed to it, by what `ledger` knows.
    package func trusting(_ ledger: any Ledger) async throws -> Shelf {
        let pairs = try await ledger.trusts().map { ($0.connector, $0.digest) }
        return trusting(Dictionary(pairs) { $1 })
    }

    /// The definition that `connection` goes by, if it may be used for it.
    package func usable(for connection: Connection) throws(ConnectorFailure) -> Definition {
        try usable(connection.connector)
    }

    /// Why `connection` cannot be collected whatever its service says; `nil` where nothing stands against it.
    package func refusal(of connection: Connection) -> ConnectorFailure? {
        do throws(ConnectorFailure) {
            _ = try usable(for: connection)
            return nil
        } catch { return error }
    }
}
