// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc
import HTTPClient
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct SimulateTests {
    private let tool = Tool()

    @Test(arguments: [SIGINT, SIGTERM])
    func `the simulated cloud names its address first and ends on a signal`(_ signal: Int32) async throws {
        let child = try tool.start(["simulate", "--clouds", tool.folder.file("clouds.json")])
        let base = try #require(await child.firstLine())
        #expect(base.hasPrefix("http://127.0.0.1:"))
        let clouds = try Value(parsing: try #require(tool.folder.read("clouds.json")))
        #expect(clouds["lab"]?["login"]?.stringValue == base + "/login")
        let answer = try await Client().send(
            Request(url: base + "/login/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration")
        )
        #expect(answer.status == 200)
        child.send(signal)
        let outcome = await child.end(within: .seconds(10))
        #expect(outcome.exit == 0, "\(outcome)")
    }

    @Test func `a scenario that does not read is refused`() async throws {
        let file = tool.folder.write("{\"tenantz\": []}", to: "scenario.json")
        let outcome = try await tool.run("simulate", "--scenario", file)
        #expect(outcome.exit == 2, "\(outcome)")
        #expect(outcome.err.contains("tenantz"), "\(outcome)")
    }

    @Test func `a port that is none is refused`() async throws {
        #expect(try await tool.run("simulate", "--port", "70000").exit == 2)
    }
}
