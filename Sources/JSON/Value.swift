// SPDX-License-Identifier: Apache-2.0

/// A JSON value as a tree, for small documents; events are never made into one.
package indirect enum Value: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Number)
    case string(String)
    case array([Value])
    case object(Object)

    /// A whole number.
    package static func int(_ value: Int64) -> Value { .number(Number(value)) }

    /// A whole number.
    package static func int(_ value: Int) -> Value { .number(Number(Int64(value))) }

    /// The number as 64-bit integer, if this is a number that is written as one.
    package var int64: Int64? {
        if case .number(let number) = self { number.int64 } else { nil }
    }

    /// The nearest double, if this is a number.
    package var doubleValue: Double? {
        if case .number(let number) = self { number.double } else { nil }
    }

    /// The text, if this is a string.
    package var stringValue: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The truth value, if this is one.
    package var boolValue: Bool? {
        if case .bool(let truth) = self { truth } else { nil }
    }

    /// The elements, if this is an array.
    package var arrayValue: [Value]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members, if this is an object.
    package var objectValue: Object? {
        if case .object(let object) = self { object } else { nil }
    }

    /// Whether this is `null`.
    package var isNull: Bool { self == .null }

    /// What kind of value this is, in a word for people.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// The member called `key`, if this is an object that has it.
    package subscript(key: String) -> Value? { objectValue?[key] }

    /// The element at `index`, if this is an array that has it.
    package subscript(index: Int) -> Value? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The value that `pointer` leads to.
    package subscript(pointer: Pointer) -> Value? {
        var place = self
        for token in pointer.tokens {
            switch place {
            case .object(let object):
                guard let next = object[token] else { return nil }
                place = next
            case .array(let elements):
                guard let index = Pointer.index(token), index < elements.count else { return nil }
                place = elements[index]
            default: return nil
            }
        }
        return place
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// A string.
    package init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    package init(integerLiteral value: Int64) { self = .number(Number(value)) }
    /// A truth value.
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An array.
    package init(arrayLiteral elements: Value...) { self = .array(elements) }
    /// An object with its members in the order of the literal.
    package init(dictionaryLiteral elements: (String, Value)...) { self = .object(Object(elements)) }
    /// A `null`.
    package init(nilLiteral: ()) { self = .null }
}
