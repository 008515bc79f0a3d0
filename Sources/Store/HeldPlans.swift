// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors

/// Which of the plans that matter a tenant was seen to hold, and when the list was read.
package struct HeldPlans: Sendable, Equatable {
    /// How long a list that was read proves anything; plans end, and a list may become unreadable.
    package static let validity = Duration.days(7)

    package var plans: Set<String>
    package var at: Timestamp

    /// Puts it together from its parts.
    package init(plans: Set<String>, at: Timestamp) {
        self.plans = plans
        self.at = at
    }
}

extension Connection {
    /// The plans seen in the tenant's list; `nil` where none was read lately, which is no proof of anything.
    package func heldPlans(now: Timestamp) -> Set<String>? {
        plans.flatMap { now - $0.at <= HeldPlans.validity ? $0.plans : nil }
    }

    /// The plans and licenses of `definition` that the tenant is proven to hold.
    package func proven(_ definition: Definition, now: Timestamp) -> Set<String> {
        heldPlans(now: now).map { definition.proven(by: $0) } ?? []
    }

    /// Whether the tenant's list shows what `stream` needs; `nil` where it needs nothing or no list was read.
    package func isLicensed(_ stream: StreamDefinition, of definition: Definition, now: Timestamp) -> Bool? {
        guard !stream.neededLicenses.isEmpty, let held = heldPlans(now: now) else { return nil }
        return definition.missingLicense(of: stream, with: held) == nil
    }
}
