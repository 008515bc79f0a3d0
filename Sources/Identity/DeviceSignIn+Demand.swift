// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
package import HTTPClient

extension DeviceSignIn {
    /// Everything that a person's sign-in is asked for with.
    ///
    /// Both requests go to one and the same segment of the tenant, since providers know a code only where it was asked
    /// for.
    package struct Demand: Sendable {
        /// What the token is for, as people and proofs name it.
        package let audience: String
        /// The scopes asked for.
        package let scopes: [String]
        /// The errors by which the provider says that the person declined.
        package let declinedErrors: Set<String>
        /// Where the token says what it is, when its content can be read at all.
        package let claims: Auth.Claims?
        /// The request for a code.
        package let codeRequest: Request
        private let tokenURL: String
        private let client: String
        private let timeLimit: Duration

        /// The grant's own name (RFC 8628 §3.4).
        private static let grant = "urn:ietf:params:oauth:grant-type:device_code"
        /// Answers are a few KiB.
        private static let bodyLimit = 1 << 20

        /// Demands a sign-in.
        ///
        /// - Parameters:
        ///   - base: The base of the service that gives tokens.
        ///   - tenant: The segment between `base` and both paths; `nil` where the provider has none.
        ///   - codePath: The path of the request for a code, from its first slash on.
        ///   - tokenPath: The path of the request for a token, from its first slash on.
        ///   - client: The id of the public client that asks.
        ///   - scopes: The scopes asked for.
        ///   - audience: What the token is for.
        ///   - claims: Where the token says what it is.
        ///   - declinedErrors: Errors besides the standard's own that mean that the person declined.
        ///   - timeLimit: The time limit of each request.
        /// - Throws: ``IdentityFailure/request(_:)`` where they make no address.
        package init(
            base: BaseURL,
            tenant: String?,
            codePath: String,
            tokenPath: String,
            client: String,
            scopes: [String],
            audience: String,
            claims: Auth.Claims? = nil,
            declinedErrors: Set<String> = [],
            timeLimit: Duration = .seconds(30)
        ) throws(IdentityFailure) {
            var root = base.text
            if let tenant {
                guard let segment = PercentEncoding.segment(tenant) else {
                    throw .request("the tenant is no part of an address")
                }
                root += "/" + segment
            }
            for path in [codePath, tokenPath] {
                let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
                guard path.hasPrefix("/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }),
                    !path.contains("?"), !path.contains("#"), !parts.contains(".."), !parts.contains("."),
                    URLParts(root + path) != nil
                else { throw .request("the path \(path) makes no address; start it with /") }
            }
            guard !client.isEmpty, !scopes.isEmpty else {
                throw .request("it names no client or no scope")
            }
            self.audience = audience
            self.scopes = scopes
            self.declinedErrors = declinedErrors.union(["access_denied"])
            self.claims = claims
            self.client = client
            self.timeLimit = timeLimit
            tokenURL = root + tokenPath
            let fields = [("client_id", client), ("scope", scopes.joined(separator: " "))]
            codeRequest = try Self.request(root + codePath, fields, timeLimit)
        }

        /// The request for the token that belongs to the code `device`.
        package func tokenRequest(_ device: Secret) throws(IdentityFailure) -> Request {
            let fields = [
                ("grant_type", Self.grant), ("client_id", client), ("device_code", device.reveal { $0 }),
            ]
            return try Self.request(tokenURL, fields, timeLimit)
        }

        private static func request(
            _ url: String,
            _ fields: [(name: String, value: String)],
            _ timeLimit: Duration
        ) throws(IdentityFailure) -> Request {
            var pairs: [String] = []
            for field in fields {
                guard let value = PercentEncoding.form(field.value) else {
                    throw .request("the field \(field.name) holds a control character")
                }
                pairs.append(field.name + "=" + value)
            }
            return Request(
                method: "POST",
                url: url,
                headers: [
                    Header("Accept", "application/json"),
                    Header("Content-Type", "application/x-www-form-urlencoded"),
                ],
                body: Array(pairs.joined(separator: "&").utf8),
                timeLimit: timeLimit,
                bodyLimit: bodyLimit
            )
        }
    }
}
