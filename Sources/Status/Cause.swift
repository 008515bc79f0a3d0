// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors

/// Why a stream does not collect: the class that decides its state, and the words and remedy for a person.
package struct Cause: Sendable, Equatable {
    package var faultClass: FaultClass
    package var code: String?
    package var message: String
    /// The time of the first answer of this class in the present run of failures.
    package var since: Timestamp
    /// Whether the class may decide a state; an `auth` answer needs a second one with a fresh token.
    package var confirmed: Bool
    package var remedy: Remedy?

    /// Puts it together from its parts.
    package init(
        faultClass: FaultClass,
        code: String? = nil,
        message: String,
        since: Timestamp,
        confirmed: Bool = true,
        remedy: Remedy? = nil
    ) {
        self.faultClass = faultClass
        self.code = code
        self.message = message
        self.since = since
        self.confirmed = confirmed
        self.remedy = remedy
    }

    /// Whether it blocks: a person must act, and the answer is beyond doubt.
    package var blocks: Bool { confirmed && faultClass.isBlocking }
}

extension Cause {
    /// The cause of a stream whose definition may not be used; `since` is when it was last collected.
    package init(refused failure: ConnectorFailure, since: Timestamp) {
        let sentence = failure.description
        self.init(
            faultClass: .config,
            code: "definition",
            message: sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence,
            since: since,
            remedy: failure.remedy
        )
    }
}
