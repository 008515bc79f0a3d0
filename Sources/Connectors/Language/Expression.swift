// SPDX-License-Identifier: Apache-2.0
package import JSON

/// A path into named values, or a literal, with what is done to it: `item.contentId | lower`.
package struct Expression: Sendable, Equatable {
    /// What an expression starts with.
    package enum Head: Sendable, Equatable {
        /// A value written out.
        case literal(Value)
        /// A name that ``Bindings`` know.
        case name(String)
    }

    /// What follows the head.
    package enum Link: Sendable, Equatable {
        /// A step into the value.
        case step(PathStep)
        /// A filter with its arguments.
        case filter(Filter, [Expression])
    }

    /// What it starts with.
    package let head: Head
    /// What follows, in order.
    package let links: [Link]
    /// The text it was compiled from.
    package let source: String

    /// The one value it stands for, a list where it passes through `[*]`, or `nil` where there is none.
    package func value(in bindings: any Bindings) -> Value? {
        let (values, isMany) = evaluate(in: bindings)
        return isMany ? .array(values) : values.first
    }

    /// Every value it stands for: several where it passes through `[*]`, none where there is none.
    package func values(in bindings: any Bindings) -> [Value] { evaluate(in: bindings).values }

    private func evaluate(in bindings: any Bindings) -> (values: [Value], isMany: Bool) {
        var isMany = false
        var values: [Value] =
            switch head {
            case .literal(let value): [value]
            case .name(let name): bindings.value(of: name).map { [$0] } ?? []
            }
        for link in links {
            switch link {
            case .step(let step):
                if step == .any { isMany = true }
                values = values.flatMap { step.follow($0, bindings) }
            case .filter(let filter, let arguments):
                let arguments = arguments.compactMap { $0.value(in: bindings) }
                if filter == .default {
                    if values.isEmpty || values == [.null] { values = arguments }
                } else if filter.gathers, isMany {
                    values = filter.apply(to: .array(values), arguments).map { [$0] } ?? []
                    isMany = false
                } else {
                    values = values.compactMap { filter.apply(to: $0, arguments) }
                }
            }
        }
        return (values, isMany)
    }

    /// Every path that starts with a name, those inside arguments and brackets included.
    package var paths: [(name: String, members: [String])] {
        var found: [(String, [String])] = []
        if case .name(let name) = head {
            var members: [String] = []
            for case .step(.member(let member)) in links.prefix(while: {
                if case .step = $0 { true } else { false }
            }) {
                members.append(member)
            }
            found.append((name, members))
        }
        for link in links {
            switch link {
            case .filter(_, let arguments): found += arguments.flatMap(\.paths)
            case .step(.matching(_, let operand, _)): found += operand.paths
            case .step: break
            }
        }
        return found
    }

    /// Whether it has a value even where its path leads nowhere.
    package var hasDefault: Bool {
        links.contains { if case .filter(.default, _) = $0 { true } else { false } }
    }
}
