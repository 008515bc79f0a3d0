// SPDX-License-Identifier: Apache-2.0

/// A remedy as a definition writes it, with expressions in its words.
package struct RemedyTemplate: Sendable, Equatable {
    /// Its name.
    package let id: String
    private let title: Template
    private let cause: Template
    private let steps: [Template]
    private let who: Template
    private let `where`: Template?
    private let takes: Template
    private let next: Template

    /// The remedy in words that name the customer's own things.
    ///
    /// What is not known is left as a word in capitals, so that the words are never lost for want of a name.
    package func remedy(in bindings: any Bindings) -> Remedy {
        Remedy(
            id: id,
            title: words(title, bindings),
            cause: words(cause, bindings),
            steps: steps.map { words($0, bindings) },
            who: words(who, bindings),
            where: `where`.flatMap { try? $0.text(in: bindings) },
            takes: words(takes, bindings),
            next: words(next, bindings)
        )
    }

    private func words(_ template: Template, _ bindings: any Bindings) -> String {
        template.parts.map { part in
            switch part {
            case .text(let text): text
            case .expression(let expression):
                expression.value(in: bindings)?.plainText
                    ?? (expression.paths.first?.members.last ?? expression.source).uppercased()
            }
        }.joined()
    }
}

extension RemedyTemplate {
    init(_ id: String, _ node: Node) {
        self.id = id
        if !Identifier.isName(id) {
            node.note(
                .value,
                "is no name for a remedy.",
                fix: "Use letters, digits, dot, underscore and hyphen."
            )
        }
        let empty = Template(literal: "")
        var fields = Fields(node)
        title = fields.required("title")?.template(.words) ?? empty
        cause = fields.required("cause")?.template(.words) ?? empty
        steps = fields.required("steps")?.list(atLeast: 1) { $0.template(.words) } ?? []
        who = fields.required("who")?.template(.words) ?? empty
        `where` = fields.optional("where")?.template(.words)
        takes = fields.required("takes")?.template(.words) ?? empty
        next = fields.required("next")?.template(.words) ?? empty
        fields.end()
    }

    /// A remedy of the host itself.
    init(
        _ id: String,
        title: String,
        cause: String,
        steps: [String],
        who: String,
        takes: String,
        next: Template
    ) {
        self.id = id
        self.title = Template(literal: title)
        self.cause = Template(literal: cause)
        self.steps = steps.map { Template(literal: $0) }
        self.who = Template(literal: who)
        self.where = nil
        self.takes = Template(literal: takes)
        self.next = next
    }
}
