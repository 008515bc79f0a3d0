// SPDX-License-Identifier: Apache-2.0

/// A text that must never be printed, logged or written in the clear.
///
/// It has no description of its value, is not encodable, and compares in time that depends on the
/// lengths only.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let value: String

    /// Wraps `value` and makes every ``Redaction`` hide it from now on.
    package init(_ value: String) {
        self.value = value
        Redaction.shared.hide(value)
    }

    /// Lends the value for one use; keep nothing of it.
    package func reveal<Result>(_ body: (String) throws -> Result) rethrows -> Result { try body(value) }

    package var description: String { "‹secret›" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }

    package static func == (left: Secret, right: Secret) -> Bool {
        let (a, b) = (Array(left.value.utf8), Array(right.value.utf8))
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
