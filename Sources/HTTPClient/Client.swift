// SPDX-License-Identifier: Apache-2.0

/// An HTTP client on one event loop.
package actor Client: Transport {
    package init(_ options: Options = Options()) {}

    package nonisolated func send(_ request: Request) async throws -> Response {
        throw Failure(.stopped, "the client is not there yet")
    }
}
