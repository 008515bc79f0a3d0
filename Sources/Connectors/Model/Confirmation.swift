// SPDX-License-Identifier: Apache-2.0

/// A question whose answer settles what a step finds no content for: whether the source records at all.
///
/// It is put only where the app holds the permission for it, which nobody needs to grant.
package struct Confirmation: Sendable, Equatable {
    /// Its name within the step.
    package let id: String
    /// What it asks, for people.
    package let title: String
    /// The permission that a fresh token of the request's service must hold.
    package let permission: String
    /// The question.
    package let request: RequestTemplate
    /// Whether the question only reads, whatever its method.
    package let onlyReads: Bool
    /// Holds over an answer that says that the source records.
    package let on: Predicate?
    /// Holds over an answer that says that it does not.
    package let off: Predicate?
    /// What is said where the source records.
    package let sayOn: Template
    /// What is said where it does not.
    package let sayOff: Template

    /// Whether a test may put the question.
    package var mayBeAsked: Bool { request.method == .get || onlyReads }
}

extension Confirmation {
    init(_ node: Node) {
        let empty = Template(literal: "")
        var fields = Fields(node)
        id = fields.required("id")?.identifier() ?? ""
        title = fields.text("title")
        permission = fields.text("permission")
        request =
            fields.required("request").map { RequestTemplate($0, .request) }
            ?? RequestTemplate(service: "", path: Template(literal: "/"))
        onlyReads = fields.flag("reads", else: false)
        on = fields.required("on")?.predicate(.probe)
        off = fields.required("off")?.predicate(.probe)
        var say = fields.required("say").map { Fields($0) }
        sayOn = say?.required("on")?.template(.words) ?? empty
        sayOff = say?.required("off")?.template(.words) ?? empty
        say?.end()
        fields.end()
        if !mayBeAsked {
            node.note(
                .conflict,
                "would send \(request.method.rawValue).",
                fix:
                    "A probe changes nothing: use GET, or say \"reads\": true where the service only reads with it."
            )
        }
    }
}
