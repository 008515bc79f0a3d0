// SPDX-License-Identifier: Apache-2.0
import Basics
package import Connectors
package import Identity
package import JSON
package import Source
package import Status

/// Opens sessions: puts a definition, a cloud, what a person entered and a credential together.
package struct SessionMaker: Sendable {
    /// What a session is opened for, whether it is in the ledger already or only about to be.
    package struct Subject: Sendable {
        package var key: ConnectionKey
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
            key: ConnectionKey,
            cloud: String?,
            tenant: String,
            credentials: Object,
            registration: String,
            credential: Credential,
            credentialVersion: Int
        ) {
            self.key = key
            self.cloud = cloud
            self.tenant = tenant
            self.credentials = credentials
            self.registration = registration
            self.credential = credential
            self.credentialVersion = credentialVersion
        }
    }

    private let shared: Session.Shared
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
    package func session(_ definition: Definition, for subject: Subject) throws -> Session {
        let cloud = subject.cloud.flatMap { clouds[$0] }
        var names = Names()
        names["credentials"] = .object(subject.credentials)
        names["publisherId"] = publisher(subject).map { .string($0) }
        names["connection"] = .object([
            "path": .string(subject.key.description), "customer": .string(subject.key.customer),
            "name": .string(subject.key.connection),
        ])
        let client = subject.credentials["clientKey"]?.stringValue ?? subject.registration
        let login = definition.auth.token.flatMap { definition.service($0.service) }
        let demand = TokenDemand(
            auth: definition.auth,
            service: login,
            base: login.flatMap { $0.cloud }.flatMap { cloud?.bases[$0] },
            tenant: subject.tenant,
            client: client,
            credential: subject.credential,
            credentialVersion: subject.credentialVersion,
            names: names,
            timeLimit: definition.limits.timeout
        )
        return try Session(
            definition: definition,
            cloud: cloud,
            owner: Session.Owner(
                connection: subject.key.description,
                registration: subject.registration,
                tenant: subject.tenant
            ),
            names: names,
            authority: TokenAuthority(tokens, demand),
            shared: shared
        )
    }

    /// The publisher to name: the connection's own, unless it is none or the customer's own tenant.
    private func publisher(_ subject: Subject) -> String? {
        let entered = subject.credentials["publisherId"]?.stringValue ?? ""
        let isNone = entered.isEmpty || entered.lowercased() == "none" || entered == subject.tenant
        return isNone ? publisherID : entered
    }
}
