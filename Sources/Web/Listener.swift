// SPDX-License-Identifier: Apache-2.0
package import Basics
package import HTTPServer

/// Listens for as long as its task runs.
package struct Listener: Sendable {
    /// More connections than that are turned away; pages are for some people and their monitoring.
    private static let most = 64

    private let server: Server
    private let time: any TimeSource
    /// The address that a browser opens.
    package let url: String

    /// Listens at `address` from now on; throws where it cannot.
    package init(_ address: ListenAddress, _ site: Site, time: any TimeSource) throws(ServerFailure) {
        server = try Server(
            address: address.host,
            port: address.port,
            bodyLimit: 4 << 10,
            connectionLimit: Self.most,
            idleLimit: .seconds(30)
        ) { await site.answer($0) }
        url = address.url(port: server.port)
        self.time = time
    }

    /// Serves until cancelled.
    package func run() async throws {
        defer { server.stop() }
        while true { try await time.sleep(for: .days(1)) }
    }
}
