// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

/// How a connection proves who it is.
package struct Auth: Sendable, Equatable {
    /// The ways there are.
    package enum Kind: String, Sendable, CaseIterable {
        /// A token by the client credentials grant of OAuth 2.0.
        case clientCredentials = "oauth2-client-credentials"
        /// A header that carries a key.
        case header
        /// A name and a password, by HTTP's basic scheme.
        case basic
    }

    /// The kinds of credential, by which a registration is set up.
    package enum Credential: String, Sendable, CaseIterable {
        /// A certificate whose key signs an assertion.
        case certificate
        /// A client secret or key.
        case secret
        /// An assertion that somebody else wrote into a file.
        case federated
    }

    /// The signature algorithms for assertions.
    package enum Algorithm: String, Sendable, CaseIterable {
        case ps256 = "PS256"
        case rs256 = "RS256"
    }

    /// The assertion that a certificate signs (RFC 7523).
    package struct Assertion: Sendable, Equatable {
        /// Its signature algorithm.
        package let algorithm: Algorithm
        /// The header under which the certificate's thumbprint goes, `x5t#S256` or `x5t`.
        package let thumbprint: String
        /// How long it is valid.
        package let lifetime: Duration
    }

    /// The names under which an access token says what it is, each in the order looked for.
    package struct Claims: Sendable, Equatable {
        package let tenant: [String]
        package let audience: [String]
        package let permissions: [String]
        package let delegated: [String]
        package let client: [String]
        package let expires: [String]
    }

    /// The header that carries a key.
    package struct Header: Sendable, Equatable {
        /// Its name.
        package let name: String
        /// What stands before the value, such as `SSWS `.
        package let scheme: String
        /// Its value, secrets allowed.
        package let value: Template
    }

    /// The way.
    package let kind: Kind
    /// The kinds of credential accepted, the best first.
    package let credentials: [Credential]
    /// The request for a token; the host adds the fields of the credential itself (RFC 6749, RFC 7523).
    package let token: RequestTemplate?
    /// The error codes of a token request on which the service's next audience is tried.
    package let nextAudienceOn: [String]
    /// The assertion that a certificate signs.
    package let assertion: Assertion?
    /// How long before its end a token is replaced.
    package let refreshBefore: Duration
    /// Where a token says what it is, when its content can be read at all.
    package let claims: Claims?
    /// The header, for the kind `header`.
    package let header: Header?
    /// The user's name, for the kind `basic`.
    package let user: Template?
    /// The password, for the kind `basic`.
    package let password: Template?
}

extension Auth {
    init(_ node: Node) {
        var fields = Fields(node)
        kind = fields.required("kind")?.choice(Kind.self) ?? .clientCredentials
        credentials = fields.required("credential")?.list(atLeast: 1) { $0.choice(Credential.self) } ?? []
        switch kind {
        case .clientCredentials:
            token = fields.required("token").map { RequestTemplate($0, .token) }
            nextAudienceOn = fields.texts("nextAudienceOn")
            assertion = fields.optional("assertion").map { Assertion($0) }
            claims = fields.optional("claims").map { Claims($0) }
            (header, user, password) = (nil, nil, nil)
        case .header:
            header = fields.required("header").map { Header($0) }
            nextAudienceOn = []
            (token, assertion, claims, user, password) = (nil, nil, nil, nil, nil)
        case .basic:
            user = fields.required("user")?.template(.token)
            password = fields.required("password")?.template(.token)
            nextAudienceOn = []
            (token, assertion, claims, header) = (nil, nil, nil, nil)
        }
        refreshBefore = fields.span("refreshBefore", else: .minutes(5))
        fields.end()
        if kind == .clientCredentials, credentials.contains(.certificate), assertion == nil {
            node.note(
                .missingKey,
                "takes a certificate without an \"assertion\".",
                fix: "Say its algorithm, thumbprint and lifetime."
            )
        }
    }
}

extension Auth.Assertion {
    init(_ node: Node) {
        var fields = Fields(node)
        algorithm = fields.required("algorithm")?.choice(Auth.Algorithm.self) ?? .ps256
        thumbprint = fields.text("thumbprint")
        lifetime = fields.required("lifetime")?.span(atLeast: .minutes(1), atMost: .hours(1)) ?? .minutes(10)
        fields.end()
        if !["x5t", "x5t#S256"].contains(thumbprint) {
            node.note(
                .value,
                "has a thumbprint header that is not known.",
                fix: "Write \"x5t#S256\" or \"x5t\"."
            )
        }
    }
}

extension Auth.Claims {
    /// Reads the names under which a token says what it is.
    package init(_ node: Node) {
        var fields = Fields(node)
        tenant = fields.texts("tenant")
        audience = fields.texts("audience")
        permissions = fields.texts("permissions")
        delegated = fields.texts("delegated")
        client = fields.texts("client")
        expires = fields.texts("expires")
        fields.end()
    }
}

extension Auth.Header {
    init(_ node: Node) {
        var fields = Fields(node)
        name = fields.text("name")
        scheme = fields.optional("scheme")?.value.stringValue ?? ""
        value = fields.required("value")?.template(.token) ?? Template(literal: "")
        fields.end()
    }
}
