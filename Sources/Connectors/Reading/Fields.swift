// SPDX-License-Identifier: Apache-2.0
import Basics
package import JSON

/// The members of one object, taken one by one; what nobody takes is unknown and refused.
package struct Fields {
    package let node: Node
    private let object: Object
    private let isObject: Bool
    private let origins: [String: Pointer]
    private var known: Set<String> = []

    /// Reads `node` as an object; `origins` says where inherited members stand.
    package init(_ node: Node, origins: [String: Pointer] = [:]) {
        self.node = node
        self.origins = origins
        isObject = node.value.objectValue != nil
        object = node.value.objectValue ?? Object([])
        if !isObject { node.wrongType("an object in braces") as Void? }
    }

    /// The names of all members, in order.
    package var keys: [String] { object.members.map(\.key) }

    /// The member `key`, if it is there.
    package mutating func optional(_ key: String) -> Node? {
        known.insert(key)
        guard let value = object[key] else { return nil }
        return Node(value: value, at: origins[key] ?? node.at.appending(key), sheet: node.sheet)
    }

    /// The member `key`, noted as missing where it is not there.
    package mutating func required(_ key: String) -> Node? {
        if let node = optional(key) { return node }
        if isObject {
            node.sheet.note(.missingKey, node.at, "\"\(key)\" is missing here.", fix: "Add \"\(key)\".")
        }
        return nil
    }

    /// The text `key`, which must be there.
    package mutating func text(_ key: String) -> String { required(key)?.text() ?? "" }
    /// The text `key`, if it is there.
    package mutating func optionalText(_ key: String) -> String? { optional(key)?.text() }
    /// The truth value `key`, `other` where it is not there.
    package mutating func flag(_ key: String, else other: Bool) -> Bool { optional(key)?.flag() ?? other }
    /// The duration `key`, `other` where it is not there.
    package mutating func span(_ key: String, else other: Duration) -> Duration {
        optional(key)?.span() ?? other
    }
    /// The texts of the list `key`, none where it is not there.
    package mutating func texts(_ key: String) -> [String] { optional(key)?.texts() ?? [] }
    /// What `read` makes of the elements of the list `key`, none where it is not there.
    package mutating func list<Element>(_ key: String, _ read: (Node) -> Element?) -> [Element] {
        optional(key)?.list(read) ?? []
    }

    /// Notes every member that nobody took.
    package func end() {
        for member in object.members where !known.contains(member.key) {
            let near = Near.miss(member.key, among: known).map { "Did you mean \"\($0)\"? " } ?? ""
            node.sheet.note(
                .unknownKey,
                origins[member.key] ?? node.at.appending(member.key),
                "\"\(member.key)\" is no key of the language at this place.",
                fix: near + "Keys here: \(known.sorted().joined(separator: ", "))."
            )
        }
    }
}
