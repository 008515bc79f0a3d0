// SPDX-License-Identifier: Apache-2.0
import CloudSimulator
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ApplyTests {
    /// A home with a connection whose secret stays in a file, and much that was decided about it.
    private func estate(secret: [String]? = nil) async throws -> Estate {
        let estate = try await Estate()
        let way = secret ?? ["--secret-ref", "file:" + estate.secretFile]
        let added = try await estate.tool.run(["connection", "add", "--answers", estate.answers] + way)
        #expect(added.exit == 0, "\(added)")
        for line in [
            ["config", "set", "journal.retention", "P5D"],
            ["pause", "contoso/o365/DLP.All", "--reason", "holiday", "--until", "2099-01-01"],
            [
                "reconfigure", "contoso/o365", "--set", "displayName=Mail", "--set",
                "customerName=Contoso Ltd",
            ],
        ] {
            let outcome = try await estate.tool.run(line)
            #expect(outcome.exit == 0, "\(outcome)")
        }
        return estate
    }

    /// Another home beside the same cloud.
    private func other(_ estate: Estate) -> Tool {
        var tool = Tool()
        tool.environment["HEADGATE_SHARE"] = Repository.root
        tool.folder.write(estate.simulator.cloudsDocument, to: "home/clouds.json")
        return tool
    }

    private func check(_ text: String) throws -> Value {
        let document = try Value(parsing: Array(text.utf8))
        let schema = try #require(TemporaryFolder.contents(of: Repository.root + "/docs/schemas/apply.json"))
        #expect(SchemaCheck(try Value(parsing: schema)).problems(document) == [])
        return document
    }

    private func actions(_ document: Value) -> [String] {
        document["items"]?.arrayValue?.compactMap { $0["action"]?.stringValue } ?? []
    }

    @Test func `an export changes nothing at home and gives the same export elsewhere`() async throws {
        let estate = try await estate()
        let text = try await estate.tool.run("export").out
        let file = estate.folder.write(text, to: "setup.json")
        let own = try await estate.tool.run("apply", file, "--json")
        #expect(own.exit == 0, "\(own)")
        #expect(Set(actions(try check(own.out))) == ["unchanged"], "\(own)")

        let tool = other(estate)
        let planned = try await tool.run("apply", file, "--plan", "--json")
        #expect(planned.exit == 0, "\(planned)")
        #expect(actions(try check(planned.out)) == ["update", "create", "create", "create"])
        let unasked = try await tool.run("apply", file)
        #expect(unasked.exit == 3 && unasked.err.contains("--yes"), "\(unasked)")
        #expect(unasked.out.contains("create connection contoso/o365"), "\(unasked)")
        #expect(tool.folder.files(below: "home") == ["home/clouds.json"])

        let applied = try await tool.run("apply", file, "--yes")
        #expect(applied.exit == 0 && applied.out.contains("connection contoso/o365 created"), "\(applied)")
        #expect(try await tool.run("export").out == text)
        let again = try await tool.run("apply", file)
        #expect(again.exit == 0 && again.out.contains("4 unchanged"), "\(again)")
        #expect(!applied.out.contains(Estate.secret) && !applied.err.contains(Estate.secret))
    }

    @Test func `a changed document updates what it says and nothing else`() async throws {
        let estate = try await estate()
        let text = try await estate.tool.run("export").out
        let changed = text.split(separator: #""holiday""#).joined(separator: #""longer holiday""#)
            .split(separator: #""P5D""#).joined(separator: #""P6D""#)
        let file = estate.folder.write(changed, to: "setup.json")
        let outcome = try await estate.tool.run("apply", file, "--yes", "--json")
        #expect(outcome.exit == 0, "\(outcome)")
        #expect(actions(try check(outcome.out)) == ["update", "unchanged", "unchanged", "update"])
        #expect(try await estate.tool.run("export").out == changed)
        let free = changed.split(separator: "\"kind\": \"paused\"").count
        #expect(free == 2)
        let sparse = estate.folder.write(#"{"schema": 1, "customers": []}"#, to: "sparse.json")
        #expect(try await estate.tool.run("apply", sparse).exit == 0)
        #expect(try await estate.tool.run("export").out == changed)
    }

    @Test func `a connection without its secret is kept as a draft, and taken up when the secret is there`()
        async throws
    {
        let estate = try await Estate()
        try await estate.add()
        let file = estate.folder.write(try await estate.tool.run("export").out, to: "setup.json")
        let tool = other(estate)
        let outcome = try await tool.run("apply", file, "--yes", "--json")
        #expect(outcome.exit == 1, "\(outcome)")
        let item = try check(outcome.out)["items"]?.arrayValue?.last
        #expect(
            item?["result"] == "draft" && item?["message"]?.stringValue?.contains("vault") == true,
            "\(outcome)"
        )
        let status = try await tool.run("status", "--json")
        #expect(status.out.contains("\"draft\"") && status.out.contains("secret in the vault"), "\(status)")
        let added = try await tool.run(
            ["connection", "add", "--answers", estate.answers, "--secret-file", estate.secretFile]
        )
        #expect(added.exit == 0, "\(added)")
        #expect(try await tool.run("apply", file).exit == 0)
    }

    @Test func `a document that does not fit is refused whole, with every reason`() async throws {
        let estate = try await estate()
        let before = try await estate.tool.run("export").out
        let text = #"""
            {"schema": 1, "config": {"colour": "blue"}, "customers": [{"id": "contoso", "connections": [
              {"connector": "nothing", "name": "new"}, {"connector": "office365-management", "name": "o365", "start": "P5D"}]}]}
            """#
        let file = estate.folder.write(text, to: "wrong.json")
        let outcome = try await estate.tool.run("apply", file, "--yes")
        #expect(outcome.exit == 2, "\(outcome)")
        #expect(outcome.err.contains("colour"), "\(outcome)")
        let lines = text.split(separator: #""config": {"colour": "blue"}, "#).joined()
        let other = estate.folder.write(lines, to: "wrong.json")
        let refused = try await estate.tool.run("apply", other, "--yes")
        #expect(refused.exit == 2 && refused.err.contains("2 problems"), "\(refused)")
        #expect(
            refused.err.contains("\"nothing\"") && refused.err.contains("headgate backfill"),
            "\(refused)"
        )
        #expect(try await estate.tool.run("export").out == before)
    }
}
