// SPDX-License-Identifier: Apache-2.0
import Crypto
import Testing

@Suite struct CodingTests {
    @Test(arguments: [
        ("", "", ""), ("f", "Zg==", "Zg"), ("fo", "Zm8=", "Zm8"), ("foo", "Zm9v", "Zm9v"),
        ("foob", "Zm9vYg==", "Zm9vYg"), ("fooba", "Zm9vYmE=", "Zm9vYmE"), ("foobar", "Zm9vYmFy", "Zm9vYmFy"),
    ])
    func `base64 gives the values of RFC 4648`(text: String, standard: String, url: String) {
        #expect(Base64.encode(Array(text.utf8)) == standard)
        #expect(Base64.encodeURL(Array(text.utf8)) == url)
        #expect(Base64.decode(standard) == Array(text.utf8))
        #expect(Base64.decode(url) == Array(text.utf8))
    }

    @Test func `both alphabets are read back`() {
        let bytes = [UInt8](0...255)
        #expect(Base64.encode([0xfb, 0xff]) == "+/8=")
        #expect(Base64.encodeURL([0xfb, 0xff]) == "-_8")
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        #expect(Base64.decode(Base64.encodeURL(bytes)) == bytes)
    }

    @Test(arguments: ["A", "AAAAA", "A===", "Zg=", "Zg==Zg==", "Zh", "Z g", "Zm9v\n", "Zm9=v", "ä"])
    func `what is no base64 is refused`(text: String) { #expect(Base64.decode(text) == nil) }

    @Test func `sealed bytes open with the same key and name only`() throws {
        let box = AESGCM(key: Random.bytes(32))
        let aad = Array("registration/current".utf8)
        for length in [0, 1, 16, 1_000] {
            let plain = Random.bytes(length)
            let sealed = try box.seal(plain, aad: aad)
            #expect(sealed.count == length + 28)
            #expect(try box.open(sealed, aad: aad) == plain)
            #expect(throws: CryptoFailure.self) { try box.open(sealed, aad: Array("registration/next".utf8)) }
            #expect(throws: CryptoFailure.self) { try AESGCM(key: Random.bytes(32)).open(sealed, aad: aad) }
            for place in [0, 12, sealed.count - 1] where place < sealed.count {
                var changed = sealed
                changed[place] ^= 1
                #expect(throws: CryptoFailure.self) { try box.open(changed, aad: aad) }
            }
        }
        #expect(throws: CryptoFailure.self) { try box.open([1, 2, 3]) }
        #expect(try box.seal([1]) != box.seal([1]))
    }

    @Test func `AES-GCM gives the published value`() throws {
        // GCM specification, test case 14: key, nonce and plain text are zeros.
        let sealed =
            [UInt8](repeating: 0, count: 12) + [
                0xce, 0xa7, 0x40, 0x3d, 0x4d, 0x60, 0x6b, 0x6e, 0x07, 0x4e, 0xc5, 0xd3, 0xba, 0xf3, 0x9d,
                0x18,
                0xd0, 0xd1, 0xc8, 0xa7, 0x99, 0x99, 0x6b, 0xf0, 0x26, 0x5b, 0x98, 0xb5, 0xd4, 0x8a, 0xb9,
                0x19,
            ]
        #expect(
            try AESGCM(key: [UInt8](repeating: 0, count: 32)).open(sealed) == [UInt8](repeating: 0, count: 16)
        )
    }

    @Test func `random identifiers differ and have their form`() {
        let ids = (0..<1_000).map { _ in Random.uuid() }
        #expect(Set(ids).count == 1_000)
        for id in ids.prefix(10) {
            let parts = id.split(separator: "-")
            #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
            #expect(parts[2].first == "4")
            #expect("89ab".contains(parts[3].first ?? "x"))
        }
        #expect(Random.bytes(0).isEmpty)
    }
}
