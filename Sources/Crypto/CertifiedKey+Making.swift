// SPDX-License-Identifier: Apache-2.0
package import Basics
import CCrypto

extension CertifiedKey {
    /// Makes a fresh RSA key and a certificate signed with itself, for an app registration to trust.
    ///
    /// Signed with SHA-256; it may sign and prove a client, and nothing else (RFC 5280 §4.2.1). It counts from an hour
    /// before `now`, so that a service whose clock is behind takes it at once, and ends `validity` after it.
    /// Making 3072 bits takes a few tenths of a second.
    ///
    /// - Parameters:
    ///   - commonName: What portals show as its subject, 1 to 64 characters.
    ///   - validity: At least an hour, at most ten years.
    ///   - now: The present instant.
    ///   - bits: The key's length, 2048 to 4096.
    /// - Returns: The certificate with its key.
    /// - Throws: ``CryptoFailure`` for a value out of these bounds.
    package static func make(
        commonName: String,
        validFor validity: Duration,
        now: Timestamp,
        bits: Int = 3_072
    ) throws(CryptoFailure) -> CertifiedKey {
        guard validity >= .hours(1), validity <= .days(3_653) else {
            throw CryptoFailure("a certificate is made for an hour to ten years: choose another time for it")
        }
        guard (2_048...4_096).contains(bits) else {
            throw CryptoFailure(
                "a key of \(bits) bits is not made: at least 2048 are needed and at most 4096 are of use"
            )
        }
        guard let key = hg_rsa_generate(UInt32(bits)) else {
            throw refusal("libcrypto could not make a key of \(bits) bits")
        }
        let handle = KeyHandle(owning: key)
        guard let x509 = X509_new() else { throw refusal("out of memory while making a certificate") }
        defer { X509_free(x509) }
        guard X509_set_version(x509, 2) == 1, setSerial(of: x509),
            ASN1_TIME_set(X509_getm_notBefore(x509), time_t((now - .hours(1)).seconds)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(x509), time_t((now + validity).seconds)) != nil,
            X509_set_pubkey(x509, key) == 1
        else { throw refusal("libcrypto could not put the certificate together") }
        guard setName(of: x509, commonName) else {
            throw refusal("the certificate's name must have 1 to 64 characters and no control character")
        }
        guard addExtensions(to: x509), X509_sign(x509, key, EVP_sha256()) > 0 else {
            throw refusal("libcrypto could not sign the certificate")
        }
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509(x509, &bytes)
        guard count > 0, let bytes else { throw refusal("libcrypto could not write the certificate") }
        defer { CRYPTO_free(bytes, nil, 0) }
        let certificate = try Certificate(der: Array(UnsafeBufferPointer(start: bytes, count: Int(count))))
        return CertifiedKey(certificate: certificate, key: try SigningKey(handle))
    }

    /// Libcrypto's own words stay in its queue otherwise, and would be taken for those of a later step.
    private static func refusal(_ words: String) -> CryptoFailure {
        ERR_clear_error()
        return CryptoFailure(words)
    }

    /// A random number of 128 bits, so that no two certificates of one issuer share it.
    private static func setSerial(of x509: OpaquePointer) -> Bool {
        let serial = Random.bytes(16)
        guard let number = BN_bin2bn(serial, Int32(serial.count), nil) else { return false }
        defer { BN_free(number) }
        return BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) != nil
    }

    private static func setName(of x509: OpaquePointer, _ commonName: String) -> Bool {
        let bytes = Array(commonName.utf8)
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else { return false }
        let name = X509_get_subject_name(x509)
        return X509_NAME_add_entry_by_txt(name, "CN", hg_utf8_string(), bytes, Int32(bytes.count), -1, 0) == 1
            && X509_set_issuer_name(x509, name) == 1
    }

    /// Signs nothing but texts, stands for clients only, and is nobody's issuer.
    private static func addExtensions(to x509: OpaquePointer) -> Bool {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, x509, x509, nil, nil, 0)
        let extensions: [(id: Int32, value: String)] = [
            (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature"),
            (NID_ext_key_usage, "clientAuth"), (NID_subject_key_identifier, "hash"),
        ]
        return extensions.allSatisfy { id, value in
            guard let made = X509V3_EXT_nconf_nid(nil, &context, id, value) else { return false }
            defer { X509_EXTENSION_free(made) }
            return X509_add_ext(x509, made, -1) == 1
        }
    }
}
