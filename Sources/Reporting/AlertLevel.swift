// SPDX-License-Identifier: Apache-2.0

/// How bad something is in the words and exit codes of monitoring plugins (Monitoring Plugins Development Guidelines).
package enum AlertLevel: Int, Sendable, CaseIterable {
    case ok = 0
    case warning = 1
    case critical = 2
    case unknown = 3

    /// The word that a plugin's line begins with.
    package var word: String { "\(self)".uppercased() }

    /// The one to tell of many: what is known to be bad first, then what nobody knows.
    package static func worst(_ levels: some Sequence<AlertLevel>) -> AlertLevel {
        let found = Set(levels)
        return [.critical, .unknown, .warning].first { found.contains($0) } ?? .ok
    }
}
