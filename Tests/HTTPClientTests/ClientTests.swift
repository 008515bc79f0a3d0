// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPClient
import HTTPServer
import Synchronization
import TestSupport
import Testing

typealias Request = HTTPClient.Request

@Suite(.timeLimit(.minutes(10))) struct ExchangeTests {
    let client = Client(Options(proxy: ""))

    @Test(arguments: [200, 204, 301, 404, 429, 500])
    func `a status comes through as it is`(status: Int) async throws {
        let server = try ScriptedServer { _ in
            HTTPServer.Response(status: status, headers: [("Location", "http://127.0.0.1:1/")])
        }
        #expect(try await client.send(Request(url: server.base + "/")).status == status)
        #expect(server.received.count == 1)
    }

    @Test func `path, query, headers and body reach the server byte for byte`() async throws {
        let server = try ScriptedServer { _ in .text("ok") }
        let body = [UInt8](0...255)
        let response = try await client.send(
            Request(
                method: "POST",
                url: server.base + "/a%2Fb/../c?q=1%202&r=$x",
                headers: [
                    Header("X-One", "1"), Header("X-Empty", ""), Header("Content-Type", "application/json"),
                ],
                body: body
            )
        )
        #expect(response.body == Array("ok".utf8))
        #expect(response.header("CONTENT-TYPE") == "text/plain; charset=utf-8")
        let seen = try #require(server.received.first)
        #expect(seen.method == "POST")
        #expect(seen.path == "/a%2Fb/../c")
        #expect(seen.rawQuery == "q=1%202&r=$x")
        #expect(seen.header("x-one") == "1")
        #expect(seen.header("x-empty") == "")
        #expect(seen.header("content-type") == "application/json")
        #expect(seen.header("user-agent") == "headgate")
        #expect(seen.body == body)
    }

    @Test func `an empty POST promises its length and names no type`() async throws {
        let server = try ScriptedServer { _ in .text("ok") }
        _ = try await client.send(Request(method: "POST", url: server.base + "/"))
        let seen = try #require(server.received.first)
        #expect(seen.header("content-length") == "0")
        #expect(seen.header("content-type") == nil)
    }

    @Test(arguments: ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
    func `a method is sent as named`(method: String) async throws {
        let server = try ScriptedServer { _ in .text("0123456789") }
        let response = try await client.send(Request(method: method, url: server.base + "/"))
        #expect(server.received.first?.method == method)
        #expect(response.body.count == (method == "HEAD" ? 0 : 10))
    }

    @Test(arguments: ["POST", "PUT", "PATCH", "DELETE"])
    func `a method that makes or undoes things carries its body`(method: String) async throws {
        let server = try ScriptedServer { _ in HTTPServer.Response(status: 204) }
        let body = Array(#"{"keyCredentials":[]}"#.utf8)
        let response = try await client.send(
            Request(
                method: method,
                url: server.base + "/applications/1",
                headers: [Header("Content-Type", "application/json")],
                body: body
            )
        )
        let seen = try #require(server.received.first)
        #expect(seen.method == method && seen.body == body && response.status == 204)
        #expect(seen.header("content-length") == String(body.count))
    }

    @Test func `a packed answer is unpacked`() async throws {
        // printf 'hello hello hello\n' | gzip -n
        let packed: [UInt8] = [
            0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57,
            0xc8,
            0x40, 0x90, 0x5c, 0x00, 0x3b, 0x7c, 0x8a, 0xdf, 0x12, 0x00, 0x00, 0x00,
        ]
        let server = try ScriptedServer { request in
            guard request.header("accept-encoding")?.contains("gzip") == true else {
                return .text("unpacked")
            }
            return HTTPServer.Response(headers: [("Content-Encoding", "gzip")], body: packed)
        }
        let response = try await client.send(Request(url: server.base + "/"))
        #expect(String(decoding: response.body, as: UTF8.self) == "hello hello hello\n")
    }

    @Test func `every kind of header trouble is refused before anything is sent`() async throws {
        let server = try ScriptedServer { _ in .text("ok") }
        for header in [Header("A b", "x"), Header("", "x"), Header("A", "x\r\nB: y"), Header("A", "x\0")] {
            let failure = await #expect(throws: Failure.self) {
                try await client.send(Request(url: server.base + "/", headers: [header]))
            }
            #expect(failure?.code == .invalidRequest)
        }
        for url in ["ftp://127.0.0.1/", "file:///etc/passwd", "/relative", "http://127.0.0.1/a b", "http://"]
        {
            let failure = await #expect(throws: Failure.self) { try await client.send(Request(url: url)) }
            #expect(failure?.code == .invalidRequest, "\(url)")
        }
        #expect(server.received.isEmpty)
    }

    @Test func `one connection carries one exchange after another`() async throws {
        let server = try ScriptedServer { _ in .text("ok") }
        for _ in 0..<200 { _ = try await client.send(Request(url: server.base + "/")) }
        #expect(server.received.count == 200)
    }

    @Test func `two thousand requests at once all come back`() async throws {
        let server = try ScriptedServer { .text($0.path) }
        let base = server.base
        let right = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<2_000 {
                group.addTask {
                    try await client.send(Request(url: base + "/\(number)")).body == Array("/\(number)".utf8)
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(right == 2_000)
        #expect(await client.activeCount == 0)
    }

    @Test func `a large body comes whole`() async throws {
        let body = (0..<20_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let server = try ScriptedServer { _ in HTTPServer.Response(body: body) }
        #expect(try await client.send(Request(url: server.base + "/")).body == body)
    }
}

@Suite(.timeLimit(.minutes(10))) struct TroubleTests {
    let client = Client(Options(proxy: ""))

    private func failure(_ request: Request, _ client: Client? = nil) async -> Failure? {
        await #expect(throws: Failure.self) { try await (client ?? self.client).send(request) }
    }

    @Test func `a body over the limit is refused, promised or not`() async throws {
        let server = try ScriptedServer { _ in
            HTTPServer.Response(body: [UInt8](repeating: 0x78, count: 1 << 20))
        }
        let refused = await failure(Request(url: server.base + "/", bodyLimit: 1_000))
        #expect(refused?.code == .bodyTooLarge)
        #expect(refused?.detail == "the answer of 127.0.0.1 is larger than 1000 bytes")
        #expect(
            try await client.send(Request(url: server.base + "/", bodyLimit: 1 << 20)).body.count == 1 << 20
        )
    }

    @Test func `a limit counts what is unpacked`() async throws {
        let server = try ScriptedServer { _ in
            HTTPServer.Response(headers: [("Content-Encoding", "gzip")], body: zerosPacked)
        }
        #expect(await failure(Request(url: server.base + "/", bodyLimit: 1_000))?.code == .bodyTooLarge)
    }

    @Test func `endless headers end the exchange`() async throws {
        let line = "X-Header: " + String(repeating: "h", count: 1_000) + "\r\n"
        let server = RawServer("HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 90) + "\r\n")
        let endless = await failure(Request(url: "http://127.0.0.1:\(server.port)/"))
        #expect(endless == Failure(.protocolError, "the answer of 127.0.0.1 has more than 64 KiB of headers"))
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 2xx\r\n\r\n",
        "220 mail ready\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
    ])
    func `what is no HTTP is a failure of the protocol`(answer: String) async throws {
        let server = RawServer(answer)
        let strange = await failure(Request(url: "http://127.0.0.1:\(server.port)/"))
        #expect(strange?.code == .protocolError, "\(strange?.detail ?? "")")
    }

    @Test func `a body without a promised length that is cut in a chunk is truncated or reset`() async throws
    {
        let server = RawServer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")
        let cut = await failure(Request(url: "http://127.0.0.1:\(server.port)/"))
        #expect(cut?.code == .truncated)
    }

    @Test func `an interim answer leaves no header behind`() async throws {
        let server = RawServer(
            "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-Late:  2 \r\nContent-Length: 0\r\n\r\n"
        )
        let response = try await client.send(Request(url: "http://127.0.0.1:\(server.port)/"))
        #expect(response.headers.map(\.name) == ["X-Late", "Content-Length"])
        #expect(response.header("x-late") == "2")
    }

    @Test func `a connection dropped before the answer is a reset`() async throws {
        let server = try ScriptedServer { _ in HTTPServer.Response(ending: .reset) }
        #expect(await failure(Request(url: server.base + "/"))?.code == .reset)
    }

    @Test(arguments: [0, 1, 5_000, 199_999])
    func `an answer that ends early is truncated`(count: Int) async throws {
        let server = try ScriptedServer { _ in
            HTTPServer.Response(body: [UInt8](repeating: 1, count: 200_000), ending: .truncated(after: count))
        }
        #expect(await failure(Request(url: server.base + "/"))?.code == .truncated)
    }

    @Test func `an answer that does not come is timed out`() async throws {
        let server = try ScriptedServer { _ in
            try? await Task.sleep(for: .seconds(30))
            return .text("late")
        }
        let late = await failure(Request(url: server.base + "/", timeLimit: .milliseconds(50)))
        #expect(late?.code == .timedOut)
        server.stop()
    }

    @Test func `nobody listening is a refused connection`() async throws {
        let refused = await failure(Request(url: "http://127.0.0.1:\(freePort())/"))
        #expect(refused?.code == .connect)
        #expect(refused?.detail.hasPrefix("no connection to 127.0.0.1: ") == true)
    }

    @Test func `a name without an address is not resolved`() async {
        let unknown = await failure(Request(url: "http://no-such-host.invalid/"))
        #expect(unknown?.code == .resolve)
        #expect(unknown?.detail.contains("no-such-host.invalid") == true)
    }

    @Test func `cancelling ends the exchange at once`() async throws {
        let arrived = AsyncStream.makeStream(of: Void.self)
        let server = try ScriptedServer { _ in
            arrived.continuation.yield()
            try? await Task.sleep(for: .seconds(30))
            return .text("late")
        }
        let task = Task { try await client.send(Request(url: server.base + "/")) }
        for await _ in arrived.stream { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(await client.activeCount == 0)
        server.stop()
    }

    @Test func `cancelled before it begins, nothing is sent`() async throws {
        let server = try ScriptedServer { _ in .text("ok") }
        for _ in 0..<100 {
            let task = Task { try await client.send(Request(url: server.base + "/")) }
            task.cancel()
            _ = await task.result
        }
        #expect(await client.activeCount == 0)
        #expect(try await client.send(Request(url: server.base + "/")).status == 200)
    }

    @Test func `a stopped client ends what is under way and takes no more`() async throws {
        let arrived = AsyncStream.makeStream(of: Void.self)
        let server = try ScriptedServer { _ in
            arrived.continuation.yield()
            try? await Task.sleep(for: .seconds(30))
            return .text("late")
        }
        let own = Client(Options(proxy: ""))
        let task = Task { try await own.send(Request(url: server.base + "/")) }
        for await _ in arrived.stream { break }
        await own.stop()
        let ended = await #expect(throws: Failure.self) { try await task.value }
        #expect(ended?.code == .stopped)
        #expect(await failure(Request(url: server.base + "/"), own)?.code == .stopped)
        server.stop()
    }

    @Test func `stopping a server with waiting handlers ends their connections`() async throws {
        let arrived = AsyncStream.makeStream(of: Void.self)
        let server = try ScriptedServer { _ in
            arrived.continuation.yield()
            try? await Task.sleep(for: .seconds(30))
            return .text("late")
        }
        let tasks = (0..<20).map { number in
            Task { try await client.send(Request(url: server.base + "/\(number)")) }
        }
        var count = 0
        for await _ in arrived.stream {
            count += 1
            if count == tasks.count { break }
        }
        server.stop()
        for task in tasks { await #expect(throws: Failure.self) { try await task.value } }
    }

    @Test func `a request body over the server's limit is answered with 413`() async throws {
        let server = try ScriptedServer(bodyLimit: 1_000) { _ in .text("ok") }
        let body = [UInt8](repeating: 1, count: 1_001)
        #expect(
            try await client.send(Request(method: "POST", url: server.base + "/", body: body)).status == 413
        )
        #expect(server.received.isEmpty)
        let most = Array(body.dropLast())
        #expect(
            try await client.send(Request(method: "POST", url: server.base + "/", body: most)).status == 200
        )
    }
}
