// SPDX-License-Identifier: Apache-2.0
package import Connectors
import JSON

extension Shelf {
    /// The shelf as people agreed to it, by what `ledger` knows.
    package func trusting(_ ledger: any Ledger) async throws -> Shelf {
        trusting(try await ledger.trusts().digests(of: .connector))
    }

    /// The definition that `connection` goes by, if it may be used for it.
    package func usable(for connection: Connection) throws(ConnectorFailure) -> Definition {
        let definition = try usable(connection.connector)
        let credentials = connection.credentials.objectValue ?? Object()
        if case .refused(let failure) = definition.carry(credentials, from: connection.version) {
            throw failure
        }
        return definition
    }

    /// Why `connection` cannot be collected whatever its service says; `nil` where nothing stands against it.
    package func refusal(of connection: Connection) -> ConnectorFailure? {
        do throws(ConnectorFailure) {
            _ = try usable(for: connection)
            return nil
        } catch { return error }
    }
}
