// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Crypto
import Host
import Store
import TestSupport
import Testing

@Suite struct OfferedCredentialTests {
    private static let now = Timestamp(seconds: 1_764_200_000)

    @Test func `a key that was made here is kept with its end and its thumbprint`() throws {
        let pair = try CertifiedKey.make(commonName: "Headgate", validFor: .days(180), now: Self.now)
        let made = OfferedCredential(made: pair)
        #expect(made.kind == .certificate && made.reference == nil)
        #expect(made.expiresAt == Self.now + .days(180))
        #expect(made.thumbprint == Hex.encode(Digest.sha256(pair.certificate.der)))
        let kept = try #require(made.kept).reveal { Array($0.utf8) }
        #expect(try CertifiedKey(pem: kept).certificate == pair.certificate)
        // Handed over as a file it is the same thing.
        let file = try OfferedCredential(certificate: kept, passphrase: nil)
        #expect(file.thumbprint == made.thumbprint && file.kept == made.kept)
        let definition = try Shelf(shipped: Repository.connectors).definition("office365-management")
        #expect(made.problems(for: definition, values: [:], now: Self.now) == [])
        #expect(made.problems(for: definition, values: [:], now: Self.now + .days(181)).count == 1)
    }
}
