// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
import HTTPClient
package import Identity

/// Proves by the token that a person's sign-in gave, for one audience, until it is dropped.
///
/// The token is in memory only and never renewed: a refused or ended one, and any other audience, is answered as a sign-in
/// service would answer it, so that the error rules say what to do.
package final class PersonAuthority: Authority {
    private let held: Locked<Token?>
    private let audience: String
    private let service: String
    private let use: ServiceUse?
    private let time: any TimeSource

    /// Holds the token of `grant`.
    ///
    /// - Parameters:
    ///   - grant: What the sign-in gave.
    ///   - service: The service that gave it, by its name.
    ///   - use: How that service writes its errors.
    ///   - time: What tells when the token has ended.
    package init(
        _ grant: DeviceSignIn.Grant,
        of service: String,
        use: ServiceUse? = nil,
        time: any TimeSource
    ) {
        held = Locked(grant.token)
        audience = grant.token.audience
        self.service = service
        self.use = use
        self.time = time
    }

    deinit { drop() }

    /// The person's token, where one of `audiences` is its own; one that was refused once is not tried again.
    package func proof(for audiences: [String], refused: Proof?) async throws -> Proof {
        guard audiences.contains(audience) else {
            throw NoProof(answer("the person signed in for \(audience) only"))
        }
        guard let token = held.withLock({ $0 }) else { throw NoProof(answer("the sign-in is over")) }
        guard time.now < token.expires else {
            throw NoProof(answer("the sign-in was good until \(token.expires.secondsText)Z"))
        }
        guard refused == nil else { throw NoProof(answer("the service refuses the person's sign-in")) }
        return Proof(
            headers: [token.header],
            id: "person",
            claims: token.claims?.payload,
            token: token,
            isRenewable: false
        )
    }

    /// Whether there is a token that is still good.
    package var isGood: Bool { held.withLock { $0.map { time.now < $0.expires } ?? false } }

    /// Forgets the token; nothing is proven from now on.
    package func drop() {
        held.withLock { token in
            token?.value.reveal { Redaction.shared.forget($0) }
            token = nil
        }
    }

    /// What a sign-in service says to a token that has ended (RFC 6750 §3.1).
    private func answer(_ why: String) -> Answer {
        Answer(of: use, service: service, step: .token, status: 401, detail: why + "; sign in again")
    }
}
