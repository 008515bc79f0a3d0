// SPDX-License-Identifier: Apache-2.0

/// How much a definition promises, verified by lint.
package enum Tier: String, Sendable, CaseIterable {
    /// Lints, has a probe that reads each stream, complete remedies and tests.
    case bronze
    /// Says latency, retention and thresholds, tests every error rule, gives reasons and links.
    case silver
    /// Takes a certificate, knows its limits and its migrations.
    case gold
}
