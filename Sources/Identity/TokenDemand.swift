// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
import JSON

/// Everything a token is asked for with; equal demands share one token.
package struct TokenDemand: Sendable {
    /// How the definition says to ask.
    package var auth: Auth
    /// The service that gives tokens, whose error codes tell an unknown audience; nil where none are given.
    package var service: ServiceUse?
    /// The base of that service.
    package var base: BaseURL?
    package var tenant: String
    /// The app's id.
    package var client: String
    /// The names of the API the token is for, tried in order until one is known to the tenant.
    package var audiences: [String]
    package var credential: Credential
    /// Changes whenever the credential does, so that no token outlives the credential it came by.
    package var credentialVersion: Int
    /// What expressions may name, `audience` and `secrets` excepted, which are added.
    package var names: Names
    /// The secret fields by name, for the kinds that send them as they are.
    package var secrets: [String: Secret]
    package var timeLimit: Duration

    /// Demands a token; a definition without tokens needs neither service nor base.
    package init(
        auth: Auth,
        service: ServiceUse? = nil,
        base: BaseURL? = nil,
        tenant: String,
        client: String,
        audiences: [String] = [],
        credential: Credential,
        credentialVersion: Int = 0,
        names: Names = Names(),
        secrets: [String: Secret] = [:],
        timeLimit: Duration = .seconds(60)
    ) {
        self.auth = auth
        self.service = service
        self.base = base
        self.tenant = tenant
        self.client = client
        self.audiences = audiences
        self.credential = credential
        self.credentialVersion = credentialVersion
        self.names = names
        self.secrets = secrets
        self.timeLimit = timeLimit
    }

    /// What tells tokens apart.
    struct Key: Hashable, Sendable {
        let base: String
        let tenant: String
        let client: String
        let audiences: [String]
        let credentialVersion: Int
    }

    var key: Key {
        Key(
            base: base?.text ?? "",
            tenant: tenant,
            client: client,
            audiences: audiences,
            credentialVersion: credentialVersion
        )
    }

    /// The names with `audience` and the secrets; lives no longer than the request it is for.
    func bindings(audience: String) -> Names {
        let revealed = secrets.sorted { $0.key < $1.key }.map {
            ($0.key, $0.value.reveal { Value.string($0) })
        }
        return names.with("audience", .string(audience)).with("secrets", .object(Object(revealed)))
    }
}
