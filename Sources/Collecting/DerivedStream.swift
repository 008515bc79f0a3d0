// SPDX-License-Identifier: Apache-2.0
import Basics
package import Connectors
package import Status
package import Store

/// A derived stream of a connection with everything its making works with.
package struct DerivedStream: Sendable {
    /// One of the streams that it is made of.
    package struct Origin: Sendable {
        package let key: StreamKey
        /// Why nothing new comes of it, such as "is paused"; `nil` where it is collected.
        package let rest: String?
    }

    let stream: StreamDefinition
    let join: Join
    let envelope: Envelope
    let sources: [Origin]

    /// The stream's name in the ledger.
    package var key: StreamKey { envelope.stream }

    /// Puts it together; `nil` for a stream that is not derived.
    package init?(_ stream: StreamDefinition, of connection: Connection) {
        guard let join = stream.join else { return nil }
        self.stream = stream
        self.join = join
        envelope = Envelope(
            stream: Self.key(stream.id, connection),
            connector: connection.connector,
            tenant: connection.tenant,
            identity: connection.identity
        )
        sources = stream.from.map { name in
            let choice = connection.streams.first { $0.stream == name }
            let rest: String? =
                if let choice {
                    choice.hold.map { $0.kind == .excluded ? "is excluded" : "is paused" }
                } else {
                    "is not collected"
                }
            return Origin(key: Self.key(name, connection), rest: rest)
        }
    }

    private static func key(_ stream: String, _ connection: Connection) -> StreamKey {
        StreamKey(customer: connection.key.customer, connection: connection.key.connection, stream: stream)
    }
}
