// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
import JSON
import Status
package import Store

/// Carries connections over that were set up with an older version of their definition.
package enum Carrying {
    /// Carries over every connection that a usable definition has a way for.
    ///
    /// Each goes in one transaction with the event in its history. What has no way is left to be refused with its
    /// sentence.
    package static func carry(_ ledger: any Ledger, _ shelf: Shelf, now: Timestamp, log: Log) async throws {
        for connection in try await ledger.connections() {
            guard let version = connection.version, let definition = try? shelf.usable(connection.connector),
                let (credentials, say) = way(connection, definition)
            else { continue }
            let words =
                "carried over from version \(version) to \(definition.version) of \(definition.id)"
                + (say.map { ": \($0)" } ?? "")
            let carried = CarriedConnection(
                key: connection.key,
                from: version,
                to: definition.version,
                credentials: .object(credentials),
                event: ConnectionEvent(at: now, words: words)
            )
            try await ledger.write([.carry(carried)])
            log.info("a connection was \(words)", ["connection": connection.key.description])
        }
    }

    /// `connection` as it would be carried over, for those who only look.
    package static func carried(_ connection: Connection, _ shelf: Shelf) -> Connection {
        guard let definition = try? shelf.usable(connection.connector),
            let (credentials, _) = way(connection, definition)
        else { return connection }
        var carried = connection
        carried.version = definition.version
        carried.credentials = .object(credentials)
        return carried
    }

    private static func way(_ connection: Connection, _ definition: Definition) -> (Object, String?)? {
        guard let version = connection.version,
            case .over(let credentials, let say) = definition.carry(
                connection.credentials.objectValue ?? Object(),
                from: version
            )
        else { return nil }
        return (credentials, say)
    }
}
