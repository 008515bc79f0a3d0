// SPDX-License-Identifier: Apache-2.0
package import JSON

/// One thing of a set-up that is to be another than it is.
package struct SetupDifference: Sendable, Equatable {
    /// What, such as `credentials.publisherId`.
    package let path: String
    /// What it is; `null` for nothing.
    package let before: Value
    /// What it is to be; `null` for nothing.
    package let after: Value

    /// Puts it together from its parts.
    package init(_ path: String, _ before: Value, _ after: Value) {
        self.path = path
        self.before = before
        self.after = after
    }

    /// The difference for machines.
    package var json: Value { ["path": .string(path), "before": before, "after": after] }

    /// The difference for people: `path: before -> after`.
    package var line: String { "\(path): \(Self.words(before)) -> \(Self.words(after))" }

    private static func words(_ value: Value) -> String {
        switch value {
        case .null: "nothing"
        case .string(let text): text
        case .array(let elements) where elements.allSatisfy({ $0.stringValue != nil }):
            elements.compactMap(\.stringValue).joined(separator: ", ")
        default: value.text()
        }
    }

    /// Where the members of two objects differ, in their order.
    static func between(_ before: Object, _ after: Object, at path: String) -> [SetupDifference] {
        let names = before.keys + after.keys.filter { before[$0] == nil }
        return names.compactMap { name in
            let (old, new) = (before[name] ?? .null, after[name] ?? .null)
            return old == new ? nil : SetupDifference(path + "." + name, old, new)
        }
    }
}
