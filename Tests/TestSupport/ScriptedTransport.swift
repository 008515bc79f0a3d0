// SPDX-License-Identifier: Apache-2.0
import Basics
package import HTTPClient

/// A transport without a network: a test writes its answers, and it remembers what was asked.
package final class ScriptedTransport: Transport {
    private let log = Locked([HTTPClient.Request]())
    private let answer: @Sendable (HTTPClient.Request) async throws -> HTTPClient.Response

    /// Answers with `answer`.
    package init(_ answer: @escaping @Sendable (HTTPClient.Request) async throws -> HTTPClient.Response) {
        self.answer = answer
    }

    /// Every request so far, in the order they came.
    package var sent: [HTTPClient.Request] { log.withLock { $0 } }

    /// Gives the scripted answer.
    package func send(_ request: HTTPClient.Request) async throws -> HTTPClient.Response {
        log.withLock { $0.append(request) }
        return try await answer(request)
    }
}
