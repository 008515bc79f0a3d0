// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
package import Identity
package import Source
package import Status

/// The connection that is tested, whether it is kept already or only about to be.
package struct ProbeSubject: Sendable {
    /// When the credential ends, as far as it is known.
    package struct Expiry: Sendable, Equatable {
        package var kind: String
        package var at: Timestamp?
        /// Whether a person said so, rather than the credential itself.
        package var isDeclared: Bool

        /// Puts it together from its parts.
        package init(kind: String, at: Timestamp? = nil, isDeclared: Bool = false) {
            self.kind = kind
            self.at = at
            self.isDeclared = isDeclared
        }
    }

    package var key: ConnectionKey
    /// The chosen streams, in the definition's order, without derived ones: these ask nobody.
    package var streams: [StreamDefinition]
    /// The fields of the form that are no secrets.
    package var entered: [String: String]
    package var expiry: Expiry?
    /// What the connection proves itself with; looked at, never sent or shown by the test itself.
    package var credential: Credential?
    /// Why the credential cannot be had.
    package var credentialTrouble: String?
    package var session: Session
    /// Opens the session anew with fields that were found out on the way; `nil` keeps the one there is.
    package var reopen: (@Sendable ([String: String]) throws -> Session)?

    /// Puts it together from its parts.
    package init(
        key: ConnectionKey,
        streams: [StreamDefinition],
        entered: [String: String],
        expiry: Expiry? = nil,
        credential: Credential? = nil,
        credentialTrouble: String? = nil,
        session: Session,
        reopen: (@Sendable ([String: String]) throws -> Session)? = nil
    ) {
        self.key = key
        self.streams = streams.filter { !$0.isDerived }
        self.entered = entered
        self.expiry = expiry
        self.credential = credential
        self.credentialTrouble = credentialTrouble
        self.session = session
        self.reopen = reopen
    }
}
