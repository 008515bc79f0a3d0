// SPDX-License-Identifier: Apache-2.0

/// Carries one exchange; the network in production, a script in tests.
package protocol Transport: Sendable {
    /// Makes the exchange; throws ``Failure``, or `CancellationError` when the task is cancelled.
    func send(_ request: Request) async throws -> Response
}
