// SPDX-License-Identifier: Apache-2.0
import JSON

/// A host that requests may go to besides those of the cloud's services.
package enum HostRule: Sendable, Equatable {
    /// That host.
    case exactly(String)
    /// The host that a person entered into a field, if it ends so.
    case entered(credential: String, mustEndWith: String)
}

extension HostRule {
    init?(_ node: Node) {
        if let text = node.value.stringValue {
            // What stands on this machine may be tried out as well: nothing leaves it.
            guard Text.isDomain(text) || BaseURL.isLoopback(text) else {
                node.note(
                    .host,
                    "is no host name: \"\(text)\".",
                    fix: "Write such as \"api.example.com\", without a scheme."
                )
                return nil
            }
            self = .exactly(text.lowercased())
            return
        }
        var fields = Fields(node)
        let credential = fields.text("credential")
        let ending = fields.text("mustEndWith")
        fields.end()
        if !ending.hasPrefix(".") || !Text.isDomain("x" + ending) {
            node.note(
                .host,
                "lets a person enter almost any host.",
                fix: "Make mustEndWith a dot and a domain, such as \".example.com\"."
            )
        }
        self = .entered(credential: credential, mustEndWith: ending.lowercased())
    }
}
