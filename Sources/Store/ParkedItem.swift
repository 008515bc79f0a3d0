// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Status

/// An item that would not come: it is tried again beside the queue until its deadline.
package struct ParkedItem: Sendable, Equatable {
    package var stream: StreamKey
    /// The content id; one stream parks an item once.
    package var item: String
    /// The element of the list that named it, so that it can be asked for again.
    package var listed: [UInt8]
    package var availability: Timestamp
    /// When the source lets go of it.
    package var expires: Timestamp?
    package var attempts: Int
    package var nextTry: Timestamp
    package var lastError: String?
    /// The start of the coverage row that counts it.
    package var row: Timestamp?

    /// Puts it together from its parts.
    package init(
        stream: StreamKey,
        item: String,
        listed: [UInt8],
        availability: Timestamp,
        expires: Timestamp? = nil,
        attempts: Int = 0,
        nextTry: Timestamp,
        lastError: String? = nil,
        row: Timestamp? = nil
    ) {
        self.stream = stream
        self.item = item
        self.listed = listed
        self.availability = availability
        self.expires = expires
        self.attempts = attempts
        self.nextTry = nextTry
        self.lastError = lastError
        self.row = row
    }
}
