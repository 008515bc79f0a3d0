// SPDX-License-Identifier: Apache-2.0
package import Basics

/// A customer, who may own several tenants.
package struct Customer: Sendable, Equatable {
    package var id: String
    /// The name for people; the id where none was given.
    package var name: String
    package var created: Timestamp

    /// Puts it together from its parts.
    package init(id: String, name: String? = nil, created: Timestamp) {
        self.id = id
        self.name = name ?? id
        self.created = created
    }
}
