// SPDX-License-Identifier: Apache-2.0
package import Basics
package import JSON
package import Status

/// Something that happened to a connection's set-up without a person's doing, kept for its history.
package struct ConnectionEvent: Sendable, Equatable {
    /// When.
    package var at: Timestamp
    /// What, in words for a person.
    package var words: String

    /// Puts it together from its parts.
    package init(at: Timestamp, words: String) {
        self.at = at
        self.words = words
    }
}

/// A connection that goes on with another version of its definition.
package struct CarriedConnection: Sendable, Equatable {
    package var key: ConnectionKey
    /// The version it was set up with; one that has another by now is left alone.
    package var from: String
    /// The version it goes on with.
    package var to: String
    /// The answers that are no secrets, as the new version names them.
    package var credentials: Value
    /// What its history says of it.
    package var event: ConnectionEvent

    /// Puts it together from its parts.
    package init(
        key: ConnectionKey,
        from: String,
        to: String,
        credentials: Value,
        event: ConnectionEvent
    ) {
        self.key = key
        self.from = from
        self.to = to
        self.credentials = credentials
        self.event = event
    }
}
