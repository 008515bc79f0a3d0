// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto
import JSON

/// The tokens that the simulated cloud issues: shaped as the real ones, and told apart from forged ones by an HMAC.
struct AccessToken: Sendable {
    let audience: String
    let tenant: String
    let app: String
    /// What an application may do by itself.
    var roles: [String] = []
    /// What a client may do for the person who signed in.
    var scopes: [String] = []
    /// The person who signed in; `nil` where an application acts by itself.
    var person: Person?
    let issued: Timestamp
    let expires: Timestamp
    /// `0` for a public client, `1` for a secret, `2` for an assertion.
    let kind: String

    /// The token as text; `principal` is the application's object in the tenant.
    func text(key: [UInt8], id: String, principal: String) -> String {
        let issuer = "https://sts.windows.net/\(tenant)/"
        let subject = person?.id ?? principal
        var claims = Object([
            ("aud", .string(audience)), ("iss", .string(issuer)), ("iat", .int(issued.seconds)),
            ("nbf", .int(issued.seconds)), ("exp", .int(expires.seconds)), ("appid", .string(app)),
            ("appidacr", .string(kind)), ("idp", .string(issuer)),
            ("idtyp", .string(person == nil ? "app" : "user")), ("oid", .string(subject)),
        ])
        // Where no role was granted the claim is missing, not empty.
        if !roles.isEmpty { claims["roles"] = .array(roles.map { .string($0) }) }
        if let person {
            claims["scp"] = .string(scopes.joined(separator: " "))
            claims["name"] = .string(person.name)
            claims["upn"] = .string(person.user)
            claims["unique_name"] = .string(person.user)
        }
        claims["sub"] = .string(subject)
        claims["tid"] = .string(tenant)
        claims["uti"] = .string(id)
        claims["ver"] = "1.0"
        return Self.signed(claims, key: key)
    }

    /// Claims as a token.
    static func signed(_ claims: Object, key: [UInt8]) -> String {
        let header: Value = ["typ": "JWT", "alg": "RS256", "x5t": "c2ltdWxhdGVk", "kid": "c2ltdWxhdGVk"]
        let parts = [header, .object(claims)].map { Base64.encodeURL($0.bytes()) }
        let signed = parts.joined(separator: ".")
        return signed + "." + Base64.encodeURL(Digest.hmacSHA256(key: key, Array(signed.utf8)))
    }
}

extension AccessToken {
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
        if let scopes = claims["scp"]?.stringValue, let id = claims["oid"]?.stringValue {
            self.scopes = scopes.split(separator: " ").map(String.init)
            person = Person(
                id: id,
                user: claims["upn"]?.stringValue ?? "",
                name: claims["name"]?.stringValue ?? ""
            )
        }
        self.issued = Timestamp(seconds: issued)
        self.expires = Timestamp(seconds: expires)
        kind = claims["appidacr"]?.stringValue ?? "1"
    }
}
