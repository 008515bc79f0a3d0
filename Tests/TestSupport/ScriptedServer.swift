// SPDX-License-Identifier: Apache-2.0
import Basics
package import HTTPServer

/// A real server on loopback whose answers a test writes, and which remembers what was asked.
package final class ScriptedServer: Sendable {
    private let server: Server
    private let log: Locked<[HTTPServer.Request]>

    /// Listens on a free port and answers with `answer`.
    package init(
        bodyLimit: Int = 64 << 20,
        _ answer: @escaping @Sendable (HTTPServer.Request) async -> HTTPServer.Response
    ) throws {
        let log = Locked([HTTPServer.Request]())
        self.log = log
        server = try Server(bodyLimit: bodyLimit) { request in
            log.withLock { $0.append(request) }
            return await answer(request)
        }
    }

    package var port: UInt16 { server.port }
    /// The URL before a path, such as `http://127.0.0.1:40123`.
    package var base: String { "http://127.0.0.1:\(port)" }
    /// Every request so far, in the order they came.
    package var received: [HTTPServer.Request] { log.withLock { $0 } }

    /// Closes the server; it also closes by itself with its last reference.
    package func stop() { server.stop() }
}
