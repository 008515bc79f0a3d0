// SPDX-License-Identifier: Apache-2.0
package import Basics
import Connectors
import HTTPClient
import Identity
import JSON

extension Session {
    /// Gets what proves who asks at `service`, as a request to it would; the connection test looks at it.
    ///
    /// A token issued before `since` is replaced by a fresh one. Where none can be had, the reply says what the
    /// definition makes of the answer. Throws `CancellationError` only.
    package func prove(_ service: String, since: Timestamp) async throws -> Proving {
        let audiences = services[service]?.audiences ?? []
        do {
            var proof = try await authority.proof(for: audiences, refused: nil)
            if let token = proof.token, token.issued < since {
                proof = try await authority.proof(for: audiences, refused: proof)
            }
            return .proof(proof)
        } catch let refusal as NoProof {
            let now = shared.time.now
            return .refused(
                Reply(
                    service: refusal.answer.service,
                    step: refusal.answer.step,
                    url: nil,
                    response: refusal.response,
                    verdict: definition.classify(refusal.answer, now: now),
                    remedy: remedy(for: refusal.answer, bindings(service), claims: nil),
                    sent: now,
                    received: now,
                    date: refusal.response?.header("Date").flatMap { Timestamp(httpDate: $0) },
                    requestID: definition.service(refusal.answer.service)?.requestID
                        .flatMap { refusal.response?.header($0) },
                    triedFreshProof: false
                )
            )
        }
    }
}

/// What came of asking for a proof.
package enum Proving: Sendable {
    case proof(Proof)
    /// None could be had.
    case refused(Reply)
}
