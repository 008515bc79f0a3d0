// SPDX-License-Identifier: Apache-2.0
package import JSON

/// What a connection leaves out or blackens of a stream's records, before anything is stored.
///
/// A person's choice and never a definition's: without it every record is stored as it came.
package struct RecordSelection: Sendable, Equatable {
    /// Only records for which it holds are stored; without it, all of them.
    package let `where`: Predicate?
    /// Records for which it holds are left out.
    package let drop: Predicate?
    /// Fields whose values are replaced, by their paths; a list on the way stands for all of its elements.
    package let redact: [FieldPath]

    /// Reads a selection; what is wrong with it is all in the findings, their pointers below `value`.
    package static func read(_ value: Value) -> (selection: RecordSelection?, findings: [Finding]) {
        let sheet = Sheet(file: "select", document: nil)
        let selection = RecordSelection(Node(value: value, at: .root, sheet: sheet))
        return (sheet.findings.isEmpty ? selection : nil, sheet.findings)
    }

    /// Reads a selection that was chosen earlier; nothing where none was.
    ///
    /// Throws where the language no longer reads it, since storing everything instead would show what was to be hidden.
    package static func kept(_ value: Value?) throws(ConnectorFailure) -> RecordSelection? {
        guard let value else { return nil }
        let (selection, findings) = read(value)
        guard let selection else { throw .selection(findings.first?.message ?? "It is damaged.") }
        return selection
    }

    private init(_ node: Node) {
        var fields = Fields(node)
        `where` = fields.optional("where")?.predicate(.event)
        drop = fields.optional("drop")?.predicate(.event)
        redact = fields.optional("redact")?.list(atLeast: 1) { $0.fieldPath() } ?? []
        fields.end()
        if node.value.objectValue?.isEmpty ?? false {
            node.note(
                .missingKey,
                "chooses nothing.",
                fix: "Add \"where\", \"drop\" or \"redact\", or leave it out."
            )
        }
    }

    /// The fields that the conditions read.
    package var names: [String] {
        let paths = (`where`?.paths ?? []) + (drop?.paths ?? [])
        return Set(paths.map(\.name)).sorted()
    }

    /// Whether `record` is to be stored.
    package func keeps(_ record: any Bindings) -> Bool {
        (`where`?.holds(in: record) ?? true) && !(drop?.holds(in: record) ?? false)
    }

    /// It in a few words, such as for a line of status.
    package var words: String {
        let parts = [
            `where`.map { "only where \($0.source)" }, drop.map { "without \($0.source)" },
            redact.isEmpty ? nil : "blackens " + redact.map(\.description).joined(separator: ", "),
        ]
        return parts.compactMap(\.self).joined(separator: "; ")
    }
}
