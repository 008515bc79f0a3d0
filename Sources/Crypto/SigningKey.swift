// SPDX-License-Identifier: Apache-2.0
import CCrypto

/// An RSA private key of at least 2048 bits; has no description of its value.
package struct SigningKey: Sendable, CustomStringConvertible {
    let handle: KeyHandle

    init(_ handle: KeyHandle) throws(CryptoFailure) {
        let bits = handle.rsaBits
        guard bits > 0 else {
            throw CryptoFailure(
                "the private key is not an RSA key: make a certificate with an RSA key of 2048 bits or more"
            )
        }
        guard bits >= 2_048 else {
            throw CryptoFailure(
                "the private key has \(bits) bits, at least 2048 are needed: make a new certificate"
            )
        }
        self.handle = handle
    }

    package var description: String { "‹private key›" }

    /// The signature over `bytes`.
    package func sign(_ bytes: [UInt8], _ algorithm: SignatureAlgorithm) throws(CryptoFailure) -> [UInt8] {
        guard let signature = algorithm.sign(bytes, with: handle) else {
            ERR_clear_error()
            throw CryptoFailure("libcrypto refused to sign with this private key")
        }
        return signature
    }

    /// The key as unencrypted PKCS #8 PEM; for the vault only.
    var pem: String {
        let memory = Memory()
        PEM_write_bio_PKCS8PrivateKey(memory.bio, handle.pointer, nil, nil, 0, nil, nil)
        return memory.text
    }
}
