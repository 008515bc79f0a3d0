// SPDX-License-Identifier: Apache-2.0

/// A permission that the app must hold, with the reason why.
package struct Permission: Sendable, Equatable {
    /// Its name, as a token and the portal show it.
    package let value: String
    /// Its id at the resource.
    package let id: String
    /// The API that grants it, by the name people see.
    package let resource: String
    /// The API's own app id.
    package let resourceAppID: String
    /// The service whose tokens show it.
    package let service: String
    /// Why it is needed, in a sentence.
    package let why: String
    /// Whether collection goes on without it, less the streams that need it.
    package let isOptional: Bool
}

extension Permission {
    init(_ node: Node) {
        var fields = Fields(node)
        value = fields.text("value")
        id = fields.text("id")
        resource = fields.text("resource")
        resourceAppID = fields.text("resourceAppId")
        service = fields.text("service")
        why = fields.text("why")
        isOptional = fields.flag("optional", else: false)
        fields.end()
    }
}
