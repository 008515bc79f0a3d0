// SPDX-License-Identifier: Apache-2.0
import JSON

/// How connections made with an older version of a definition are carried over, in one step to the present one.
package struct Migration: Sendable, Equatable {
    /// The versions it applies to, `*` standing for any run of characters.
    package let from: String
    /// Credential fields by old name, with their new names.
    package let rename: [String: String]
    /// Credential fields that are gone.
    package let drop: [String]
    /// Values of fields that a connection has none for, by their new names.
    package let `default`: [String: String]
    /// What a person is told.
    package let say: String

    /// `credentials` as the present version names them; what is given already is never overwritten.
    func carried(_ credentials: Object) -> Object {
        var carried = Object()
        for (name, value) in credentials where !drop.contains(name) && rename[name] == nil {
            carried[name] = value
        }
        for (old, new) in rename.sorted(by: { $0.key < $1.key }) {
            guard let value = credentials[old], carried[new] == nil else { continue }
            carried[new] = value
        }
        for (name, value) in self.default.sorted(by: { $0.key < $1.key }) where carried[name] == nil {
            carried[name] = .string(value)
        }
        return carried
    }
}

extension Migration {
    init(_ node: Node) {
        var fields = Fields(node)
        from = fields.text("from")
        rename = fields.optional("rename")?.dictionary() ?? [:]
        drop = fields.texts("drop")
        `default` = fields.optional("default")?.dictionary() ?? [:]
        say = fields.text("say")
        fields.end()
        if !from.isEmpty, !from.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == "." || $0 == "*") }) {
            node.note(.value, "is for no version: \"\(from)\".", fix: "Write such as \"1.*\" or \"1.2.*\".")
        }
    }
}

extension Definition {
    /// Notes migrations that name fields which are not there, or would make another connection of one.
    func checkMigrations(_ note: Note, _ top: Pointer) {
        for (i, migration) in migrations.enumerated() {
            let at = top.appending("migrations").appending(i)
            for name in migration.rename.values.sorted() + migration.default.keys.sorted()
            where credential(name) == nil {
                note(
                    .reference,
                    at,
                    "\"\(name)\" is no credential of this definition.",
                    "There are: \(credentials.map(\.name).joined(separator: ", "))."
                )
            }
            for name in migration.drop + migration.rename.keys.sorted() where credential(name) != nil {
                note(
                    .conflict,
                    at,
                    "The migration takes away \"\(name)\", which is a credential of this definition.",
                    "Leave it out, or take the field out of \"credentials\"."
                )
            }
            for name in migration.rename.values.sorted() + migration.default.keys.sorted()
            where identity.contains(name) {
                note(
                    .conflict,
                    at,
                    "The migration makes up \"\(name)\", by which records are told from another connection's.",
                    "Keep the fields of \"identity\", or give the definition another id."
                )
            }
            for name in migration.default.keys.sorted() where credential(name)?.isSecret == true {
                note(.secret, at, "The migration has a default for the secret \"\(name)\".", "Leave it out.")
            }
        }
    }
}
