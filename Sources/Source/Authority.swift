// SPDX-License-Identifier: Apache-2.0
package import Connectors
package import HTTPClient
package import Identity
package import JSON

/// Gives requests what proves who asks; one for each connection's registration and tenant.
package protocol Authority: Sendable {
    /// The proof for a service that takes tokens of one of `audiences`, tried in order.
    ///
    /// Where `refused` is still the current proof it is replaced; where somebody else replaced it meanwhile, the
    /// newer one is given without asking. Throws ``NoProof``, or `CancellationError`.
    func proof(for audiences: [String], refused: Proof?) async throws -> Proof
}

/// What proves who asks: headers that go to one service only.
package struct Proof: Sendable {
    /// The headers to send; never logged.
    package let headers: [Header]
    /// Which token or key it is, told apart without showing it.
    package let id: String
    /// What the token says, for words to people; `nil` where it cannot be read.
    package let claims: Value?
    /// The token in the headers, where there is one.
    package let token: Token?
    /// Whether another one can be had where this is refused; a key cannot be made anew by asking.
    package let isRenewable: Bool

    /// Creates a proof from all its parts.
    package init(
        headers: [Header],
        id: String,
        claims: Value? = nil,
        token: Token? = nil,
        isRenewable: Bool = true
    ) {
        self.isRenewable = isRenewable
        self.headers = headers
        self.id = id
        self.claims = claims
        self.token = token
    }
}

/// No proof could be had: what the identity provider answered.
package struct NoProof: Error, Sendable, CustomStringConvertible {
    /// The provider's answer, for the error rules.
    package let answer: Connectors.Answer
    /// The provider's answer as it came; `nil` where none did.
    package let response: Response?

    /// Only `answer` came.
    package init(_ answer: Connectors.Answer, response: Response? = nil) {
        self.answer = answer
        self.response = response
    }

    package var description: String { "no token could be had" }
}
