// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Source

/// What earlier steps have learnt and later ones use, so that nothing is asked twice.
struct ProbeMemory: Sendable {
    /// When the test began; tokens from before are replaced.
    var began = Timestamp(seconds: 0)
    /// What proves who asks, by service.
    var proofs: [String: Proof] = [:]
    /// Answers to requests that do not depend on a stream.
    var replies: [(request: RequestTemplate, reply: Reply)] = []
    /// The plans that the tenant's list names; `nil` where none was read.
    var plans: Set<String>?
    /// The streams that lack a plan by that list, with the words for it.
    var unlicensed: [String: String] = [:]
    /// When the secret ends, as the service says that knows the app; `nil` where it was not asked or does not tell.
    var credentialEnd: Timestamp?
    /// The first page of a stream's list, by stream and window.
    var pages: [String: Reply] = [:]

    /// Has everything asked anew, where time has passed.
    mutating func forgetAnswers() {
        replies = []
        pages = [:]
    }

    /// Has fresh proofs fetched; tokens from before `now` no longer count.
    mutating func forgetProofs(now: Timestamp) {
        proofs = [:]
        began = now
    }
}
