// SPDX-License-Identifier: Apache-2.0
package import Basics
import CCrypto

/// An X.509 certificate, its public half only.
package struct Certificate: Sendable, Equatable {
    /// The certificate's DER bytes, from which thumbprints are taken.
    package let der: [UInt8]
    /// The subject as `CN=…,O=…`.
    package let subject: String
    package let notBefore: Timestamp
    package let notAfter: Timestamp
    let publicKey: KeyHandle

    /// Reads a certificate's DER bytes.
    package init(der: [UInt8]) throws(CryptoFailure) {
        guard let x509 = Self.decoded(der) else {
            ERR_clear_error()
            throw CryptoFailure("this is no certificate: its inner form cannot be read")
        }
        defer { X509_free(x509) }
        guard let key = X509_get_pubkey(x509), let from = Self.time(X509_get0_notBefore(x509)),
            let to = Self.time(X509_get0_notAfter(x509))
        else {
            ERR_clear_error()
            throw CryptoFailure("the certificate has no readable key or validity")
        }
        self.der = der
        publicKey = KeyHandle(owning: key)
        notBefore = from
        notAfter = to
        let name = Memory()
        X509_NAME_print_ex(name.bio, X509_get_subject_name(x509), 0, hg_name_flags())
        subject = name.text
    }

    /// SHA-1 of the DER bytes, 20 bytes: what portals show as thumbprint.
    package var thumbprintSHA1: [UInt8] { Digest.sha1(der) }
    /// SHA-256 of the DER bytes, 32 bytes.
    package var thumbprintSHA256: [UInt8] { Digest.sha256(der) }
    /// ``thumbprintSHA1`` as 40 hexadecimal digits in capitals, as portals and sign-in errors write it.
    package var thumbprintSHA1Text: String { Hex.encode(thumbprintSHA1).uppercased() }
    /// ``thumbprintSHA256`` as 64 hexadecimal digits in capitals.
    package var thumbprintSHA256Text: String { Hex.encode(thumbprintSHA256).uppercased() }

    /// The certificate as PEM, for uploading it.
    package var publicPEM: String { PEM.encoded(der, label: "CERTIFICATE") }
    /// The DER bytes as base64 in one line, as directories take them in a request.
    package var base64DER: String { Base64.encode(der) }

    /// The public key's length in bits; zero where it is not RSA.
    package var rsaBits: Int { publicKey.rsaBits }

    /// Whether `signature` over `bytes` was made with the key of this certificate.
    package func verifies(_ signature: [UInt8], of bytes: [UInt8], _ algorithm: SignatureAlgorithm) -> Bool {
        algorithm.verify(signature, of: bytes, with: publicKey)
    }

    package static func == (left: Certificate, right: Certificate) -> Bool { left.der == right.der }

    private static func decoded(_ der: [UInt8]) -> OpaquePointer? {
        der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            guard let x509 = d2i_X509(nil, &start, buffer.count) else { return nil }
            // Bytes behind the certificate would make another thumbprint than the portal's.
            guard start == buffer.baseAddress.map({ $0 + buffer.count }) else {
                X509_free(x509)
                return nil
            }
            return x509
        }
    }

    private static func time(_ time: UnsafePointer<ASN1_TIME>?) -> Timestamp? {
        let epoch = ASN1_TIME_set(nil, 0)
        defer { ASN1_TIME_free(epoch) }
        var (days, seconds): (Int32, Int32) = (0, 0)
        guard let time, ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
        // Certificates "without end" name the year 9999, beyond what an instant holds.
        let total = min(Int64(days) * 86_400 + Int64(seconds), 9_000_000_000)
        return Timestamp(seconds: max(total, -9_000_000_000))
    }
}
