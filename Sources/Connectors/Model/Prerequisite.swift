// SPDX-License-Identifier: Apache-2.0

/// Something that must be so at the source before collection can begin.
package struct Prerequisite: Sendable, Equatable {
    /// Its name.
    package let id: String
    /// What must be so.
    package let label: String
    /// Who can make it so.
    package let who: String
    /// Where it is made so.
    package let `where`: String?
    /// How long that takes to act.
    package let takes: String
    /// The probe step that finds out.
    package let checkedBy: String?
    /// What to do where it is not so.
    package let remedy: String?
}

extension Prerequisite {
    init(_ node: Node) {
        var fields = Fields(node)
        id = fields.required("id")?.identifier() ?? ""
        label = fields.text("label")
        who = fields.text("who")
        `where` = fields.optionalText("where")
        takes = fields.text("takes")
        checkedBy = fields.optionalText("checkedBy")
        remedy = fields.optionalText("remedy")
        fields.end()
    }
}
