// SPDX-License-Identifier: Apache-2.0
import JSON

/// Where a list of plans names those that a tenant holds: level by level through lists, then a name.
package struct PlanList: Sendable, Equatable {
    /// One list on the way, and which of its elements count.
    package struct Level: Sendable, Equatable {
        /// The list, up to its elements: over `response` at first, over the fields of an element above it later.
        package let path: Expression
        /// Holds for elements that count, over their own fields; without it, all do.
        package let condition: Predicate?
    }

    /// The lists on the way, outermost first.
    package let each: [Level]
    /// Where an element of the last list says a plan's name, over its own fields.
    package let name: Expression

    /// The plans that an answer names; `nil` where it is not of this shape, which says nothing about any plan.
    package func held(in bindings: any Bindings) -> Set<String>? {
        var elements: [any Bindings] = [bindings]
        for level in each {
            var found: [any Bindings] = []
            for element in elements {
                // An empty list is an answer, a missing one is another answer.
                let lists = level.list.values(in: element)
                guard !lists.isEmpty, lists.allSatisfy({ $0.arrayValue != nil }) else { return nil }
                for value in level.path.values(in: element) {
                    let fields = Element(value: value)
                    if level.condition?.holds(in: fields) ?? true { found.append(fields) }
                }
            }
            elements = found
        }
        return Set(elements.flatMap { name.values(in: $0) }.compactMap(\.plainText))
    }

    /// An element whose fields are the names.
    private struct Element: Bindings {
        let value: Value

        func value(of name: String) -> Value? { value[name] }
    }
}

extension PlanList.Level {
    /// The path to the list itself.
    fileprivate var list: Expression {
        Expression(head: path.head, links: Array(path.links.dropLast()), source: path.source)
    }
}

extension PlanList {
    init?(_ node: Node) {
        var fields = Fields(node)
        var scope = Scope.probe
        let levels =
            fields.required("each")?.list(atLeast: 1) { node -> Level? in
                defer { scope = .event }
                return Level(node, scope)
            } ?? []
        let name = fields.required("name")?.expression(.event)
        fields.end()
        guard let name else { return nil }
        each = levels
        self.name = name
    }
}

extension PlanList.Level {
    init?(_ node: Node, _ scope: Scope) {
        var fields = Fields(node)
        let path = fields.required("path")?.listPath(scope)
        condition = fields.optional("where")?.predicate(.event)
        fields.end()
        guard let path else { return nil }
        self.path = path
    }
}
