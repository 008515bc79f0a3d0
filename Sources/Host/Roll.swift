// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Status
import Store

/// The streams that are to be collected now, as set-up and decisions of people stand.
struct Roll: Sendable {
    /// One stream on it.
    struct Line: Sendable {
        let connection: Connection
        let stream: StreamDefinition
        let key: StreamKey

        /// Whether the same would be asked for, and kept of it, as on `other`.
        func asksLike(_ other: Line) -> Bool {
            let (own, others) = (connection, other.connection)
            return own.registration == others.registration && own.credentials == others.credentials
                && own.cloud == others.cloud && own.noChanges == others.noChanges
                && choice?.select == other.choice?.select && choice?.historyFrom == other.choice?.historyFrom
        }

        private var choice: StreamChoice? { connection.streams.first { $0.stream == key.stream } }
    }

    private(set) var lines: [StreamKey: Line] = [:]
    /// Holds whose time has come to an end.
    private(set) var ended: [StreamKey] = []

    /// Reads the roll from the ledger; connections whose definition cannot be used are left out here and shown by
    /// status.
    init(_ connections: [Connection], _ shelf: Shelf, now: Timestamp) {
        for connection in connections where !connection.isDraft {
            guard let definition = try? shelf.usable(for: connection) else { continue }
            for choice in connection.streams {
                guard let stream = definition.stream(choice.stream) else { continue }
                let key = StreamKey(
                    customer: connection.key.customer,
                    connection: connection.key.connection,
                    stream: choice.stream
                )
                if let hold = choice.hold {
                    guard let until = hold.until, until <= now else { continue }
                    ended.append(key)
                }
                lines[key] = Line(connection: connection, stream: stream, key: key)
            }
        }
    }

    /// The streams on the roll that belong to one connection.
    func streams(of connection: ConnectionKey) -> [StreamKey] {
        lines.keys.filter { $0.customer == connection.customer && $0.connection == connection.connection }
    }
}
