// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Bytes to look for in many more, quickly in unoptimised builds too.
struct Needle {
    private let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }

    /// Where it first stands.
    func place(in text: [UInt8]) -> Range<Int>? {
        text.withUnsafeBytes { text in
            guard let base = text.baseAddress, let first = bytes.first else { return nil }
            var from = 0
            while from + bytes.count <= text.count,
                let hit = memchr(base + from, Int32(first), text.count - bytes.count + 1 - from)
            {
                let start = UnsafeRawPointer(hit) - base
                if memcmp(hit, bytes, bytes.count) == 0 { return start..<(start + bytes.count) }
                from = start + 1
            }
            return nil
        }
    }
}
