// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
import HTTPClient
package import Identity

/// Proves by the tokens and keys of one registration in one tenant.
package struct TokenAuthority: Authority {
    private let tokens: Tokens
    private let demand: TokenDemand

    /// Proves by `tokens`; `demand` says everything but the audiences.
    package init(_ tokens: Tokens, _ demand: TokenDemand) {
        self.tokens = tokens
        self.demand = demand
    }

    /// A token or key for one of `audiences`; a refused token is forgotten unless a newer one is there already.
    package func proof(for audiences: [String], refused: Proof?) async throws -> Proof {
        var demand = demand
        demand.audiences = audiences
        do {
            if let token = refused?.token { await tokens.invalidate(demand, refused: token) }
            let found = try await tokens.authorisation(for: demand)
            return Proof(
                headers: [found.header],
                id: found.token.map { String($0.number) } ?? "key",
                claims: found.token?.claims?.payload,
                token: found.token,
                isRenewable: found.token != nil
            )
        } catch let error as TokenRefused {
            throw NoProof(answer(error.response, error.trouble, nil), response: error.response)
        } catch let error as IdentityFailure {
            throw NoProof(answer(nil, .invalidRequest, error.description))
        } catch let error as Failure {
            guard error.code != .stopped else { throw CancellationError() }
            throw NoProof(answer(nil, Trouble(error.code), error.detail))
        }
    }

    private func answer(_ response: Response?, _ trouble: Trouble?, _ detail: String?) -> Answer {
        Answer(
            of: demand.service,
            service: demand.auth.token?.service ?? "",
            step: .token,
            status: response?.status ?? 0,
            headers: (response?.headers ?? []).map { ($0.name, $0.value) },
            body: response?.body ?? [],
            trouble: trouble,
            detail: detail
        )
    }
}

extension TokenDemand {
    /// What a token for a connection of `definition` is asked for with; the audiences are each request's own.
    ///
    /// `names` bind what the definition's expressions may name, `credentials` above all.
    package init(
        definition: Definition,
        cloud: Cloud?,
        tenant: String,
        client: String,
        credential: Credential,
        credentialVersion: Int,
        names: Names,
        secrets: [String: Secret]
    ) throws(Unrenderable) {
        let service = definition.auth.token.flatMap { definition.service($0.service) }
        let bases = try Service.all(of: definition, cloud: cloud, bindings: names)
        if let service, bases[service.name] == nil {
            throw .noBase(service: service.name, cloud: cloud?.name)
        }
        self.init(
            auth: definition.auth,
            service: service,
            base: service.flatMap { bases[$0.name]?.base },
            tenant: tenant,
            client: client,
            credential: credential,
            credentialVersion: credentialVersion,
            names: names,
            secrets: secrets,
            timeLimit: definition.limits.timeout
        )
    }
}
