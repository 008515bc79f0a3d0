// SPDX-License-Identifier: Apache-2.0

/// Hides known secrets in texts, by value.
///
/// Every ``Secret`` registers itself, so a secret that a server echoes back is hidden as well as one in our
/// own words.
package final class Redaction: Sendable {
    /// The one that every secret of this process registers with.
    package static let shared = Redaction()

    private let values = Locked([String]())
    private static let most = 50_000

    /// Starts out knowing no secret.
    package init() {}

    /// Hides `value` from now on; values under six characters would hide ordinary words and are passed over.
    package func hide(_ value: String) {
        guard value.utf8.count >= 6 else { return }
        values.withLock { values in
            guard !values.contains(value) else { return }
            if values.count >= Self.most { values.removeFirst() }
            values.append(value)
        }
    }

    /// Forgets `value`, such as a token that has been replaced.
    package func forget(_ value: String) {
        values.withLock { $0.removeAll { $0 == value } }
    }

    /// `text` with every known secret replaced by `‹secret›`.
    package func redact(_ text: String) -> String {
        let known = values.withLock { $0 }
        var result = text
        for value in known where result.contains(value) {
            result = result.split(separator: value, omittingEmptySubsequences: false).joined(
                separator: "‹secret›"
            )
        }
        return result
    }
}
