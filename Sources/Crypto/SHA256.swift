// SPDX-License-Identifier: Apache-2.0
import CCrypto

/// A SHA-256 hasher that is used again and again, for many short texts in a row.
package final class SHA256 {
    /// Fetched once: looking the algorithm up costs more than hashing a short text.
    nonisolated(unsafe) private static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)
    private let context: OpaquePointer

    /// Makes one that is ready for its first text.
    package init() {
        guard let context = EVP_MD_CTX_new() else { fatalError("out of memory") }
        self.context = context
        reset()
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Starts anew.
    package func reset() { EVP_DigestInit_ex2(context, Self.algorithm, nil) }

    /// Takes `bytes` in.
    package func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// Takes `bytes` in.
    package func update(_ bytes: [UInt8]) { EVP_DigestUpdate(context, bytes, bytes.count) }

    /// Takes the UTF-8 of `text` in.
    package func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// The digest's 32 bytes; ``reset()`` before the next.
    package func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { out, count in
            EVP_DigestFinal_ex(context, out.baseAddress, nil)
            count = 32
        }
    }

    /// Writes the digest's 32 bytes to the start of `out` without allocating; ``reset()`` before the next.
    package func finish(into out: UnsafeMutableRawBufferPointer) {
        precondition(out.count >= 32, "a SHA-256 digest needs 32 bytes")
        EVP_DigestFinal_ex(context, out.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
    }

    /// The digest's first 16 bytes as two big-endian words, without allocating; ``reset()`` before the next.
    package func finishPair() -> (UInt64, UInt64) {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { out in
            finish(into: out)
            return (
                UInt64(bigEndian: out.load(as: UInt64.self)),
                UInt64(bigEndian: out.load(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }
}
