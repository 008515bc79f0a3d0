// SPDX-License-Identifier: Apache-2.0
import Crypto

/// The token that the pages ask for beyond this machine: shown once, kept as its digest.
package struct AccessToken: Sendable {
    /// 43 characters of base64url, 256 bits; whoever has it may read the status.
    package let text: String

    /// Makes a new one.
    package init() { text = Base64.encodeURL(Random.bytes(32)) }

    /// What is kept of it: a line of 64 hexadecimal digits.
    package var record: String { Hex.encode(Digest.sha256(Array(text.utf8))) + "\n" }

    /// The SHA-256 that a record holds; `nil` for anything else.
    package static func digest(inRecord record: [UInt8]) -> [UInt8]? {
        let digits = record.last == 0x0A ? record.dropLast() : record[...]
        guard digits.count == 64 else { return nil }
        var digest: [UInt8] = []
        var rest = digits
        while !rest.isEmpty {
            guard let byte = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            digest.append(byte)
            rest = rest.dropFirst(2)
        }
        return digest
    }
}
