// SPDX-License-Identifier: Apache-2.0

/// A small HTTP server.
package final class Server: Sendable {
    package typealias Handler = @Sendable (Request) async -> Response

    package init(
        address: String = "127.0.0.1",
        port: UInt16 = 0,
        bodyLimit: Int = 1 << 20,
        handler: @escaping Handler
    ) throws(ServerFailure) {
        throw ServerFailure("not there yet")
    }

    /// The port that is listened on.
    package var port: UInt16 { 0 }

    /// Stops listening.
    package func stop() {}
}
