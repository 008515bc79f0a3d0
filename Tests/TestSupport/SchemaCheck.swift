// SPDX-License-Identifier: Apache-2.0
package import JSON

/// Holds a value against a schema of `docs/schemas`, as far as those schemas go.
///
/// Knows type, enum, const, properties, required, additionalProperties, items, minimum, anyOf and `$ref` into `$defs`;
/// the full language is checked in CI by python3-jsonschema.
package struct SchemaCheck {
    private let root: Value

    /// A check against the schema in this document.
    package init(_ schema: Value) { root = schema }

    /// What is wrong, each with its place; empty when the value fits.
    package func problems(_ value: Value) -> [String] { problems(value, root, "") }

    private func problems(_ value: Value, _ schema: Value, _ path: String) -> [String] {
        if let name = schema["$ref"]?.stringValue {
            guard let target = root["$defs"]?[String(name.dropFirst("#/$defs/".count))] else {
                return ["\(path): \(name) is not there"]
            }
            return problems(value, target, path)
        }
        var found: [String] = []
        if let choices = schema["anyOf"]?.arrayValue {
            let tries = choices.map { problems(value, $0, path) }
            if !tries.contains(where: \.isEmpty) { found += tries.last ?? [] }
        }
        if let kinds = schema["type"].map({ $0.arrayValue ?? [$0] })?.compactMap(\.stringValue) {
            let isInteger = value.int64 != nil && kinds.contains("integer")
            if !isInteger, !kinds.contains(value.kind) {
                return found + ["\(path): is \(value.kind), not \(kinds)"]
            }
        }
        if let choices = schema["enum"]?.arrayValue, !choices.contains(value) {
            found.append("\(path): is none of \(choices.compactMap(\.stringValue))")
        }
        if let only = schema["const"], only != value { found.append("\(path): is not \(only)") }
        if let least = schema["minimum"]?.int64, let number = value.int64, number < least {
            found.append("\(path): is below \(least)")
        }
        if let items = schema["items"] {
            for (index, element) in (value.arrayValue ?? []).enumerated() {
                found += problems(element, items, "\(path)/\(index)")
            }
        }
        if let object = value.objectValue { found += members(object, schema, path) }
        return found
    }

    private func members(_ object: Object, _ schema: Value, _ path: String) -> [String] {
        let known = schema["properties"]?.objectValue ?? Object()
        var found: [String] = []
        for name in (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue) where object[name] == nil
        {
            found.append("\(path): lacks \(name)")
        }
        for (name, value) in object {
            if let inner = known[name] {
                found += problems(value, inner, "\(path)/\(name)")
            } else if schema["additionalProperties"]?.boolValue == false {
                found.append("\(path): has \(name), which the schema does not know")
            }
        }
        return found
    }
}
