// SPDX-License-Identifier: Apache-2.0
import JSON

/// A condition over named values, compiled once: `RecordType == 40 and Name|clean startsWith 'Email'`.
///
/// Where a path stands for several values (`[*]`), one that fits is enough; `!=` and `not in` are the exact opposites
/// of `==` and `in`. A comparison with a value that is not there is false.
package struct Predicate: Sendable, Equatable {
    /// How two values are compared.
    package enum Comparison: String, Sendable, CaseIterable {
        case equal = "=="
        case unequal = "!="
        case atMost = "<="
        case less = "<"
        case atLeast = ">="
        case greater = ">"
        case contains, startsWith, endsWith, glob
    }

    /// A part of the condition.
    package indirect enum Node: Sendable, Equatable {
        case and(Node, Node)
        case or(Node, Node)
        case not(Node)
        case compare(Expression, Comparison, Expression)
        case among(Expression, [Expression])
        case exists(Expression)
        case holds(Expression)
    }

    /// Words that cannot be names.
    static let words: Set<String> = [
        "and", "or", "not", "in", "exists", "contains", "startsWith", "endsWith", "glob",
    ]

    /// The condition as a tree.
    package let root: Node
    /// The text it was compiled from.
    package let source: String

    /// Compiles `text`.
    package init(_ text: String) throws(SyntaxProblem) {
        var parser = try ExpressionParser(text)
        root = try parser.predicate()
        try parser.expectEnd()
        source = text
    }

    /// Whether it holds for the values of `bindings`.
    package func holds(in bindings: any Bindings) -> Bool { Self.holds(root, bindings) }

    /// Every path it reads.
    package var paths: [(name: String, members: [String])] { Self.expressions(root).flatMap(\.paths) }

    static func holds(_ node: Node, _ bindings: any Bindings) -> Bool {
        switch node {
        case .and(let left, let right): return holds(left, bindings) && holds(right, bindings)
        case .or(let left, let right): return holds(left, bindings) || holds(right, bindings)
        case .not(let inner): return !holds(inner, bindings)
        case .exists(let expression): return expression.values(in: bindings).contains { $0 != .null }
        case .holds(let expression): return expression.values(in: bindings).contains(true)
        case .among(let left, let choices):
            let wanted = choices.flatMap { choice -> [Value] in
                choice.values(in: bindings).flatMap { $0.arrayValue ?? [$0] }
            }
            return left.values(in: bindings).contains { value in
                wanted.contains { Compare.areEqual(value, $0) }
            }
        case .compare(let left, .unequal, let right): return !holds(.compare(left, .equal, right), bindings)
        case .compare(let left, let comparison, let right):
            let rights = right.values(in: bindings)
            return left.values(in: bindings).contains { value in
                rights.contains { compare(value, comparison, $0) }
            }
        }
    }

    private static func compare(_ left: Value, _ comparison: Comparison, _ right: Value) -> Bool {
        switch comparison {
        case .equal: return Compare.areEqual(left, right)
        case .unequal: return !Compare.areEqual(left, right)
        case .less: return Compare.isLess(left, right)
        case .greater: return Compare.isLess(right, left)
        case .atMost: return Compare.isLess(left, right) || Compare.areEqual(left, right)
        case .atLeast: return Compare.isLess(right, left) || Compare.areEqual(left, right)
        case .contains:
            if let elements = left.arrayValue { return elements.contains { Compare.areEqual($0, right) } }
            return texts(left, right) { $0.contains($1) }
        case .startsWith: return texts(left, right) { $0.hasPrefix($1) }
        case .endsWith: return texts(left, right) { $0.hasSuffix($1) }
        case .glob: return texts(left, right) { Text.matches($0, glob: $1) }
        }
    }

    private static func texts(_ left: Value, _ right: Value, _ test: (String, String) -> Bool) -> Bool {
        guard let a = left.plainText, let b = right.plainText else { return false }
        return test(a, b)
    }

    private static func expressions(_ node: Node) -> [Expression] {
        switch node {
        case .and(let left, let right), .or(let left, let right): expressions(left) + expressions(right)
        case .not(let inner): expressions(inner)
        case .compare(let left, _, let right): [left, right]
        case .among(let left, let choices): [left] + choices
        case .exists(let expression), .holds(let expression): [expression]
        }
    }
}
