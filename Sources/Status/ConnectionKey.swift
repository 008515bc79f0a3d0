// SPDX-License-Identifier: Apache-2.0

/// Names one connection: a connector set up for one tenant of one customer.
package struct ConnectionKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var customer: String
    package var connection: String

    /// Puts it together from its parts.
    package init(customer: String, connection: String) {
        self.customer = customer
        self.connection = connection
    }

    /// `customer/connection`, as people write it.
    package var description: String { customer + "/" + connection }

    package static func < (left: ConnectionKey, right: ConnectionKey) -> Bool {
        (left.customer, left.connection) < (right.customer, right.connection)
    }
}
