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

    package static func int(_ value: Int) -> Value { .number(Number(Int64(value))) }

    /// The number as 64-bit integer, if this is a number that is written as one.
    package var int64: Int64? {
        if case .number(let number) = self { number.int64 } else { nil }
    }

    package var doubleValue: Double? {
        if case .number(let number) = self { number.double } else { nil }
    }

    package var stringValue: String? {
        if case .string(let text) = self { text } else { nil }
    }

    package var boolValue: Bool? {
        if case .bool(let truth) = self { truth } else { nil }
    }

    package var arrayValue: [Value]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    package var objectValue: Object? {
        if case .object(let object) = self { object } else { nil }
    }

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
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .number(Number(value)) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: Value...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, Value)...) { self = .object(Object(elements)) }
    package init(nilLiteral: ()) { self = .null }
}
