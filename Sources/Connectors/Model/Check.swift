// SPDX-License-Identifier: Apache-2.0

/// A condition that means trouble, with its class and the words for it.
package struct Check: Sendable, Equatable {
    /// Holds where there is trouble.
    package let condition: Predicate
    /// What kind of trouble it is.
    package let faultClass: FaultClass
    /// The remedy's id.
    package let remedy: String?
    /// What is the matter, in a sentence.
    package let say: Template
}

extension Check {
    init?(_ node: Node, _ scope: Scope) {
        var fields = Fields(node)
        let condition = fields.required("if")?.predicate(scope)
        faultClass = fields.required("class")?.choice(FaultClass.self) ?? .config
        remedy = fields.optionalText("remedy")
        say = fields.required("say")?.template(.words) ?? Template(literal: "")
        fields.end()
        guard let condition else { return nil }
        self.condition = condition
    }
}
