// SPDX-License-Identifier: Apache-2.0

/// The forms of ids that appear in folders, lines and commands.
package enum Identifier {
    /// Whether `text` may name a stream: `[A-Za-z0-9][A-Za-z0-9._-]{0,62}` without `..`.
    package static func isName(_ text: String) -> Bool {
        guard (1...63).contains(text.utf8.count), let first = text.utf8.first, isLetterOrDigit(first) else {
            return false
        }
        return text.utf8.allSatisfy { isLetterOrDigit($0) || "._-".utf8.contains($0) } && !text.contains("..")
    }

    /// Whether `text` may name a connector, customer or connection: `[a-z0-9][a-z0-9_-]{0,62}`.
    package static func isSmallName(_ text: String) -> Bool {
        isName(text) && text.utf8.allSatisfy { !(0x41...0x5A).contains($0) && $0 != UInt8(ascii: ".") }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
