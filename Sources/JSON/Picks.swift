// SPDX-License-Identifier: Apache-2.0

/// The fields to pick as a tree of names, laid out flat so that the walk compares raw bytes without a call.
struct Picks {
    /// A name on the way to a field.
    struct Node {
        var name: [UInt8] = []
        /// The first eight bytes of the name, the first in the lowest.
        var head: UInt64 = 0
        /// The last eight bytes of a name that has more than eight.
        var tail: UInt64 = 0
        var parent = -1
        var field = -1
        /// The first child.
        var child = -1
        /// The parent's next child.
        var sibling = -1
        /// Bit n stands for a child whose name has n bytes, or n more than a multiple of 64.
        var lengths: UInt64 = 0
        /// All fields at and below this node.
        var below: [Int] = []
        /// Whether its value fills more than the field of its own.
        var isShared: Bool { below.count > 1 || field < 0 }
    }

    private(set) var nodes = [Node()]

    init(_ fields: [FieldPath]) {
        for (field, path) in fields.enumerated() {
            var place = 0
            for name in path.names {
                nodes[place].below.append(field)
                place = child(Array(name.utf8), of: place)
            }
            nodes[place].below.append(field)
            // Two equal paths share a node; the second one reads the first one's place, see `twins`.
            if nodes[place].field >= 0 {
                twins.append((field, nodes[place].field))
            } else {
                nodes[place].field = field
            }
        }
    }

    /// Fields asked for twice, each with the one that is really filled.
    private(set) var twins: [(copy: Int, original: Int)] = []

    private mutating func child(_ name: [UInt8], of parent: Int) -> Int {
        var last = -1
        var known = nodes[parent].child
        while known >= 0 {
            if nodes[known].name == name { return known }
            (last, known) = (known, nodes[known].sibling)
        }
        var node = Node()
        node.name = name
        node.parent = parent
        for (offset, byte) in name.prefix(8).enumerated() { node.head |= UInt64(byte) << UInt64(offset * 8) }
        if name.count > 8 {
            for (offset, byte) in name.suffix(8).enumerated() {
                node.tail |= UInt64(byte) << UInt64(offset * 8)
            }
        }
        nodes[parent].lengths |= 1 &<< UInt64(name.count)
        if last < 0 { nodes[parent].child = nodes.count } else { nodes[last].sibling = nodes.count }
        nodes.append(node)
        return nodes.count - 1
    }
}
