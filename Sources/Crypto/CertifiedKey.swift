// SPDX-License-Identifier: Apache-2.0
package import Basics
import CCrypto

/// A certificate with the private key that belongs to it, as an app registration's credential needs them.
package struct CertifiedKey: Sendable {
    package let certificate: Certificate
    package let key: SigningKey

    /// Reads a file of either kind, told apart by its first bytes.
    package init(file: [UInt8], passphrase: Secret? = nil) throws(CryptoFailure) {
        let start = file.drop { [0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf].contains($0) }
        // A .pfx is one DER sequence; text never starts so.
        self = start.first == 0x30 ? try Self(pfx: file, passphrase: passphrase) : try Self(pem: file)
    }

    /// Reads a PEM file that holds a certificate and its unencrypted key, in any order.
    ///
    /// Of several certificates, such as a chain, the one that belongs to the key is taken.
    package init(pem file: [UInt8]) throws(CryptoFailure) {
        let blocks = PEM.blocks(of: file)
        guard !blocks.isEmpty else {
            throw CryptoFailure(
                "the file holds neither a certificate nor a key: expected PEM text with BEGIN CERTIFICATE and "
                    + "BEGIN PRIVATE KEY, or a .pfx file"
            )
        }
        var certificates: [Certificate] = []
        var keys: [KeyHandle] = []
        for block in blocks {
            switch block.label {
            case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE":
                certificates.append(try Certificate(der: block.bytes))
            case "ENCRYPTED PRIVATE KEY":
                throw Self.encrypted
            case "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY":
                guard block.header.isEmpty else { throw Self.encrypted }
                keys.append(try Self.privateKey(block.bytes))
            default: continue
            }
        }
        guard let key = keys.first else {
            throw CryptoFailure(
                "the file holds a certificate but no private key: add the key's PRIVATE KEY block to the file, or use "
                    + "the .pfx file that holds both"
            )
        }
        guard keys.count == 1 else {
            throw CryptoFailure("the file holds \(keys.count) private keys: leave one")
        }
        guard !certificates.isEmpty else {
            throw CryptoFailure(
                "the file holds a private key but no certificate: add its CERTIFICATE block to the file"
            )
        }
        guard let own = certificates.first(where: { EVP_PKEY_eq($0.publicKey.pointer, key.pointer) == 1 })
        else {
            ERR_clear_error()
            throw CryptoFailure(
                "the private key does not belong to the certificate in the file: pair the right two"
            )
        }
        certificate = own
        self.key = try SigningKey(key)
    }

    /// Reads a PKCS #12 file (.pfx, .p12).
    package init(pfx file: [UInt8], passphrase: Secret? = nil) throws(CryptoFailure) {
        let opened = PKCS12File.open(file, passphrase: passphrase)
        switch opened {
        case .notPKCS12:
            throw CryptoFailure("the file is no .pfx file: its inner form cannot be read")
        case .wrongPassphrase:
            throw CryptoFailure(
                passphrase == nil
                    ? "the .pfx file is protected: give its passphrase with --passphrase-file"
                    : "the passphrase does not open the .pfx file"
            )
        case .unreadable:
            throw CryptoFailure(
                "the .pfx file uses an encryption that this machine's OpenSSL does not offer: export it anew with AES-256"
            )
        case .contents(let key, let der):
            guard let key else {
                throw CryptoFailure(
                    "the .pfx file holds no private key: export it together with its private key"
                )
            }
            guard let der else { throw CryptoFailure("the .pfx file holds a private key but no certificate") }
            certificate = try Certificate(der: der)
            self.key = try SigningKey(key)
        }
    }

    init(certificate: Certificate, key: SigningKey) {
        self.certificate = certificate
        self.key = key
    }

    /// Certificate and private key as PEM; a secret, kept in the vault and read back with ``init(pem:)``.
    package var pem: Secret { Secret(certificate.publicPEM + key.pem) }

    private static var encrypted: CryptoFailure {
        CryptoFailure(
            "the private key is encrypted, which PEM files are not read with: write it unencrypted with "
                + "`openssl pkey -in FILE -out FILE`, or use a .pfx file with --passphrase-file"
        )
    }

    private static func privateKey(_ der: [UInt8]) throws(CryptoFailure) -> KeyHandle {
        let pointer = der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return d2i_AutoPrivateKey(nil, &start, buffer.count)
        }
        guard let pointer else {
            ERR_clear_error()
            throw CryptoFailure("the private key in the file is damaged: it cannot be read")
        }
        return KeyHandle(owning: pointer)
    }
}
