// SPDX-License-Identifier: Apache-2.0
package import Basics

/// What is known of the process that collects, as the ledger or the process itself tells it.
package struct HostFacts: Sendable, Equatable {
    /// How the host runs: all the time, once now and then, or not at all so far.
    package enum Mode: String, Sendable, CaseIterable { case run, once, none }

    package var version: String
    package var mode: Mode
    /// When the host last looked at every stream.
    package var lastTick: Timestamp?
    package var startedAt: Timestamp?
    /// When it was ended and had time to say so; `nil` while it runs, and after it was killed.
    package var endedAt: Timestamp?
    /// What keeps the whole host from collecting, such as a full disk.
    package var cause: Cause?
    package var ledgerIsReadable: Bool

    /// Puts it together from its parts.
    package init(
        version: String,
        mode: Mode = .none,
        lastTick: Timestamp? = nil,
        startedAt: Timestamp? = nil,
        endedAt: Timestamp? = nil,
        cause: Cause? = nil,
        ledgerIsReadable: Bool = true
    ) {
        self.version = version
        self.mode = mode
        self.lastTick = lastTick
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.cause = cause
        self.ledgerIsReadable = ledgerIsReadable
    }

    /// Whether a host is there that looks after every stream by itself.
    package func isLooking(now: Timestamp) -> Bool {
        guard mode == .run, endedAt == nil, let lastTick else { return false }
        return now - lastTick <= Evaluator.tickLimit
    }
}
