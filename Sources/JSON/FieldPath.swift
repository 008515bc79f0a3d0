// SPDX-License-Identifier: Apache-2.0

/// The way to a field inside an event: member names from the outside inwards.
package struct FieldPath: Sendable, Hashable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// Member names, the outermost first.
    package let names: [String]

    /// The way along `names`.
    package init(_ names: [String]) { self.names = names }
    /// The way along the names of a literal.
    package init(arrayLiteral elements: String...) { names = elements }

    package var description: String { names.joined(separator: ".") }
}
