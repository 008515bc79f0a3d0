// SPDX-License-Identifier: Apache-2.0
package import Basics
import CCrypto

extension CertifiedKey {
    /// Makes a key and a certificate signed with itself, valid from `start`; `subject` is its common name.
    package static func selfSigned(
        subject: String,
        days: Int,
        from start: Timestamp = SystemTime().now,
        bits: Int = 2_048
    ) throws(CryptoFailure) -> CertifiedKey {
        guard let pointer = hg_rsa_generate(UInt32(bits)), let x509 = X509_new() else {
            throw CryptoFailure("libcrypto could not make a key of \(bits) bits")
        }
        let handle = KeyHandle(owning: pointer)
        defer { X509_free(x509) }
        X509_set_version(x509, 2)
        // Positive and at most 20 bytes (RFC 5280 §4.1.2.2).
        var serial = Random.bytes(16)
        serial[0] = serial[0] & 0x7f | 0x40
        let number = BN_bin2bn(serial, Int32(serial.count), nil)
        BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509))
        BN_free(number)
        ASN1_TIME_set(X509_getm_notBefore(x509), time_t(start.seconds))
        ASN1_TIME_set(X509_getm_notAfter(x509), time_t((start + .days(days)).seconds))
        X509_set_pubkey(x509, pointer)
        let name = X509_get_subject_name(x509)
        let added = X509_NAME_add_entry_by_txt(
            name,
            "CN",
            hg_utf8_string(),
            Array(subject.utf8),
            Int32(clamping: subject.utf8.count),
            -1,
            0
        )
        X509_set_issuer_name(x509, name)
        guard added == 1, X509_sign(x509, pointer, EVP_sha256()) > 0 else {
            ERR_clear_error()
            throw CryptoFailure("libcrypto refused the certificate: the subject must have 1 to 64 characters")
        }
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509(x509, &bytes)
        guard count > 0, let bytes else { throw CryptoFailure("libcrypto could not write the certificate") }
        defer { CRYPTO_free(bytes, nil, 0) }
        let certificate = try Certificate(der: Array(UnsafeBufferPointer(start: bytes, count: Int(count))))
        return CertifiedKey(certificate: certificate, key: try SigningKey(handle))
    }
}
