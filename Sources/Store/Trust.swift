// SPDX-License-Identifier: Apache-2.0
package import Basics

/// A person's agreement to a definition of the home's own, for exactly the bytes that were shown.
package struct Trust: Sendable, Equatable {
    /// The definition's id.
    package var connector: String
    /// The SHA-256 of its folder, in hexadecimal.
    package var digest: String
    /// Who agreed, as the system knows them.
    package var by: String
    /// When.
    package var at: Timestamp

    /// Puts it together from its parts.
    package init(connector: String, digest: String, by: String, at: Timestamp) {
        self.connector = connector
        self.digest = digest
        self.by = by
        self.at = at
    }
}
