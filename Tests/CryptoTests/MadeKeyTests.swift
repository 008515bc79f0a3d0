// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto
import TestSupport
import Testing

/// Keys made here, read back by another program.
@Suite(.timeLimit(.minutes(10))) struct MadeKeyTests {
    private static let now = Timestamp(seconds: 1_764_200_000)
    private static let made = Result { () throws(CryptoFailure) in
        try CertifiedKey.make(commonName: "Headgate für Contoso", validFor: .days(365), now: now)
    }
    private let pair: CertifiedKey
    private let folder = TemporaryFolder()

    init() throws { pair = try Self.made.get() }

    private func openssl(_ arguments: String...) -> Int32? { ChildProcess(["openssl"] + arguments)?.wait() }

    private func certificate() -> String { folder.write(pair.certificate.publicPEM, to: "certificate.pem") }

    @Test func `another program reads of the certificate what was asked for`() throws {
        let shown = folder.file("shown")
        #expect(
            openssl(
                "x509",
                "-in",
                certificate(),
                "-noout",
                "-out",
                shown,
                "-nameopt",
                "RFC2253,-esc_msb",
                "-subject",
                "-issuer",
                "-startdate",
                "-enddate",
                "-fingerprint",
                "-sha1",
                "-ext",
                "keyUsage,extendedKeyUsage,basicConstraints,subjectKeyIdentifier"
            ) == 0
        )
        let text = String(decoding: try #require(folder.read("shown")), as: UTF8.self)
        let lines = text.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }.map(String.init)
        let certificate = pair.certificate
        #expect(lines.contains("subject=CN=Headgate für Contoso"))
        #expect(lines.contains("issuer=CN=Headgate für Contoso"))
        #expect(lines.contains("notBefore=Nov 26 22:33:20 2025 GMT"))
        #expect(lines.contains("notAfter=Nov 26 23:33:20 2026 GMT"))
        let fingerprint = try #require(lines.first { $0.hasPrefix("sha1 Fingerprint=") })
        #expect(
            fingerprint.dropFirst("sha1 Fingerprint=".count).filter { $0 != ":" }
                == certificate.thumbprintSHA1Text
        )
        #expect(text.contains("X509v3 Basic Constraints: critical\n    CA:FALSE"))
        #expect(text.contains("X509v3 Key Usage: critical\n    Digital Signature\n"))
        #expect(text.contains("X509v3 Extended Key Usage: \n    TLS Web Client Authentication\n"))
        #expect(text.contains("X509v3 Subject Key Identifier"))
    }

    @Test func `another program finds the certificate sound from an hour before it was made to its end`()
        throws
    {
        let file = certificate()
        func isSound(_ instant: Timestamp) -> Bool {
            openssl(
                "verify",
                "-x509_strict",
                "-purpose",
                "sslclient",
                "-attime",
                String(instant.seconds),
                "-CAfile",
                file,
                file
            ) == 0
        }
        #expect(isSound(Self.now))
        #expect(isSound(Self.now - .minutes(59)) && isSound(Self.now + .days(364)))
        #expect(!isSound(Self.now - .minutes(61)) && !isSound(Self.now + .days(366)))
    }

    @Test func `another program takes the key and a signature made with it`() throws {
        let both = folder.write(pair.pem.reveal { $0 }, to: "both.pem")
        #expect(openssl("pkey", "-in", both, "-check", "-noout") == 0)
        let text = folder.write("what is signed", to: "text")
        let signature = try pair.key.sign(Array("what is signed".utf8), .rs256)
        #expect(signature.count == 384)
        let signed = folder.write(signature, to: "signature")
        let own = folder.file("public.pem")
        #expect(openssl("x509", "-in", certificate(), "-noout", "-pubkey", "-out", own) == 0)
        #expect(openssl("dgst", "-sha256", "-verify", own, "-signature", signed, text) == 0)
    }

    @Test func `what the vault keeps is read back as the same pair`() throws {
        let read = try CertifiedKey(pem: pair.pem.reveal { Array($0.utf8) })
        #expect(read.certificate == pair.certificate)
        #expect(read.certificate.rsaBits == 3_072)
        let signature = try read.key.sign([1, 2, 3], .ps256)
        #expect(pair.certificate.verifies(signature, of: [1, 2, 3], .ps256))
        #expect("\(pair.pem)" == "‹secret›")
    }

    @Test func `the certificate is told in the forms that portals and directories use`() throws {
        let certificate = pair.certificate
        #expect(Base64.decode(certificate.base64DER) == certificate.der)
        #expect(!certificate.base64DER.contains("\n") && !certificate.publicPEM.contains("PRIVATE"))
        #expect(certificate.thumbprintSHA1Text.count == 40 && certificate.thumbprintSHA256Text.count == 64)
        #expect(certificate.thumbprintSHA256Text.lowercased() == Hex.encode(Digest.sha256(certificate.der)))
        #expect(certificate.subject == "CN=Headgate für Contoso")
        #expect(certificate.notAfter == Self.now + .days(365))
    }

    @Test func `no two keys and no two numbers are the same`() throws {
        let one = try CertifiedKey.make(commonName: "x", validFor: .days(1), now: Self.now, bits: 2_048)
        let two = try CertifiedKey.make(commonName: "x", validFor: .days(1), now: Self.now, bits: 2_048)
        #expect(one.certificate.der != two.certificate.der)
        let signature = try one.key.sign([1], .ps256)
        #expect(!two.certificate.verifies(signature, of: [1], .ps256))
    }

    @Test(arguments: [
        ("", Duration.days(1), 2_048, "1 to 64 characters"),
        (String(repeating: "x", count: 65), .days(1), 2_048, "1 to 64 characters"),
        ("a\u{1b}[2Jb", .days(1), 2_048, "no control character"),
        ("x", .zero, 2_048, "an hour to ten years"),
        ("x", .days(4_000), 2_048, "an hour to ten years"),
        ("x", .days(1), 1_024, "at least 2048 are needed"),
        ("x", .days(1), 65_536, "at most 4096"),
    ])
    func `what cannot be made is said by name`(_ name: String, _ span: Duration, _ bits: Int, _ words: String)
    {
        let failure = #expect(throws: CryptoFailure.self) {
            try CertifiedKey.make(commonName: name, validFor: span, now: Self.now, bits: bits)
        }
        #expect(failure?.description.contains(words) == true)
    }
}
