// SPDX-License-Identifier: Apache-2.0

/// Names one stream of one connection.
package struct StreamKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var customer: String
    package var connection: String
    package var stream: String

    /// Puts it together from its parts.
    package init(customer: String, connection: String, stream: String) {
        self.customer = customer
        self.connection = connection
        self.stream = stream
    }

    /// Reads `customer/connection/stream`.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(customer: String(parts[0]), connection: String(parts[1]), stream: String(parts[2]))
    }

    /// The connection this stream belongs to.
    package var connectionKey: ConnectionKey { ConnectionKey(customer: customer, connection: connection) }

    /// `customer/connection/stream`, as people write it.
    package var description: String { customer + "/" + connection + "/" + stream }

    package static func < (left: StreamKey, right: StreamKey) -> Bool {
        (left.customer, left.connection, left.stream) < (right.customer, right.connection, right.stream)
    }
}
