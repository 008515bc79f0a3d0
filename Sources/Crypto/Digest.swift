// SPDX-License-Identifier: Apache-2.0
import CCrypto

/// Digests in one call.
package enum Digest {
    /// SHA-256 of `bytes`, 32 bytes.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        one(EVP_sha256(), bytes)
    }

    /// SHA-1 of `bytes`, 20 bytes; for certificate thumbprints only.
    package static func sha1(_ bytes: [UInt8]) -> [UInt8] {
        one(EVP_sha1(), bytes)
    }

    /// HMAC with SHA-256 (RFC 2104), 32 bytes.
    package static func hmacSHA256(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { out, count in
            var length: UInt32 = 0
            HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, out.baseAddress, &length)
            count = Int(length)
        }
    }

    private static func one(_ kind: OpaquePointer?, _ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { out, count in
            var length: UInt32 = 0
            let done = EVP_Digest(bytes, bytes.count, out.baseAddress, &length, kind, nil)
            precondition(done == 1, "libcrypto computed no digest")
            count = Int(length)
        }
    }
}

/// Whether both are equal, in time that depends on the lengths only.
package func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
