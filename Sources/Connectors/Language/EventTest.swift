// SPDX-License-Identifier: Apache-2.0
import JSON

/// A condition over stored records that is decided on their bytes wherever they allow it.
///
/// Nearly every record fails at a comparison of a member with a literal; that is done without decoding anything. What
/// is left is evaluated as ``Predicate/holds(in:)`` does, with the same result.
package struct EventTest: Sendable {
    private indirect enum Part: Sendable {
        case and(Part, Part)
        case or(Part, Part)
        case not(Part)
        case equal(column: Int, Value, [UInt8], otherwise: Predicate.Node)
        case general(Predicate.Node)
    }

    private let root: Part

    /// Compiles `predicate` for events whose members `columns` are picked.
    package init(_ predicate: Predicate, _ columns: EventColumns) {
        root = Self.part(predicate.root, columns)
    }

    /// Whether it holds for `event`.
    package func holds(for event: ScannedEvent) -> Bool { Self.holds(root, event) }

    private static func part(_ node: Predicate.Node, _ columns: EventColumns) -> Part {
        switch node {
        case .and(let left, let right): .and(part(left, columns), part(right, columns))
        case .or(let left, let right): .or(part(left, columns), part(right, columns))
        case .not(let inner): .not(part(inner, columns))
        case .compare(let left, .equal, let right): equal(left, right, columns) ?? .general(node)
        case .compare(let left, .unequal, let right): .not(part(.compare(left, .equal, right), columns))
        case .among(let left, let choices): among(left, choices, columns) ?? .general(node)
        default: .general(node)
        }
    }

    private static func equal(_ left: Expression, _ right: Expression, _ columns: EventColumns) -> Part? {
        guard case .name(let name) = left.head, left.links.isEmpty, let column = columns[name],
            case .literal(let literal) = right.head, right.links.isEmpty, let text = literal.plainText,
            !text.contains("\\")
        else { return nil }
        switch literal {
        case .string, .number:
            return .equal(
                column: column,
                literal,
                Array(text.utf8),
                otherwise: .compare(left, .equal, right)
            )
        default: return nil
        }
    }

    private static func among(_ left: Expression, _ choices: [Expression], _ columns: EventColumns) -> Part? {
        var whole: Part?
        for choice in choices {
            guard let part = equal(left, choice, columns) else { return nil }
            whole = whole.map { .or($0, part) } ?? part
        }
        return whole
    }

    private static func holds(_ part: Part, _ event: ScannedEvent) -> Bool {
        switch part {
        case .and(let left, let right): holds(left, event) && holds(right, event)
        case .or(let left, let right): holds(left, event) || holds(right, event)
        case .not(let inner): !holds(inner, event)
        case .equal(let column, let literal, let bytes, let otherwise):
            isEqual(event.raw(column), literal, bytes, in: event.body) ?? Predicate.holds(otherwise, event)
        case .general(let node): Predicate.holds(node, event)
        }
    }

    /// Compares the bytes of a value with a literal's text; `nil` where the bytes do not decide it.
    private static func isEqual(_ raw: Range<Int>?, _ literal: Value, _ bytes: [UInt8], in body: [UInt8])
        -> Bool?
    {
        guard let raw, let first = raw.first.map({ body[$0] }) else { return false }
        if first == UInt8(ascii: "\"") {
            let inner = body[raw.lowerBound + 1..<raw.upperBound - 1]
            // Swift compares texts by what they mean, so only plain ASCII is the same by its bytes.
            if inner.elementsEqual(bytes) { return true }
            return inner.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "\\") } ? false : nil
        }
        guard first == UInt8(ascii: "-") || (0x30...0x39).contains(first) else {
            return first == UInt8(ascii: "n") || first == UInt8(ascii: "t") || first == UInt8(ascii: "f")
                ? false : nil
        }
        let number = body[raw]
        if number.elementsEqual(bytes) { return true }
        guard case .number = literal else { return false }
        // Two whole numbers in their shortest form are equal by their digits only.
        return isWhole(number) && isWhole(bytes[...]) ? false : nil
    }

    private static func isWhole(_ text: ArraySlice<UInt8>) -> Bool {
        text.count < 19 && text.allSatisfy { (0x30...0x39).contains($0) }
    }
}
