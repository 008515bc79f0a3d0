// SPDX-License-Identifier: Apache-2.0
import JSON

/// One step of a path into a value.
package enum PathStep: Sendable, Equatable {
    /// The member of that name.
    case member(String)
    /// The element at that place, the last being -1.
    case index(Int)
    /// Every element.
    case any
    /// The first element whose member equals a value.
    case matching(key: String, equals: Expression, caseBlind: Bool)

    /// The values this step leads to from `value`.
    func follow(_ value: Value, _ bindings: any Bindings) -> [Value] {
        switch self {
        case .member(let name): return value[name].map { [$0] } ?? []
        case .index(let place):
            guard let elements = value.arrayValue else { return [] }
            let i = place < 0 ? elements.count + place : place
            return elements.indices.contains(i) ? [elements[i]] : []
        case .any: return value.arrayValue ?? []
        case .matching(let key, let operand, let caseBlind):
            guard let elements = value.arrayValue, let wanted = operand.value(in: bindings) else { return [] }
            let found = elements.first { element in
                guard let member = element[key] else { return false }
                if caseBlind, let a = member.plainText, let b = wanted.plainText {
                    return a.lowercased() == b.lowercased()
                }
                return Compare.areEqual(member, wanted)
            }
            return found.map { [$0] } ?? []
        }
    }
}
