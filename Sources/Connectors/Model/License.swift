// SPDX-License-Identifier: Apache-2.0

/// A license that streams need, satisfied by any of several plans.
package struct License: Sendable, Equatable {
    /// The name that streams use.
    package let id: String
    /// What people call it.
    package let title: String
    /// The plans of which one is enough.
    package let anyPlan: [String]
}

extension License {
    init(_ node: Node) {
        var fields = Fields(node)
        id = fields.required("id")?.identifier() ?? ""
        title = fields.text("title")
        anyPlan = fields.required("anyPlan")?.texts(atLeast: 1) ?? []
        fields.end()
    }
}
