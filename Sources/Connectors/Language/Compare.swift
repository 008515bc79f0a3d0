// SPDX-License-Identifier: Apache-2.0
import JSON

/// How two values compare in predicates.
enum Compare {
    /// Whether two values are equal; a number equals a text that spells it, since services write both.
    static func areEqual(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.number(let a), .number(let b)):
            if let x = a.int64, let y = b.int64 { return x == y }
            return a.text == b.text || a.double == b.double
        case (.number(let number), .string(let text)), (.string(let text), .number(let number)):
            return number.text == text
        default: return left == right
        }
    }

    /// Whether `left` is less than `right`: numbers by value, texts by their scalars, anything else never.
    static func isLess(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.number(let a), .number(let b)):
            if let x = a.int64, let y = b.int64 { return x < y }
            return a.double < b.double
        case (.string(let a), .string(let b)): return a < b
        case (.number(let number), .string(let text)): return Double(text).map { number.double < $0 } ?? false
        case (.string(let text), .number(let number)): return Double(text).map { $0 < number.double } ?? false
        default: return false
        }
    }
}
