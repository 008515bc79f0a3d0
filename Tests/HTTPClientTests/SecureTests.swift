// SPDX-License-Identifier: Apache-2.0
import HTTPClient
import TestSupport
import Testing

/// Talks to OpenSSL's own test server, which is there wherever libcrypto's headers are.
@Suite(.timeLimit(.minutes(10))) struct SecureTests {
    private let folder = TemporaryFolder()
    private let port = freePort()

    /// Starts a server whose certificate is its own authority, for 127.0.0.1.
    private func serve(_ more: [String] = []) async throws -> ChildProcess {
        let (key, certificate) = (folder.file("key.pem"), folder.file("ca.pem"))
        let making = try #require(
            ChildProcess([
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out",
                certificate,
                "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
            ])
        )
        #expect(making.wait() == 0)
        let server = try #require(
            ChildProcess(
                [
                    "openssl", "s_server", "-www", "-accept", "127.0.0.1:\(port)", "-key", key, "-cert",
                    certificate,
                ] + more
            )
        )
        // Nothing tells when it listens; a refused connection is asked again.
        let client = Client(Options(proxy: ""))
        for _ in 0..<3_000 {
            do {
                _ = try await client.send(Request(url: "http://127.0.0.1:\(port)/", timeLimit: .seconds(1)))
                break
            } catch let failure as Failure where failure.code == .connect {
                try await Task.sleep(for: .milliseconds(10))
            } catch {
                break
            }
        }
        return server
    }

    @Test func `a certificate that nobody vouches for is refused`() async throws {
        let server = try await serve()
        let failure = await #expect(throws: Failure.self) {
            try await Client(Options(proxy: "")).send(Request(url: "https://127.0.0.1:\(port)/"))
        }
        #expect(failure?.code == .tls)
        #expect(failure?.detail.contains("self-signed certificate") == true)
        withExtendedLifetime(server) {}
    }

    @Test func `a private authority is trusted when its file is given`() async throws {
        let server = try await serve()
        let client = Client(Options(caFile: folder.file("ca.pem"), proxy: ""))
        let response = try await client.send(Request(url: "https://127.0.0.1:\(port)/"))
        #expect(response.status == 200)
        #expect(String(decoding: response.body, as: UTF8.self).contains("TLSv1.3"))
        withExtendedLifetime(server) {}
    }

    @Test func `a missing authority file is said by name`() async throws {
        let server = try await serve()
        let client = Client(Options(caFile: folder.file("none.pem"), proxy: ""))
        let failure = await #expect(throws: Failure.self) {
            try await client.send(Request(url: "https://127.0.0.1:\(port)/"))
        }
        #expect(failure?.code == .tls)
        #expect(failure?.detail.contains("none.pem") == true)
        withExtendedLifetime(server) {}
    }

    @Test func `a certificate of another name is refused`() async throws {
        let server = try await serve()
        let client = Client(Options(caFile: folder.file("ca.pem"), proxy: ""))
        let failure = await #expect(throws: Failure.self) {
            try await client.send(Request(url: "https://localhost:\(port)/"))
        }
        #expect(failure?.code == .tls)
        withExtendedLifetime(server) {}
    }

    @Test func `TLS before 1·2 is refused`() async throws {
        let server = try await serve(["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        let client = Client(Options(caFile: folder.file("ca.pem"), proxy: ""))
        let failure = await #expect(throws: Failure.self) {
            try await client.send(Request(url: "https://127.0.0.1:\(port)/"))
        }
        #expect(failure?.code == .tls)
        withExtendedLifetime(server) {}
    }
}
