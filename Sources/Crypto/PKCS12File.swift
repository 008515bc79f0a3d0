// SPDX-License-Identifier: Apache-2.0
import Basics
import CCrypto

/// Opens PKCS #12 files.
enum PKCS12File {
    enum Opened {
        case notPKCS12, wrongPassphrase, unreadable
        case contents(key: KeyHandle?, certificate: [UInt8]?)
    }

    static func open(_ file: [UInt8], passphrase: Secret?) -> Opened {
        defer { ERR_clear_error() }
        let parsed = file.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return d2i_PKCS12(nil, &start, buffer.count)
        }
        guard let parsed else { return .notPKCS12 }
        defer { PKCS12_free(parsed) }
        let text = passphrase?.reveal { $0 } ?? ""
        guard PKCS12_mac_present(parsed) == 0 || opens(parsed, text) else { return .wrongPassphrase }
        if let contents = contents(of: parsed, text) { return contents }
        // Files of older Windows versions are encrypted with what OpenSSL 3 has put aside.
        OSSL_PROVIDER_try_load(nil, "legacy", 1)
        return contents(of: parsed, text) ?? .unreadable
    }

    private static func opens(_ file: OpaquePointer, _ text: String) -> Bool {
        // No passphrase and an empty one are written differently, and both are in use.
        PKCS12_verify_mac(file, text, -1) == 1 || text.isEmpty && PKCS12_verify_mac(file, nil, 0) == 1
    }

    private static func contents(of file: OpaquePointer, _ text: String) -> Opened? {
        var (key, x509): (OpaquePointer?, OpaquePointer?) = (nil, nil)
        guard PKCS12_parse(file, text, &key, &x509, nil) == 1 else { return nil }
        defer { X509_free(x509) }
        return .contents(key: key.map { KeyHandle(owning: $0) }, certificate: x509.flatMap(der))
    }

    private static func der(_ x509: OpaquePointer) -> [UInt8]? {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509(x509, &bytes)
        guard count > 0, let bytes else { return nil }
        defer { CRYPTO_free(bytes, nil, 0) }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }
}
