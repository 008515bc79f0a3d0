// SPDX-License-Identifier: Apache-2.0
import Glibc
import HTTPClient
import HTTPServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct ProxyTests {
    @Test func `a configured proxy is asked for the whole URL`() async throws {
        let proxy = try ScriptedServer { _ in .text("by proxy") }
        let client = Client(Options(proxy: proxy.base))
        let response = try await client.send(Request(url: "http://far.invalid/a?b=c"))
        #expect(response.body == Array("by proxy".utf8))
        #expect(proxy.received.first?.path == "http://far.invalid/a")
        #expect(proxy.received.first?.rawQuery == "b=c")
    }

    @Test func `a proxy that wants credentials is a failure of the proxy`() async throws {
        let proxy = try ScriptedServer { _ in .text("who are you", status: 407) }
        let client = Client(Options(proxy: proxy.base))
        let failure = await #expect(throws: Failure.self) {
            try await client.send(Request(url: "http://far.invalid/"))
        }
        #expect(failure?.code == .proxy)
    }

    @Test func `a proxy that refuses the tunnel is a failure of the proxy`() async throws {
        let proxy = try ScriptedServer { _ in .text("no", status: 403) }
        // A busy machine may take its time over the answer; the failure is not about time.
        let client = Client(Options(proxy: proxy.base, connectTimeLimit: .seconds(50)))
        let failure = await #expect(throws: Failure.self) {
            try await client.send(Request(url: "https://far.invalid/"))
        }
        #expect(failure?.code == .proxy)
        #expect(failure?.detail == "the proxy refuses the way to far.invalid with HTTP 403")
    }

    @Test func `a proxy that is not there is a failure of the proxy`() async throws {
        let client = Client(Options(proxy: "http://127.0.0.1:\(freePort())"))
        let failure = await #expect(throws: Failure.self) {
            try await client.send(Request(url: "http://far.invalid/"))
        }
        #expect(failure?.code == .proxy)
    }

    @Test func `the usual variables name the proxy and its exceptions`() async {
        // The environment belongs to the whole process, so this runs in one of its own.
        await #expect(processExitsWith: .success) {
            let proxy = try ScriptedServer { _ in .text("by proxy") }
            let direct = try ScriptedServer { _ in .text("direct") }
            setenv("http_proxy", proxy.base, 1)
            setenv("no_proxy", "127.0.0.1", 1)
            let client = Client()
            let far = try await client.send(HTTPClient.Request(url: "http://far.invalid/"))
            let near = try await client.send(HTTPClient.Request(url: direct.base + "/"))
            try #require(far.body == Array("by proxy".utf8))
            try #require(near.body == Array("direct".utf8))
        }
    }
}
