// SPDX-License-Identifier: Apache-2.0

/// The fields to pick as a tree of names, laid out flat so that the walk compares raw bytes without a call.
struct Picks {
    /// A name on the way to a field.
    struct Node {
        var name: [UInt8] = []
        /// The first eight bytes of the name, the first in the lowest.
        var head: UInt64 = 0
        var parent = -1
        var field = -1
        var children: [Int] = []
        /// Bit n stands for a child whose name has n bytes; bit 63 for all longer ones.
        var lengths: UInt64 = 0
        /// All fields at and below this node.
        var below: [Int] = []
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
        if let known = nodes[parent].children.first(where: { nodes[$0].name == name }) { return known }
        var node = Node()
        node.name = name
        node.parent = parent
        for (offset, byte) in name.prefix(8).enumerated() { node.head |= UInt64(byte) << UInt64(offset * 8) }
        nodes[parent].lengths |= 1 << UInt64(min(name.count, 63))
        nodes[parent].children.append(nodes.count)
        nodes.append(node)
        return nodes.count - 1
    }
}
