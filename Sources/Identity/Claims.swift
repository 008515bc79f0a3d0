// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
import Crypto
package import JSON

/// What an access token says of itself, for diagnosis only: its signature is for the API to check, not for us.
package struct Claims: Sendable, Equatable {
    package let tenant: String?
    package let audiences: [String]
    /// The permissions granted to the app itself.
    package let permissions: [String]
    /// The permissions granted on behalf of a person; an app's own token has none.
    package let delegated: [String]
    package let client: String?
    package let expires: Timestamp?
    package let issuedAt: Timestamp?
    /// Everything it says, under its own names, for the conditions of a definition.
    package let payload: Value

    /// Reads a token's payload by the definition's names; nil where the token is opaque.
    package init?(token: Secret, names: Auth.Claims) {
        let payload = token.reveal { text -> Value? in
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 3, let bytes = Base64.decode(parts[1]) else { return nil }
            return try? Value(parsing: bytes)
        }
        guard let payload, payload.objectValue != nil else { return nil }
        self.payload = payload
        let find = { (names: [String]) in names.lazy.compactMap { payload[$0] }.first }
        tenant = find(names.tenant)?.plainText
        audiences = find(names.audience).map { Self.list($0, splitting: false) } ?? []
        permissions = find(names.permissions).map { Self.list($0, splitting: true) } ?? []
        delegated = find(names.delegated).map { Self.list($0, splitting: true) } ?? []
        client = find(names.client)?.plainText
        expires = find(names.expires).flatMap(Self.time)
        // RFC 7519 §4.1.6; no issuer has been seen to call it otherwise.
        issuedAt = payload["iat"].flatMap(Self.time)
    }

    /// The claims under the names that expressions use.
    package var value: Value {
        let text = { (text: String?) -> Value in text.map { .string($0) } ?? .null }
        let list = { (texts: [String]) -> Value in .array(texts.map { .string($0) }) }
        let time = { (time: Timestamp?) -> Value in time.map { .string($0.description) } ?? .null }
        return .object(
            Object([
                ("tenant", text(tenant)), ("audience", text(audiences.first)),
                ("permissions", list(permissions)),
                ("delegated", list(delegated)), ("client", text(client)), ("expires", time(expires)),
                ("issuedAt", time(issuedAt)),
            ])
        )
    }

    /// A list that is written as an array, or as one text with spaces (RFC 8693 §4.2).
    private static func list(_ value: Value, splitting: Bool) -> [String] {
        if let values = value.arrayValue { return values.compactMap(\.plainText) }
        guard let text = value.plainText else { return [] }
        return splitting ? text.split(separator: " ").map(String.init) : [text]
    }

    private static func time(_ value: Value) -> Timestamp? {
        guard let text = value.plainText, let seconds = Double(text), abs(seconds) < 9_000_000_000 else {
            return nil
        }
        return Timestamp(seconds: Int64(seconds))
    }
}
