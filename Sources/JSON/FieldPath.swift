// SPDX-License-Identifier: Apache-2.0

/// The way to a field inside an event: member names from the outside inwards.
package struct FieldPath: Sendable, Hashable, ExpressibleByArrayLiteral, CustomStringConvertible {
    package let names: [String]

    package init(_ names: [String]) { self.names = names }
    package init(arrayLiteral elements: String...) { names = elements }

    package var description: String { names.joined(separator: ".") }
}
