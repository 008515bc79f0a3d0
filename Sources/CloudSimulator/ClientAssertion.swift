// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto
import JSON

/// A signed statement by which a client proves who it is.
struct ClientAssertion: Sendable {
    let header: Value
    let claims: Value
    let signature: [UInt8]
    let signed: [UInt8]

    /// Takes a compact JWS apart; `nil` if it is none.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64.decode(parts[0]).flatMap({ try? Value(parsing: $0) }),
            let claims = Base64.decode(parts[1]).flatMap({ try? Value(parsing: $0) }),
            let signature = Base64.decode(parts[2]), header.objectValue != nil, claims.objectValue != nil
        else { return nil }
        self.header = header
        self.claims = claims
        self.signature = signature
        signed = Array((parts[0] + "." + parts[1]).utf8)
    }

    var issuer: String { claims["iss"]?.stringValue ?? "" }
    var subject: String { claims["sub"]?.stringValue ?? "" }
    var audiences: [String] {
        claims["aud"]?.stringValue.map { [$0] } ?? claims["aud"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }
    var notBefore: Timestamp? { claims["nbf"]?.int64.map { Timestamp(seconds: $0) } }
    var expires: Timestamp? { claims["exp"]?.int64.map { Timestamp(seconds: $0) } }

    /// The thumbprint of the key by its header, SHA-256 before SHA-1.
    var thumbprint: [UInt8]? {
        let text = header["x5t#S256"]?.stringValue ?? header["x5t"]?.stringValue
        return text.flatMap { Base64.decode($0) }
    }

    /// Whether it holds at `now`, five minutes of difference between clocks allowed.
    func isValid(at now: Timestamp) -> Bool {
        guard let expires, expires > now - .minutes(5) else { return false }
        return notBefore.map { $0 <= now + .minutes(5) } ?? true
    }
}

extension Scenario.ClientCertificate {
    /// The certificate, if it is known and can be read.
    var certificate: Certificate? {
        guard case .pem(let text) = self else { return nil }
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmed }
        guard let first = lines.firstIndex(of: "-----BEGIN CERTIFICATE-----"),
            let last = lines[first...].firstIndex(of: "-----END CERTIFICATE-----"),
            let bytes = Base64.decode(lines[(first + 1)..<last].joined())
        else { return nil }
        return try? Certificate(der: bytes)
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
