// SPDX-License-Identifier: Apache-2.0
import CCrypto

/// Owns one of libcrypto's keys.
final class KeyHandle:
    @unchecked Sendable /* never changed after init; libcrypto reads a key from many threads */
{
    let pointer: OpaquePointer

    /// Takes over `pointer`.
    init(owning pointer: OpaquePointer) { self.pointer = pointer }

    deinit { EVP_PKEY_free(pointer) }

    /// The modulus' length; zero for a key that is not RSA.
    var rsaBits: Int { EVP_PKEY_get_base_id(pointer) == EVP_PKEY_RSA ? Int(EVP_PKEY_get_bits(pointer)) : 0 }
}

/// A block of bytes that libcrypto writes to or reads from.
final class Memory {
    let bio: OpaquePointer

    /// An empty one to write to.
    init() {
        guard let bio = BIO_new(BIO_s_mem()) else { fatalError("out of memory") }
        self.bio = bio
    }

    /// One to read `bytes` from.
    convenience init(_ bytes: [UInt8]) {
        self.init()
        BIO_write(bio, bytes, Int32(clamping: bytes.count))
    }

    deinit { BIO_free(bio) }

    /// What has been written and not read yet.
    var bytes: [UInt8] {
        var start: UnsafeMutablePointer<CChar>?
        let count = hg_bio_data(bio, &start)
        return Array(UnsafeRawBufferPointer(start: start, count: max(0, count)))
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}
