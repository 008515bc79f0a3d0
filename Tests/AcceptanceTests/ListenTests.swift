// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPClient
import JSON
import TestSupport
import Testing

/// The status as a running host serves it.
@Suite(.timeLimit(.minutes(5)))
struct ListenTests {
    private func answer(_ url: String, _ headers: [(String, String)] = []) async throws -> (Int, String) {
        let response = try await Client(Options()).send(
            Request(url: url, headers: headers.map { Header($0, $1) })
        )
        return (response.status, String(decoding: response.body, as: UTF8.self))
    }

    /// Where the host says that it serves.
    static func address(_ host: Child) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline, !host.hasEnded {
            if let start = host.err.firstRange(of: "http://"),
                let end = host.err[start.lowerBound...].firstIndex(of: "\n")
            {
                return String(host.err[start.lowerBound..<end])
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Child.CannotStart(reason: "it does not serve: \(host.err)")
    }

    @Test func `a running host serves what the commands say, and ends with SIGTERM`() async throws {
        let estate = try await Estate()
        try await estate.add()
        let host = try estate.tool.start(["run", "--listen", "0"])
        let base = try await Self.address(host)
        let (code, page) = try await answer(base)
        #expect(code == 200 && page.contains("Collection status") && page.contains("contoso"), "\(page)")
        let (_, json) = try await answer(base + "status")
        let file = try #require(TemporaryFolder.contents(of: Repository.root + "/docs/schemas/status.json"))
        let schema = SchemaCheck(try Value(parsing: file))
        #expect(schema.problems(try Value(parsing: Array(json.utf8))) == [])
        #expect(try await answer(base + "livez") == (200, "alive\n"))
        #expect(try await answer(base + "metrics").1.hasSuffix("# EOF\n"))
        #expect(try await answer(base, [("Host", "evil.example")]).0 == 421)
        host.send(15)
        #expect(await host.end().exit == 0, "\(host.err)")
    }

    @Test func `beyond this machine a token is asked for, another one counts at once, and none is kept`()
        async throws
    {
        let estate = try await Estate()
        try await estate.add()
        let bare = try await estate.tool.run("run", "--listen", "0.0.0.0:0")
        #expect(bare.exit == 6 && bare.err.contains("headgate config token"), "\(bare)")
        let first = try await estate.tool.run("config", "token").out.dropLast()
        // A name of its own is a proxy's, and whoever comes through that is beyond this machine too.
        let host = try estate.tool.start(["run", "--listen", "127.0.0.1:0", "--name", "soc.example"])
        let base = try await Self.address(host)
        #expect(try await answer(base + "status").0 == 401)
        #expect(try await answer(base + "livez").0 == 200)
        let name = ("Host", "soc.example")
        #expect(try await answer(base + "status", [name, ("Authorization", "Bearer \(first)")]).0 == 200)
        let second = try await estate.tool.run("config", "token").out.dropLast()
        #expect(try await answer(base + "status", [("Authorization", "Bearer \(first)")]).0 == 401)
        #expect(try await answer(base + "status", [("Authorization", "Bearer \(second)")]).0 == 200)
        #expect(try await estate.tool.run("config", "token", "--drop").exit == 0)
        #expect(try await answer(base + "status", [("Authorization", "Bearer \(second)")]).0 == 401)
        host.send(15)
        #expect(await host.end().exit == 0, "\(host.err)")
        #expect(Folder.files(below: estate.tool.home, holding: String(second)).isEmpty)
    }

    @Test(
        arguments: [
            (["run", "--listen", "soc.example:80"], 2), (["run", "--once", "--listen", "0"], 2),
            (["run", "--name", "soc.example"], 2), (["run", "--listen", "192.0.2.77:0"], 6),
        ] as [([String], Int32)]
    )
    func `an address that is none is refused with what to write`(_ line: [String], _ exit: Int32) async throws
    {
        let tool = Tool()
        #expect(try await tool.run("config", "token").exit == 0)
        let outcome = try await tool.run(line)
        #expect(outcome.exit == exit && outcome.err.contains("--listen"), "\(outcome)")
    }
}
