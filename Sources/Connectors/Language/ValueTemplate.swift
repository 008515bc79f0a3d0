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
        }
    }

    /// Every expression in it.
    package var expressions: [Expression] {
        switch self {
        case .template(let template): template.expressions
        case .plain: []
        case .array(let elements): elements.flatMap(\.expressions)
        case .object(let members): members.flatMap(\.value.expressions)
        }
    }
}
