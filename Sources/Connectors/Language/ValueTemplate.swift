// SPDX-License-Identifier: Apache-2.0
package import JSON

/// A JSON value whose texts are templates.
package indirect enum ValueTemplate: Sendable, Equatable {
    /// A text with expressions; one expression alone keeps its type.
    case template(Template)
    /// A value without any.
    case plain(Value)
    /// A list of such values.
    case array([ValueTemplate])
    /// An object of such values.
    case object([Member])
    /// A list with one such value for each element of another.
    case each(Each)

    /// A member of an object.
    package struct Member: Sendable, Equatable {
        /// Its name.
        package let name: String
        /// Its value.
        package let value: ValueTemplate

        /// Names `value`.
        package init(name: String, value: ValueTemplate) {
            self.name = name
            self.value = value
        }
    }

    /// A list made from a list: `{"$each": "resource.permissions", "as": {…}}` binds each element as `permission`.
    package struct Each: Sendable, Equatable {
        /// The list whose elements are taken.
        package let list: Expression
        /// The name that each element has.
        package let name: String
        /// What is made of each.
        package let element: ValueTemplate

        /// The key by which it is told from an object.
        static let key = "$each"

        init(list: Expression, name: String, element: ValueTemplate) {
            self.list = list
            self.name = name
            self.element = element
        }

        /// What one element of a list is called, by the last word of the path to it.
        static func name(of list: Expression) -> String? {
            var last: String? = if case .name(let name) = list.head { name } else { nil }
            for case .step(let step) in list.links {
                if case .member(let name) = step { last = name }
            }
            return ["resources": "resource", "permissions": "permission"][last ?? ""]
        }

        func values(in bindings: any Bindings) throws(TemplateFailure) -> [Value] {
            guard let found = list.value(in: bindings) else {
                throw TemplateFailure(expression: list.source, reason: .missing)
            }
            guard let elements = found.arrayValue else {
                throw TemplateFailure(expression: list.source, reason: .notList)
            }
            var out: [Value] = []
            for value in elements {
                out.append(try element.value(in: Bound(name: name, value: value, below: bindings)))
            }
            return out
        }
    }

    /// One name over others.
    private struct Bound: Bindings {
        let name: String
        let value: Value
        let below: any Bindings

        func value(of name: String) -> Value? { name == self.name ? value : below.value(of: name) }
    }

    /// The value it makes.
    package func value(in bindings: any Bindings) throws(TemplateFailure) -> Value {
        switch self {
        case .template(let template): return try template.value(in: bindings)
        case .plain(let value): return value
        case .array(let elements):
            var out: [Value] = []
            for element in elements { out.append(try element.value(in: bindings)) }
            return .array(out)
        case .object(let members):
            var out: [(String, Value)] = []
            for member in members { out.append((member.name, try member.value.value(in: bindings))) }
            return .object(Object(out))
        case .each(let each): return .array(try each.values(in: bindings))
        }
    }

    /// The value as it was written, its expressions unevaluated.
    package var written: Value {
        switch self {
        case .template(let template): .string(template.source)
        case .plain(let value): value
        case .array(let elements): .array(elements.map(\.written))
        case .object(let members): .object(Object(members.map { ($0.name, $0.value.written) }))
        case .each(let each): [Each.key: .string(each.list.source), "as": each.element.written]
        }
    }

    /// Every expression in it.
    package var expressions: [Expression] {
        switch self {
        case .template(let template): template.expressions
        case .plain: []
        case .array(let elements): elements.flatMap(\.expressions)
        case .object(let members): members.flatMap(\.value.expressions)
        case .each(let each): [each.list] + each.element.expressions
        }
    }
}
