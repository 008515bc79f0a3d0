// SPDX-License-Identifier: Apache-2.0

/// How connections made with an older version of a definition are carried over.
package struct Migration: Sendable, Equatable {
    /// The versions it applies to, `*` standing for any run of characters.
    package let from: String
    /// Credential fields by old name, with their new names.
    package let rename: [String: String]
    /// Credential fields that are gone.
    package let drop: [String]
    /// What a person is told.
    package let say: String
}

extension Migration {
    init(_ node: Node) {
        var fields = Fields(node)
        from = fields.text("from")
        let pairs = fields.optional("rename")?.members { name, node in node.text().map { (name, $0) } } ?? []
        rename = Dictionary(pairs) { first, _ in first }
        drop = fields.texts("drop")
        say = fields.text("say")
        fields.end()
    }
}
