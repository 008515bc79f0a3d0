// SPDX-License-Identifier: Apache-2.0
package import Basics

/// A stream that is agreed not to collect, for now or for good: who said so, why and until when.
package struct Hold: Sendable, Equatable {
    /// Who excludes a stream at onboarding for want of a plan; the host takes it back when the plan appears.
    package static let licenseList = "license list"

    /// Paused by a person for a time, or excluded from what is covered.
    package enum Kind: String, Sendable, CaseIterable { case paused, excluded }

    package var kind: Kind
    package var by: String
    package var reason: String
    package var at: Timestamp
    package var until: Timestamp?

    /// Puts it together from its parts.
    package init(kind: Kind, by: String, reason: String, at: Timestamp, until: Timestamp? = nil) {
        self.kind = kind
        self.by = by
        self.reason = reason
        self.at = at
        self.until = until
    }
}
