// SPDX-License-Identifier: Apache-2.0
import CCrypto

/// AES-256 in GCM mode with a random nonce per message (NIST SP 800-38D).
package struct AESGCM: Sendable {
    private let key: [UInt8]
    private static let nonceLength = 12
    private static let tagLength = 16

    /// Takes a key of 32 bytes.
    package init(key: [UInt8]) {
        precondition(key.count == 32, "AES-256 needs a key of 32 bytes")
        self.key = key
    }

    /// Nonce, ciphertext and tag in one; `aad` is bound to them without being in them.
    package func seal(_ plain: [UInt8], aad: [UInt8] = []) throws(CryptoFailure) -> [UInt8] {
        let nonce = Random.bytes(Self.nonceLength)
        guard let context = EVP_CIPHER_CTX_new() else {
            throw CryptoFailure("out of memory while encrypting")
        }
        defer { EVP_CIPHER_CTX_free(context) }
        var cipher = [UInt8](repeating: 0, count: plain.count)
        var tag = [UInt8](repeating: 0, count: Self.tagLength)
        var length: Int32 = 0
        guard EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1,
            aad.isEmpty || EVP_EncryptUpdate(context, nil, &length, aad, Int32(aad.count)) == 1,
            plain.isEmpty || EVP_EncryptUpdate(context, &cipher, &length, plain, Int32(plain.count)) == 1,
            EVP_EncryptFinal_ex(context, &tag, &length) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagLength), &tag) == 1
        else { throw CryptoFailure("libcrypto refused to encrypt") }
        return nonce + cipher + tag
    }

    /// The text that ``seal(_:aad:)`` took, once key, `aad` and every byte are proven to be the same.
    package func open(_ sealed: [UInt8], aad: [UInt8] = []) throws(CryptoFailure) -> [UInt8] {
        guard sealed.count >= Self.nonceLength + Self.tagLength else {
            throw CryptoFailure("the encrypted text is cut short")
        }
        guard let context = EVP_CIPHER_CTX_new() else {
            throw CryptoFailure("out of memory while decrypting")
        }
        defer { EVP_CIPHER_CTX_free(context) }
        let nonce = Array(sealed.prefix(Self.nonceLength))
        let cipher = Array(sealed.dropFirst(Self.nonceLength).dropLast(Self.tagLength))
        var tag = Array(sealed.suffix(Self.tagLength))
        var plain = [UInt8](repeating: 0, count: cipher.count)
        var rest = [UInt8](repeating: 0, count: Self.tagLength)
        var length: Int32 = 0
        guard EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1,
            aad.isEmpty || EVP_DecryptUpdate(context, nil, &length, aad, Int32(aad.count)) == 1,
            cipher.isEmpty || EVP_DecryptUpdate(context, &plain, &length, cipher, Int32(cipher.count)) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagLength), &tag) == 1,
            EVP_DecryptFinal_ex(context, &rest, &length) == 1
        else {
            throw CryptoFailure(
                "the encrypted text does not open with this key: wrong key, or it was changed"
            )
        }
        return plain
    }
}
