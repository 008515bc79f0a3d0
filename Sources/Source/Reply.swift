// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
package import HTTPClient

/// What came of one request, whatever came of it.
package struct Reply: Sendable {
    /// The service that was asked.
    package let service: String
    /// What the request was for.
    package let step: Answer.Step
    /// The address that was asked; `nil` where the request could not even be made.
    package let url: String?
    /// The answer; `nil` where none came.
    package let response: Response?
    /// What the answer means; `nil` is success.
    package let verdict: Verdict?
    /// What a person does about it.
    package let remedy: Remedy?
    /// When the request went out, by this machine's clock.
    package let sent: Timestamp
    /// When the answer was there, by this machine's clock.
    package let received: Timestamp
    /// When the service says it answered.
    package let date: Timestamp?
    /// The name under which the service's own log knows the request.
    package let requestID: String?
    /// Whether a proof was refused and another one tried.
    package let triedFreshProof: Bool

    /// Whether the answer is what was asked for; an error that the definition calls a success is one.
    package var isSuccess: Bool { verdict.map { $0.action == .succeed } ?? true }
    /// The status; 0 where no answer came.
    package var status: Int { response?.status ?? 0 }
    /// The body; empty where no answer came.
    package var body: [UInt8] { response?.body ?? [] }
    /// How long it took.
    package var duration: Duration { received - sent }
}
