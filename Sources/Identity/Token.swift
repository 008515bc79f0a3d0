// SPDX-License-Identifier: Apache-2.0
package import Basics
package import HTTPClient

/// An access token, for one audience.
package struct Token: Sendable {
    package let value: Secret
    /// The audience it was asked for.
    package let audience: String
    package let issued: Timestamp
    /// Its end by our own clock.
    package let expires: Timestamp
    /// When it is replaced, before its end.
    package let refresh: Timestamp
    /// What it says of itself, where it can be read.
    package let claims: Claims?
    /// Tells it from the tokens before and after it.
    package let number: UInt64

    /// The header that carries it (RFC 6750).
    package var header: Header { Header("Authorization", value.reveal { "Bearer " + $0 }) }
}

/// What is sent with a request to prove who asks.
package struct Authorisation: Sendable {
    package let header: Header
    /// The token in the header, where it is one.
    package let token: Token?
}
