// SPDX-License-Identifier: Apache-2.0
import Basics
package import Connectors
package import Identity
package import JSON

/// Opens sessions: puts a definition, a cloud, what a person entered and a credential together.
///
/// The one place where that is done, for the host, for onboarding and for rehearsals alike.
package struct SessionMaker: Sendable {
    /// What a session is opened for, whether it is set up already or only about to be.
    package struct Subject: Sendable {
        /// The customer's id.
        package var customer: String
        /// The connection's id within the customer.
        package var connection: String
        /// The cloud by its name; `nil` where no service comes from one.
        package var cloud: String?
        /// The tenant's id, or the identity's value where there is no tenant.
        package var tenant: String
        /// What was entered, without secrets, by the definition's names.
        package var credentials: Object
        /// The registration's id; equal ids share quotas.
        package var registration: String
        package var credential: Credential
        /// Counts up with every change of the credential.
        package var credentialVersion: Int

        /// Puts it together from its parts.
        package init(
            customer: String,
            connection: String,
            cloud: String?,
            tenant: String,
            credentials: Object,
            registration: String,
            credential: Credential,
            credentialVersion: Int
        ) {
            self.customer = customer
            self.connection = connection
            self.cloud = cloud
            self.tenant = tenant
            self.credentials = credentials
            self.registration = registration
            self.credential = credential
            self.credentialVersion = credentialVersion
        }

        /// The connection's whole name, such as `contoso/o365`.
        var path: String { "\(customer)/\(connection)" }
    }

    /// What all sessions share.
    package let shared: Session.Shared
    private let tokens: Tokens
    private let clouds: Clouds
    /// The provider's own tenant, sent where a connection names no publisher of its own.
    private let publisherID: String?

    /// Puts it together from its parts.
    package init(shared: Session.Shared, tokens: Tokens, clouds: Clouds, publisherID: String?) {
        self.shared = shared
        self.tokens = tokens
        self.clouds = clouds
        self.publisherID = publisherID
    }

    /// Opens a session; throws ``Unrenderable`` where an address cannot be made of what was entered.
    package func session(_ definition: Definition, for subject: Subject) throws(Unrenderable) -> Session {
        let cloud = subject.cloud.flatMap { clouds[$0] }
        var names = Names()
        names["credentials"] = .object(subject.credentials)
        names["publisherId"] = publisher(subject).map { .string($0) }
        names["connection"] = .object([
            "path": .string(subject.path), "customer": .string(subject.customer),
            "id": .string(subject.connection), "name": .string(subject.connection),
        ])
        names["cloud"] = Session.name(of: cloud)
        let demand = try TokenDemand(
            definition: definition,
            cloud: cloud,
            tenant: subject.tenant,
            client: subject.credentials["clientKey"]?.stringValue ?? subject.registration,
            credential: subject.credential,
            credentialVersion: subject.credentialVersion,
            names: names,
            secrets: Self.secrets(of: definition, subject.credential)
        )
        return try Session(
            definition: definition,
            cloud: cloud,
            owner: Session.Owner(
                connection: subject.path,
                registration: subject.registration,
                tenant: subject.tenant
            ),
            names: names,
            authority: TokenAuthority(tokens, demand),
            shared: shared
        )
    }

    /// The secret under the name of the field that it was asked for by; a connection has one credential.
    private static func secrets(of definition: Definition, _ credential: Credential) -> [String: Secret] {
        guard case .secret(let secret) = credential,
            let field = definition.credentials.first(where: { $0.kind == .secret })
        else { return [:] }
        return [field.name: secret]
    }

    /// The publisher to name: the connection's own, unless it is none or the customer's own tenant.
    private func publisher(_ subject: Subject) -> String? {
        let entered = subject.credentials["publisherId"]?.stringValue ?? ""
        let isNone = entered.isEmpty || entered.lowercased() == "none" || entered == subject.tenant
        return isNone ? publisherID : entered
    }
}
