// SPDX-License-Identifier: Apache-2.0
import Basics

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
    /// A record of the stream that happened so much later than the hit proves that it no longer holds.
    package let disproved: Duration?
    /// What is the matter, in a sentence; the remedy's own words where it says nothing.
    package let say: String?
    /// The class it raises; `ok` raises an issue and leaves the stream's state alone.
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
        disproved = fields.optional("disprovedAfter")?.span(atLeast: .minutes(1), atMost: .days(30))
        say = fields.optionalText("say")
        faultClass = fields.required("class")?.choice(FaultClass.self) ?? .enablement
        severity = fields.optional("severity")?.choice(Severity.self) ?? .warning
        remedy = fields.optionalText("remedy")
        fields.end()
        guard let condition else { return nil }
        `where` = condition
    }
}
