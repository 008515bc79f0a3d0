// SPDX-License-Identifier: Apache-2.0

/// A stored record that means more than itself, such as the one that says auditing was switched off.
package struct WatchRule: Sendable, Equatable {
    /// How grave it is.
    package enum Severity: String, Sendable, CaseIterable {
        case security, warning
    }

    /// Its name.
    package let id: String
    /// The stream whose records it looks at.
    package let stream: String
    /// The record that means it.
    package let `where`: Predicate
    /// The later record that ends it.
    package let until: Predicate?
    /// The class it raises.
    package let faultClass: FaultClass
    /// How grave it is.
    package let severity: Severity
    /// What a person does.
    package let remedy: String?
}

extension WatchRule {
    init?(_ node: Node) {
        var fields = Fields(node)
        id = fields.required("id")?.identifier() ?? ""
        stream = fields.text("stream")
        let condition = fields.required("where")?.predicate(.event)
        until = fields.optional("until")?.predicate(.event)
        faultClass = fields.required("class")?.choice(FaultClass.self) ?? .enablement
        severity = fields.optional("severity")?.choice(Severity.self) ?? .warning
        remedy = fields.optionalText("remedy")
        fields.end()
        guard let condition else { return nil }
        `where` = condition
    }
}
