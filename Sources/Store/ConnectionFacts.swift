// SPDX-License-Identifier: Apache-2.0
package import Basics
package import JSON

/// What is known of a connection as a whole beside its streams.
package struct ConnectionFacts: Sendable, Equatable {
    /// How far the source's clock is ahead of ours, and when that was seen.
    package var skew: Duration?
    package var skewSeen: Timestamp?
    /// The credential version that last got a token, and when.
    package var tokenVersion: Int?
    package var tokenConfirmed: Timestamp?
    /// Anything else that must survive a restart, by name, such as the audience that worked.
    package var notes: Object

    /// Puts it together from its parts.
    package init(
        skew: Duration? = nil,
        skewSeen: Timestamp? = nil,
        tokenVersion: Int? = nil,
        tokenConfirmed: Timestamp? = nil,
        notes: Object = Object()
    ) {
        self.skew = skew
        self.skewSeen = skewSeen
        self.tokenVersion = tokenVersion
        self.tokenConfirmed = tokenConfirmed
        self.notes = notes
    }
}
