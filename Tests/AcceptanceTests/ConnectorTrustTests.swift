// SPDX-License-Identifier: Apache-2.0
import CloudSimulator
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ConnectorTrustTests {
    /// The shipped definition under the id `own-audit`, in the home of `lab`.
    private func place(_ lab: Lab) throws {
        let shipped = Repository.connectors + "/office365-management/connector.json"
        let text = String(decoding: try #require(TemporaryFolder.contents(of: shipped)), as: UTF8.self)
        let parts = text.split(
            separator: #""id": "office365-management""#,
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        lab.tool.folder.write(
            parts.joined(separator: #""id": "own-audit""#),
            to: "home/connectors/own-audit/connector.json"
        )
    }

    private func trust(_ lab: Lab) async throws -> String? {
        try await lab.json("connector", "list", "--json")["connectors"]?.arrayValue?
            .first { $0["id"] == "own-audit" }?["trust"]?.stringValue
    }

    @Test func `a definition of one's own is used only once it is trusted, and a change asks again`()
        async throws
    {
        let lab = try await Lab()
        try place(lab)
        #expect(try await lab.add("adventure", ["start": "P1D"]).exit <= 1)
        let refused = try await lab.add("contoso", ["connector": "own-audit", "start": "P1D"])
        #expect(refused.exit == 6, "\(refused)")
        #expect(refused.err.contains("headgate connector trust own-audit"))
        #expect(try await trust(lab) == "untrusted")

        let shown = try await lab.tool.run("connector", "trust", "own-audit")
        #expect(shown.exit == 3, "\(shown)")
        for words in [
            "It sends requests to:", "with the credential", "Secret Key", "POST manage ", "SHA-256 ",
        ] {
            #expect(shown.out.contains(words), "\(words)")
        }
        #expect(try await trust(lab) == "untrusted")
        #expect(try await lab.tool.run("connector", "trust", "own-audit", "--yes").exit == 0)
        #expect(try await trust(lab) == "trusted")
        #expect(try await lab.tool.run("connector", "show", "own-audit").out.contains("trusted)"))
        let added = try await lab.add("contoso", ["connector": "own-audit", "start": "P1D"])
        #expect(added.exit == 0, "\(added)")

        lab.tool.folder.write("More.", to: "home/connectors/own-audit/README.md")
        #expect(try await trust(lab) == "changed")
        let tested = try await lab.tool.run("test", "contoso")
        #expect(tested.exit == 6, "\(tested)")
        #expect(tested.err.contains("has changed since it was trusted"))
        let all = try await lab.tool.run("test")
        #expect(all.exit == 6 && all.out.contains("adventure"), "\(all)")
        _ = try await lab.tool.run(["run", "--once"], limit: .seconds(120))
        let plain = try await lab.tool.run("status", "--plain")
        #expect(plain.out.contains("has changed since it was trusted"), "\(plain)")
        let status = try await lab.json("status", "--json")
        let streams = status["customers"]?.arrayValue?.first { $0["id"] == "contoso" }?["connections"]?[0]?[
            "streams"
        ]
        let states = streams?.arrayValue?.compactMap { $0["state"]?.stringValue } ?? []
        #expect(!states.isEmpty && states.allSatisfy { $0 == "blocked" }, "\(states)")
        #expect(streams?[0]?["cause"]?["class"] == "config")
        #expect(lab.tool.folder.files(below: "home/archive").contains { $0.contains("/adventure/") })

        #expect(try await lab.tool.run("connector", "trust", "own-audit", "--yes").exit == 0)
        _ = try await lab.tool.run(["run", "--once"], limit: .seconds(120))
        #expect(lab.tool.folder.files(below: "home/archive").contains { $0.contains("/contoso/") })
    }

    @Test func `a shipped definition needs no agreement, and a broken one cannot have it`() async throws {
        let tool = Tool()
        let shipped = try await tool.run("connector", "trust", "office365-management", "--yes")
        #expect(shipped.exit == 0 && shipped.err.contains("needs no agreement"), "\(shipped)")
        #expect(tool.folder.files(below: "home").isEmpty)
        tool.folder.write("{", to: "home/connectors/own/connector.json")
        #expect(try await tool.run("connector", "trust", "own", "--yes").exit == 6)
        tool.folder.write(String(repeating: "[", count: 10_000), to: "home/connectors/deep/connector.json")
        #expect(try await tool.run("status").exit == 0)
        let list = try await tool.run("connector", "list")
        #expect(list.exit == 0, "\(list)")
        for id in ["deep", "office365-management", "own"] { #expect(list.out.contains(id), "\(list)") }
        let json = try await tool.run("connector", "trust", "office365-management", "--json")
        let schema = try #require(
            TemporaryFolder.contents(of: Repository.root + "/docs/schemas/connector-trust.json")
        )
        #expect(
            SchemaCheck(try Value(parsing: schema)).problems(try Value(parsing: Array(json.out.utf8))) == []
        )
    }
}
