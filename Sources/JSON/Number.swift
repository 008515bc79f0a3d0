// SPDX-License-Identifier: Apache-2.0

/// A JSON number, kept digit by digit as it was written.
///
/// Identifiers beyond 2^53 and amounts such as `1.10` come out exactly as they went in.
package struct Number: Sendable, Hashable, CustomStringConvertible {
    /// The number as RFC 8259 writes it.
    package let text: String

    /// A whole number.
    package init(_ value: Int64) { text = String(value) }

    /// The shortest text that reads back as `value`; there is none for infinities and not-a-number.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = value.description
    }

    /// Takes `text` if it is a JSON number and nothing else.
    package init?(text: String) {
        let bytes = Array(text.utf8)
        let end = bytes.withUnsafeBufferPointer { Bytes($0).afterNumber(0) }
        guard end == bytes.count, end > 0 else { return nil }
        self.text = text
    }

    /// Trusts `text`, which the reader has checked.
    init(checked text: String) { self.text = text }

    /// The value as 64-bit integer; `nil` where there is a fraction, an exponent or too many digits.
    package var int64: Int64? { Int64(text) }

    /// The nearest double, infinite beyond the range.
    package var double: Double { Double(text) ?? .nan }

    package var description: String { text }
}
