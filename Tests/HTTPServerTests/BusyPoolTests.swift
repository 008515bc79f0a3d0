// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc
import HTTPServer
import Testing

/// A process whose common pool is kept busy, as that of many tests side by side is.
@Suite(.timeLimit(.minutes(5))) struct BusyPoolTests {
    @Test func `an answer does not wait for the common pool`() throws {
        let server = try Server { request in
            await Task.yield()
            return .text("answer to \(request.path)")
        }
        defer { server.stop() }
        let isOver = Locked(false)
        // More than the pool has threads, each holding one until the answer has come.
        for _ in 0..<64 {
            Task {
                while !isOver.withLock({ $0 }) { usleep(1_000) }
            }
        }
        defer { isOver.withLock { $0 = true } }
        #expect(Self.get("/busy", port: server.port).hasSuffix("answer to /busy"))
    }

    /// What the server sends, asked for without leaving this thread; cut off where nothing comes for twenty seconds.
    private static func get(_ path: String, port: UInt16) -> String {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(connection) }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { return "no connection" }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".utf8)
        guard write(connection, request, request.count) == request.count else { return "not sent" }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
            answer += buffer[..<count]
        }
    }
}
