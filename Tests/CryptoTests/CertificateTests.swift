// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto
import TestSupport
import Testing

@Suite struct CertificateTests {
    private static let made = Result { () throws(CryptoFailure) in
        try CertifiedKey.make(
            commonName: "Headgate tests",
            validFor: .days(30),
            now: Timestamp(seconds: 1_700_000_000),
            bits: 2_048
        )
    }
    private let pair: CertifiedKey
    private let blocks: (certificate: String, key: String)

    init() throws {
        pair = try Self.made.get()
        let text = pair.pem.reveal { $0 }
        let cut = try #require(text.firstRange(of: "-----BEGIN PRIVATE KEY-----"))
        blocks = (String(text[..<cut.lowerBound]), String(text[cut.lowerBound...]))
    }

    private static func another(_ name: String) throws -> CertifiedKey {
        try CertifiedKey.make(
            commonName: name,
            validFor: .days(1),
            now: Timestamp(seconds: 1_700_000_000),
            bits: 2_048
        )
    }

    private func refusal(_ text: String) -> String? {
        #expect(throws: CryptoFailure.self) { try CertifiedKey(file: Array(text.utf8)) }?.description
    }

    @Test func `a made certificate says whose it is and how long`() {
        #expect(pair.certificate.subject == "CN=Headgate tests")
        #expect(pair.certificate.notBefore == Timestamp(seconds: 1_700_000_000) - .hours(1))
        #expect(pair.certificate.notAfter == Timestamp(seconds: 1_700_000_000) + .days(30))
        #expect(pair.certificate.rsaBits == 2_048)
        #expect(pair.certificate.thumbprintSHA1.count == 20)
        #expect(pair.certificate.thumbprintSHA256 == Digest.sha256(pair.certificate.der))
        #expect("\(pair.key)" == "‹private key›")
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func `a signature is verified by the certificate and by no other text`(algorithm: SignatureAlgorithm)
        throws
    {
        let signature = try pair.key.sign(Array("text".utf8), algorithm)
        #expect(signature.count == 256)
        #expect(pair.certificate.verifies(signature, of: Array("text".utf8), algorithm))
        #expect(!pair.certificate.verifies(signature, of: Array("texT".utf8), algorithm))
        let other: SignatureAlgorithm = algorithm == .ps256 ? .rs256 : .ps256
        #expect(!pair.certificate.verifies(signature, of: Array("text".utf8), other))
    }

    @Test func `certificate and key are read in any order, with text around them`() throws {
        for text in [
            blocks.certificate + blocks.key, blocks.key + blocks.certificate,
            "Bag Attributes\n  friendlyName: x\n" + blocks.key + "subject=CN\n" + blocks.certificate,
            "\u{feff}\r\n" + (blocks.certificate + blocks.key).replacing("\n", with: "\r\n"),
        ] {
            let read = try CertifiedKey(file: Array(text.utf8))
            #expect(read.certificate == pair.certificate)
            let signature = try read.key.sign([1], .ps256)
            #expect(pair.certificate.verifies(signature, of: [1], .ps256))
        }
    }

    @Test func `of a chain the key's own certificate is taken`() throws {
        let other = try Self.another("Authority")
        let text = other.certificate.publicPEM + blocks.certificate + blocks.key
        #expect(try CertifiedKey(file: Array(text.utf8)).certificate == pair.certificate)
    }

    @Test func `what is missing or wrong in a file is said by name`() throws {
        #expect(refusal("")?.hasPrefix("the file holds neither a certificate nor a key") == true)
        #expect(
            refusal(blocks.certificate)?.hasPrefix("the file holds a certificate but no private key: ")
                == true
        )
        #expect(refusal(blocks.key)?.hasPrefix("the file holds a private key but no certificate: ") == true)
        #expect(
            refusal(blocks.key + blocks.key + blocks.certificate)
                == "the file holds 2 private keys: leave one"
        )
        let other = try Self.another("Other")
        #expect(
            refusal(other.certificate.publicPEM + blocks.key)?.contains("does not belong to the certificate")
                == true
        )
        let locked = blocks.key.replacing("PRIVATE KEY", with: "ENCRYPTED PRIVATE KEY")
        #expect(refusal(locked + blocks.certificate)?.hasPrefix("the private key is encrypted") == true)
        #expect(refusal("0not a pfx")?.hasPrefix("the file is no .pfx file") == true)
    }

    @Test func `a key that is too short or of another kind is refused`() throws {
        let folder = TemporaryFolder()
        let weak = try #require(
            ChildProcess([
                "openssl", "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-keyout",
                folder.file("weak-key"),
                "-out", folder.file("weak-cert"), "-days", "1", "-subj", "/CN=x",
            ])
        )
        #expect(weak.wait() == 0)
        let weakFile = try #require(folder.read("weak-key")) + (try #require(folder.read("weak-cert")))
        let short = #expect(throws: CryptoFailure.self) { try CertifiedKey(file: weakFile) }
        #expect(short?.description.contains("has 1024 bits, at least 2048 are needed") == true)
        let making = try #require(
            ChildProcess([
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout",
                folder.file("key"), "-out", folder.file("cert"), "-days", "1", "-subj", "/CN=x",
            ])
        )
        #expect(making.wait() == 0)
        let file = try #require(folder.read("key")) + (try #require(folder.read("cert")))
        let curve = #expect(throws: CryptoFailure.self) { try CertifiedKey(file: file) }
        #expect(curve?.description.contains("is not an RSA key") == true)
    }

    @Test(
        arguments: [[], ["-legacy"], ["-certpbe", "AES-256-CBC", "-keypbe", "AES-256-CBC"]],
        ["", "pass phrase"]
    )
    func `a pfx file opens with its passphrase only`(form: [String], passphrase: String) throws {
        let folder = TemporaryFolder()
        folder.write(pair.pem.reveal { $0 }, to: "both.pem")
        let making = try #require(
            ChildProcess(
                [
                    "openssl", "pkcs12", "-export", "-in", folder.file("both.pem"), "-out",
                    folder.file("both.pfx"),
                    "-passout", "pass:\(passphrase)",
                ] + form
            )
        )
        #expect(making.wait() == 0)
        let file = try #require(folder.read("both.pfx"))
        let read = try CertifiedKey(file: file, passphrase: passphrase.isEmpty ? nil : Secret(passphrase))
        #expect(read.certificate == pair.certificate)
        let wrong = #expect(throws: CryptoFailure.self) {
            try CertifiedKey(file: file, passphrase: Secret("wrong one"))
        }
        #expect(wrong?.description == "the passphrase does not open the .pfx file")
        guard !passphrase.isEmpty else { return }
        let none = #expect(throws: CryptoFailure.self) { try CertifiedKey(file: file) }
        #expect(none?.description.hasPrefix("the .pfx file is protected") == true)
    }
}
