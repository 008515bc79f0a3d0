// SPDX-License-Identifier: Apache-2.0
import CCrypto

/// The RSA signatures of JSON Web Tokens (RFC 7518), by their names there.
package enum SignatureAlgorithm: String, Sendable, CaseIterable {
    /// RSA-PSS with SHA-256 and a salt of 32 bytes.
    case ps256 = "PS256"
    /// RSA PKCS #1 v1.5 with SHA-256.
    case rs256 = "RS256"

    func sign(_ bytes: [UInt8], with key: KeyHandle) -> [UInt8]? {
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        var keyContext: OpaquePointer?
        var length = 0
        guard EVP_DigestSignInit(context, &keyContext, EVP_sha256(), nil, key.pointer) == 1,
            prepare(keyContext),
            EVP_DigestSign(context, nil, &length, bytes, bytes.count) == 1
        else { return nil }
        var signature = [UInt8](repeating: 0, count: length)
        guard EVP_DigestSign(context, &signature, &length, bytes, bytes.count) == 1 else { return nil }
        return Array(signature.prefix(length))
    }

    func verify(_ signature: [UInt8], of bytes: [UInt8], with key: KeyHandle) -> Bool {
        guard let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        var keyContext: OpaquePointer?
        return EVP_DigestVerifyInit(context, &keyContext, EVP_sha256(), nil, key.pointer) == 1
            && prepare(keyContext)
            && EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
    }

    private func prepare(_ context: OpaquePointer?) -> Bool {
        switch self {
        case .rs256: EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
        case .ps256:
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
                && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, 32) == 1
        }
    }
}
