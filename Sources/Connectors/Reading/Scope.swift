// SPDX-License-Identifier: Apache-2.0
import JSON

/// The names that expressions may use at one place of a definition.
package struct Scope {
    private let roots: Set<String>?
    /// Whether it is a flow's, whose requests may also change things.
    package let isFlow: Bool

    private init(_ roots: Set<String>?, isFlow: Bool = false) {
        self.roots = roots
        self.isFlow = isFlow
    }

    private static let base: Set<String> = [
        "credentials", "cloud", "publisherId", "now", "run", "connection",
    ]

    /// The request for a token and what is sent with it: the only place where secrets may stand.
    static let token = Scope(base.union(["audience", "secrets"]))
    /// A request on behalf of the whole connection.
    package static let request = Scope(base.union(["audience"]))
    /// A request on behalf of one stream.
    static let stream = Scope(base.union(["audience", "stream"]))
    /// A request for a list of a stream.
    static let list = Scope(base.union(["audience", "stream", "window", "cursor"]))
    /// A request for one listed item.
    static let fetch = Scope(base.union(["audience", "stream", "window", "cursor", "item"]))
    /// A condition on an answer.
    static let answer = Scope(base.union(["stream", "response", "item"]))
    /// A condition on what a probe step has found out.
    static let probe = Scope(base.union(["audience", "stream", "response", "claims", "token"]))
    /// A request, a condition or words of a flow.
    ///
    /// What a flow has learnt has members of its own choice; `resource` and `permission` are the elements of lists.
    package static let flow = Scope(
        [
            "answers", "certificate", "cloud", "config", "connection", "credentials", "customer", "handoff",
            "permission", "person", "registration", "resource", "resources", "response", "run", "saved",
        ],
        isFlow: true
    )
    /// A value typed into a form.
    static let form = Scope(["value", "credentials"])
    /// The words for a person; `wait` stands only where a step says how long to wait.
    static let words = Scope(base.union(["stream", "claims", "response", "wait"]))
    /// A stored record, whose fields are the names.
    static let event = Scope(nil)
    /// The two records of a pair, by the names they have in the joined event.
    static func join(_ names: [String]) -> Scope { Scope(Set(names)) }

    /// Whether a joined record may have that name: those of which other things are known are taken.
    static func mayBeJoined(_ name: String) -> Bool {
        !base.union(["secrets", "window", "stream", "response"]).contains(name)
    }

    /// Notes every name in `paths` that means nothing here.
    func check(_ paths: [(name: String, members: [String])], at node: Node, _ rule: Finding.Rule) {
        guard let roots else { return }
        for (name, members) in paths {
            if name == "secrets", !roots.contains(name) {
                node.note(
                    .secret,
                    "uses a secret outside auth.",
                    fix: "Secrets may stand in auth only; leave it out here."
                )
                continue
            }
            guard roots.contains(name) else {
                node.note(
                    rule,
                    "names \"\(name)\", which means nothing here.",
                    fix: "Here stand: \(roots.sorted().joined(separator: ", "))."
                )
                continue
            }
            guard let known = known(name, node.sheet) else { continue }
            guard let member = members.first else {
                node.note(
                    rule,
                    "names \"\(name)\" without saying what of it.",
                    fix: "Write \(name).x, x being one of \(list(known))."
                )
                continue
            }
            if name == "credentials", node.sheet.secrets.contains(member) {
                node.note(
                    .secret,
                    "uses the secret field \"\(member)\" as an ordinary credential.",
                    fix: "Secrets are written secrets.\(member), and in auth only."
                )
            } else if !known.contains(member) {
                node.note(
                    rule,
                    "names \"\(name).\(member)\", which does not exist.",
                    fix: "There are: \(list(known))."
                )
            }
        }
    }

    private func known(_ name: String, _ sheet: Sheet) -> Set<String>? {
        guard !isFlow || ["cloud", "response"].contains(name) else { return nil }
        return switch name {
        case "credentials": sheet.credentials
        case "secrets": sheet.secrets
        case "cloud": sheet.clouds
        case "window": ["start", "end"]
        case "cursor": ["token"]
        case "stream": ["id", "title", "permissions"]
        case "run": ["id"]
        case "wait": ["until"]
        case "response": ["status", "headers", "body", "text"]
        case "connection": ["customer", "id", "path", "name"]
        default: nil
        }
    }

    private func list(_ names: Set<String>) -> String {
        names.isEmpty ? "none" : names.sorted().joined(separator: ", ")
    }
}
