// SPDX-License-Identifier: Apache-2.0
package import Basics
import Connectors

/// Something a stored record said that a person should know, from that record on until another takes it back.
///
/// All its times are the records' own, so that it comes out the same in whatever order they arrive.
package struct Issue: Sendable, Equatable {
    /// How grave it is.
    package enum Severity: String, Sendable, CaseIterable { case security, warning }

    /// Its number in the ledger; `nil` before it is kept there.
    package var id: Int64?
    package var stream: StreamKey
    /// The watch of the definition that raised it.
    package var watch: String
    package var severity: Severity
    /// What is the matter, with its class, the time of the first record that says so, and the remedy.
    package var cause: Cause
    /// The time of the newest record that says so.
    package var seen: Timestamp
    /// The time from which it no longer holds.
    package var closed: Timestamp?

    /// Puts it together from its parts.
    package init(
        id: Int64? = nil,
        stream: StreamKey,
        watch: String,
        severity: Severity,
        cause: Cause,
        seen: Timestamp,
        closed: Timestamp? = nil
    ) {
        self.id = id
        self.stream = stream
        self.watch = watch
        self.severity = severity
        self.cause = cause
        self.seen = seen
        self.closed = closed
    }

    /// Whether it still holds.
    package var isOpen: Bool { closed == nil }

    /// The cause that a stream's open issues give it: one that blocks first, then the oldest.
    package static func standing(_ issues: [Issue]) -> Cause? {
        let causes = issues.filter(\.isOpen).map(\.cause).filter { $0.faultClass != .ok }
            .sorted { $0.since < $1.since }
        return causes.first(where: \.blocks) ?? causes.first
    }
}
