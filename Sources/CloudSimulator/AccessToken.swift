// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto
import JSON

/// The tokens that the simulated cloud issues: shaped as the real ones, and told apart from forged ones by an HMAC.
struct AccessToken: Sendable {
    let audience: String
    let tenant: String
    let app: String
    let roles: [String]
    let issued: Timestamp
    let expires: Timestamp
    /// `1` for a secret, `2` for an assertion.
    let kind: String

    /// The token as text.
    func text(key: [UInt8], id: String, principal: String) -> String {
        let header: Value = ["typ": "JWT", "alg": "RS256", "x5t": "c2ltdWxhdGVk", "kid": "c2ltdWxhdGVk"]
        let issuer = "https://sts.windows.net/\(tenant)/"
        var claims = Object([
            ("aud", .string(audience)), ("iss", .string(issuer)), ("iat", .int(issued.seconds)),
            ("nbf", .int(issued.seconds)), ("exp", .int(expires.seconds)), ("appid", .string(app)),
            ("appidacr", .string(kind)), ("idp", .string(issuer)), ("idtyp", "app"),
            ("oid", .string(principal)),
        ])
        // Where no role was granted the claim is missing, not empty.
        if !roles.isEmpty { claims["roles"] = .array(roles.map { .string($0) }) }
        claims["sub"] = .string(principal)
        claims["tid"] = .string(tenant)
        claims["uti"] = .string(id)
        claims["ver"] = "1.0"
        let parts = [header, .object(claims)].map { Base64.encodeURL($0.bytes()) }
        let signed = parts.joined(separator: ".")
        return signed + "." + Base64.encodeURL(Digest.hmacSHA256(key: key, Array(signed.utf8)))
    }

    /// Reads a token that this cloud issued; `nil` for any other text.
    init?(_ text: String, key: [UInt8]) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = Base64.decode(parts[2]),
            constantTimeEqual(
                signature,
                Digest.hmacSHA256(key: key, Array((parts[0] + "." + parts[1]).utf8))
            ),
            let bytes = Base64.decode(parts[1]), let claims = try? Value(parsing: bytes),
            let audience = claims["aud"]?.stringValue, let tenant = claims["tid"]?.stringValue,
            let app = claims["appid"]?.stringValue, let issued = claims["iat"]?.int64,
            let expires = claims["exp"]?.int64
        else { return nil }
        self.audience = audience
        self.tenant = tenant
        self.app = app
        roles = claims["roles"]?.arrayValue?.compactMap(\.stringValue) ?? []
        self.issued = Timestamp(seconds: issued)
        self.expires = Timestamp(seconds: expires)
        kind = claims["appidacr"]?.stringValue ?? "1"
    }

    init(
        audience: String,
        tenant: String,
        app: String,
        roles: [String],
        issued: Timestamp,
        expires: Timestamp,
        kind: String
    ) {
        self.audience = audience
        self.tenant = tenant
        self.app = app
        self.roles = roles
        self.issued = issued
        self.expires = expires
        self.kind = kind
    }
}
