// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Crypto

/// What an app proves itself with.
package enum Credential: Sendable {
    /// A client secret, or the key or password of a service without tokens.
    case secret(Secret)
    /// A certificate whose private key signs an assertion.
    case certificate(Certificate, SigningKey)
    /// A file into which somebody else keeps writing a fresh assertion; read at each request.
    case federatedFile(String)

    /// The certificate and key of a pair.
    package static func certificate(_ pair: CertifiedKey) -> Credential {
        .certificate(pair.certificate, pair.key)
    }
}
