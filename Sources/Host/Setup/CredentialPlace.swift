// SPDX-License-Identifier: Apache-2.0
package import Connectors
import Identity
import JSON
package import Source
import Status
package import Store

/// Where at its provider a field's value is looked after, in the definition's words.
package struct CredentialPlace: Sendable, Equatable {
    /// What the definition calls it.
    package let label: String
    /// The way there, for people.
    package let path: String?
    /// A link to it.
    package let link: String?

    /// The place of a credential of this kind; `nil` where the definition takes none or says no place.
    package init?(
        _ kind: Store.Credential.Kind,
        _ connection: Connection,
        _ definition: Definition,
        _ maker: SessionMaker
    ) {
        self.init(
            definition.credentials.first { $0.kind.rawValue == kind.rawValue },
            connection,
            definition,
            maker
        )
    }

    /// The place of the field with this name; `nil` where the definition has none or says no place.
    package init?(
        field: String,
        _ connection: Connection,
        _ definition: Definition,
        _ maker: SessionMaker
    ) {
        self.init(definition.credential(field), connection, definition, maker)
    }

    private init?(
        _ field: CredentialField?,
        _ connection: Connection,
        _ definition: Definition,
        _ maker: SessionMaker
    ) {
        guard let field, field.where != nil || field.link != nil else { return nil }
        label = field.label
        path = field.where
        let session = try? maker.session(
            definition,
            for: SessionMaker.Subject(
                customer: connection.key.customer,
                connection: connection.key.connection,
                cloud: connection.cloud,
                tenant: connection.tenant,
                credentials: connection.credentials.objectValue ?? [:],
                registration: connection.registration ?? "",
                credential: .federatedFile(""),
                credentialVersion: 0
            )
        )
        // A cloud without a portal has no link; the way in words stands all the same.
        link = session.flatMap { session in try? field.link?.text(in: session.bindings("")) }
            .flatMap { $0.isEmpty ? nil : $0 }
    }
}
