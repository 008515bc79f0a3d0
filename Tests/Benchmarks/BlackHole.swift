// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A host that takes connections and never says a word.
final class BlackHole: Sendable {
    let base: String
    private let socket: Int32

    init() throws {
        let port = try WebServer.freePort()
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = WebServer.loopback(port: port)
        let bound = withUnsafeMutablePointer(to: &address) { [socket] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard bound == 0, listen(socket, 1_024) == 0 else {
            throw BenchFailure("no host that stays silent can be made: \(String(cString: strerror(errno)))")
        }
        base = "https://127.0.0.1:\(port)"
    }

    deinit { close(socket) }
}
