// SPDX-License-Identifier: Apache-2.0
package import Basics
import JSON

/// Where a service tells the secrets of an app with their ends, so that nobody needs to declare one.
///
/// It is asked only where the app holds the permission for it, which nobody needs to grant.
package struct EndList: Sendable, Equatable {
    /// The permission that a fresh token of the request's service must hold.
    package let permission: String
    /// The question; it only reads.
    package let request: RequestTemplate
    /// The secrets, over `response`.
    package let each: Expression
    /// Where a secret says its first letters, over its own fields.
    package let hint: Expression
    /// Where a secret says when it ends, over its own fields.
    package let end: Expression

    /// When the secret ends that the app proves itself with; `nil` where the answer does not tell it apart from others.
    ///
    /// `begins` says whether that secret begins with the letters given.
    package func end(in bindings: any Bindings, begins: (String) -> Bool) -> Timestamp? {
        let all = each.values(in: bindings).map { value in
            (
                hint: hint.values(in: Entry(value: value)).lazy.compactMap(\.stringValue).first ?? "",
                entry: value
            )
        }
        let own = all.filter { !$0.hint.isEmpty && begins($0.hint) }
        let candidates = own.isEmpty && all.count == 1 && all[0].hint.isEmpty ? all : own
        let ends = candidates.map { candidate in
            end.values(in: Entry(value: candidate.entry)).lazy.compactMap(\.stringValue).first.flatMap {
                Timestamp(iso8601: $0)
            }
        }
        // Two that begin alike cannot be told apart, which does not matter where they end together.
        guard let first = ends.first, let end = first, ends.allSatisfy({ $0 == end }) else { return nil }
        return end
    }

    /// A secret whose fields are the names.
    private struct Entry: Bindings {
        let value: Value

        func value(of name: String) -> Value? { value[name] }
    }
}

extension EndList {
    init?(_ node: Node) {
        var fields = Fields(node)
        permission = fields.text("permission")
        request =
            fields.required("request").map { RequestTemplate($0, .request) }
            ?? RequestTemplate(service: "", path: Template(literal: "/"))
        let each = fields.required("each")?.listPath(.probe)
        let hint = fields.required("hint")?.expression(.event)
        let end = fields.required("end")?.expression(.event)
        fields.end()
        guard let each, let hint, let end else { return nil }
        self.each = each
        self.hint = hint
        self.end = end
        if request.method != .get {
            node.note(
                .conflict,
                "would send \(request.method.rawValue).",
                fix: "A probe changes nothing: use GET."
            )
        }
    }
}
