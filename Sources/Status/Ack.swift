// SPDX-License-Identifier: Apache-2.0
package import Basics

/// That a person lets an issue stand for a while, and why; it stays visible all the same.
package struct Ack: Sendable, Equatable {
    /// The issue's id.
    package var issue: String
    /// The connection it is about, as people write it; empty for one of the host.
    package var connection: String
    package var by: String
    package var reason: String
    package var at: Timestamp
    /// When it counts again.
    package var until: Timestamp

    /// Puts it together from its parts.
    package init(
        issue: String,
        connection: String,
        by: String,
        reason: String,
        at: Timestamp,
        until: Timestamp
    ) {
        self.issue = issue
        self.connection = connection
        self.by = by
        self.reason = reason
        self.at = at
        self.until = until
    }
}
