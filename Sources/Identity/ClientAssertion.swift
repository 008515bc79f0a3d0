// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Crypto
import JSON

/// Makes the signed assertion by which an app proves that it holds its certificate's key (RFC 7523).
enum ClientAssertion {
    /// The assertion's type, as a form names it.
    static let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    static func make(
        _ form: Auth.Assertion,
        certificate: Certificate,
        key: SigningKey,
        client: String,
        audience: String,
        now: Timestamp
    ) throws(IdentityFailure) -> String {
        // The thumbprint is of the raw bytes, never of their hexadecimal text.
        let isSHA256 = form.thumbprint.hasSuffix("#S256")
        let thumbprint = isSHA256 ? certificate.thumbprintSHA256 : certificate.thumbprintSHA1
        let header: Value = .object(
            Object([
                ("alg", .string(form.algorithm.rawValue)), ("typ", "JWT"),
                (form.thumbprint, .string(Base64.encodeURL(thumbprint))),
            ])
        )
        let claims: Value = [
            "aud": .string(audience), "iss": .string(client), "sub": .string(client),
            "jti": .string(Random.uuid()),
            "nbf": .int(now.seconds), "iat": .int(now.seconds), "exp": .int((now + form.lifetime).seconds),
        ]
        let signed = Base64.encodeURL(header.bytes()) + "." + Base64.encodeURL(claims.bytes())
        let algorithm: SignatureAlgorithm =
            switch form.algorithm {
            case .ps256: .ps256
            case .rs256: .rs256
            }
        do {
            return signed + "." + Base64.encodeURL(try key.sign(Array(signed.utf8), algorithm))
        } catch {
            throw IdentityFailure.signing(error.description)
        }
    }
}
