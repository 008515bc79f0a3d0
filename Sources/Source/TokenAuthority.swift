// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import HTTPClient
package import Identity
import JSON

/// Proves with tokens, or with the key or password that a definition sends instead.
package struct TokenAuthority: Authority {
    private let tokens: Tokens
    private let demand: TokenDemand

    /// Demands tokens as `demand` says; its audiences are replaced by those of each request's service.
    package init(_ tokens: Tokens, _ demand: TokenDemand) {
        self.tokens = tokens
        self.demand = demand
    }

    package func proof(for audiences: [String], refused: Proof?) async throws -> Proof {
        var demand = demand
        demand.audiences = audiences
        do {
            if let refused, let number = UInt64(refused.id) {
                await tokens.invalidate(demand, number: number)
            }
            let found = try await tokens.authorisation(for: demand)
            return Proof(
                headers: [found.header],
                id: found.token.map { "\($0.number)" } ?? "key",
                claims: found.token?.claims?.payload
            )
        } catch let refusal as TokenRefused {
            throw NoProof(answer(refusal.response, refusal.trouble))
        } catch let failure as Failure {
            guard failure.code != .stopped else { throw CancellationError() }
            throw NoProof(answer(nil, Trouble(failure.code), failure.detail))
        } catch let failure as IdentityFailure {
            throw NoProof(answer(nil, .invalidRequest, failure.description))
        }
    }

    private func answer(_ response: Response?, _ trouble: Trouble?, _ detail: String? = nil) -> Answer {
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
