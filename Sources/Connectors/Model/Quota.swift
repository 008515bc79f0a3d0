// SPDX-License-Identifier: Apache-2.0
import Basics

/// How many requests may be made in any stretch of time, and what shares the count.
package struct Quota: Sendable, Equatable {
    /// What has a count of its own.
    package enum Scope: String, Sendable, CaseIterable {
        case registration, tenant, host
    }

    /// The name that requests use; equal names share a count across definitions.
    package let id: String
    /// How many requests.
    package let requests: Int
    /// In any stretch of this length.
    package let per: Duration
    /// What has a count of its own, several together making one.
    package let scope: [Scope]
}

extension Quota {
    init(_ node: Node) {
        var fields = Fields(node)
        id = fields.required("id")?.identifier() ?? ""
        requests = fields.required("requests")?.whole(1...1_000_000) ?? 1
        per = fields.required("per")?.span(atLeast: .seconds(1), atMost: .days(1)) ?? .minutes(1)
        scope = fields.required("scope")?.list(atLeast: 1) { $0.choice(Scope.self) } ?? []
        fields.end()
    }
}
