// SPDX-License-Identifier: Apache-2.0
import Crypto
import Testing

@Suite struct DigestTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `SHA-256 gives the values of FIPS 180-4`(text: String, hex: String) {
        #expect(Hex.encode(Digest.sha256(Array(text.utf8))) == hex)
        let hasher = SHA256()
        hasher.update("something else")
        _ = hasher.finish()
        hasher.reset()
        for byte in text.utf8 { hasher.update([byte]) }
        #expect(Hex.encode(hasher.finish()) == hex)
        hasher.reset()
        hasher.update(text)
        let (high, low) = hasher.finishPair()
        #expect(high == UInt64(hex.prefix(16), radix: 16))
        #expect(low == UInt64(hex.dropFirst(16).prefix(16), radix: 16))
    }

    @Test func `SHA-1 and HMAC give the values of their standards`() {
        #expect(Hex.encode(Digest.sha1(Array("abc".utf8))) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        // RFC 4231, test case 2.
        let mac = Digest.hmacSHA256(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
        #expect(Hex.encode(mac) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(Digest.hmacSHA256(key: [], []).count == 32)
    }

    @Test func `every length and every changed bit gives another quick digest`() {
        var seen: Set<UInt64> = []
        let zeros = [UInt8](repeating: 0, count: 300)
        for length in 0...300 { seen.insert(Digest.fast64(Array(zeros.prefix(length)))) }
        #expect(seen.count == 301)
        for length in [1, 7, 8, 9, 16, 17, 31, 48, 49, 64, 96, 97, 200] {
            let base = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            var digests: Set<UInt64> = [Digest.fast64(base)]
            for bit in 0..<length * 8 {
                var changed = base
                changed[bit / 8] ^= 1 << UInt8(bit % 8)
                digests.insert(Digest.fast64(changed))
            }
            #expect(digests.count == length * 8 + 1, "length \(length)")
        }
    }

    @Test func `a changed bit changes half of the quick digest`() {
        let base = (0..<1_300).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let digest = Digest.fast64(base)
        let changes = (0..<base.count * 8).map { bit in
            var changed = base
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            return (Digest.fast64(changed) ^ digest).nonzeroBitCount
        }
        let mean = Double(changes.reduce(0, +)) / Double(changes.count)
        #expect((31.0...33.0).contains(mean))
        #expect((changes.min() ?? 0) > 8)
    }

    @Test func `the quick digest does not change from version to version`() {
        // Stored in ledgers; a new value here would make every known record look changed.
        #expect(Digest.fast64([]) == fast64OfNothing)
        #expect(Digest.fast64(Array("headgate".utf8)) == fast64OfName)
        #expect(Digest.fast64((0..<1_000).map { UInt8(truncatingIfNeeded: $0) }) == fast64OfThousand)
    }

    @Test func `equality in constant time is equality`() {
        #expect(constantTimeEqual([], []))
        #expect(constantTimeEqual([1, 2], [1, 2]))
        #expect(!constantTimeEqual([1, 2], [1, 3]))
        #expect(!constantTimeEqual([1, 2], [1, 2, 3]))
    }
}

private let fast64OfNothing: UInt64 = 4_808_886_099_364_463_827
private let fast64OfName: UInt64 = 16_316_609_519_974_422_812
private let fast64OfThousand: UInt64 = 8_940_317_296_089_127_756
