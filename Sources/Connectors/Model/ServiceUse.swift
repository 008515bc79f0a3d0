// SPDX-License-Identifier: Apache-2.0
package import JSON

/// A service that requests go to: one of the cloud's, or one whose base the definition declares.
package struct ServiceUse: Sendable, Equatable {
    /// Where in an answer's body an error code stands.
    package struct CodeSource: Sendable, Equatable {
        /// The place; a list there gives several codes.
        package let pointer: Pointer
        /// What is put before each code found.
        package let prefix: String
        /// Takes the text up to this only, where it is given.
        package let upTo: String?
    }

    /// The name that requests use.
    package let name: String
    /// Its name in clouds.json, when it is the cloud's.
    package let cloud: String?
    /// Its base, when the definition declares it.
    package let base: Template?
    /// The audiences of its tokens, when they are not the cloud's.
    package let audiences: [String]
    /// Where error codes stand in its answers, in the order they are looked for.
    package let errorCode: [CodeSource]
    /// Where error messages stand in its answers.
    package let errorMessage: [Pointer]
    /// The answer's header that names the request in the service's own log.
    package let requestID: String?
}

extension ServiceUse {
    init(_ name: String, _ node: Node) {
        self.name = name
        var fields = Fields(node)
        cloud = fields.optionalText("cloud")
        base = fields.optional("base")?.template(.request)
        audiences =
            fields.optional("audience").map { node in
                node.value.stringValue == nil ? node.texts(atLeast: 1) : node.text().map { [$0] } ?? []
            } ?? []
        errorCode = fields.list("errorCode") { CodeSource($0) }
        errorMessage = fields.list("errorMessage") { $0.pointer() }
        requestID = fields.optionalText("requestId")
        fields.end()
        if (cloud == nil) == (base == nil) {
            node.note(
                .conflict,
                "must say either \"cloud\" or \"base\".",
                fix: "Name the cloud's service, or give a base address."
            )
        }
        if let cloud, !node.sheet.clouds.contains(cloud) {
            node.note(
                .reference,
                "names \"\(cloud)\", which clouds.json does not have.",
                fix: "There are: \(node.sheet.clouds.sorted().joined(separator: ", "))."
            )
        }
    }
}

extension ServiceUse.CodeSource {
    init?(_ node: Node) {
        if node.value.stringValue != nil {
            guard let pointer = node.pointer() else { return nil }
            self.init(pointer: pointer, prefix: "", upTo: nil)
            return
        }
        var fields = Fields(node)
        let pointer = fields.required("pointer")?.pointer() ?? .root
        let prefix = fields.optionalText("prefix") ?? ""
        let upTo = fields.optionalText("upTo")
        fields.end()
        self.init(pointer: pointer, prefix: prefix, upTo: upTo)
    }
}
