// SPDX-License-Identifier: Apache-2.0
import CloudSimulator
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ReconfigureTests {
    private func reconfigure(_ estate: Estate, _ more: String...) async throws -> Tool.Outcome {
        try await estate.tool.run(["reconfigure", "contoso/o365"] + more)
    }

    private func connection(_ estate: Estate) async throws -> Value {
        let shown = try await estate.tool.run("connection", "show", "contoso/o365", "--json")
        return try #require(try Value(parsing: Array(shown.out.utf8))["connection"])
    }

    private func streams(_ connection: Value) -> [String] {
        connection["streams"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
    }

    private func check(_ text: String) throws -> Value {
        let document = try Value(parsing: Array(text.utf8))
        let path = Repository.root + "/docs/schemas/reconfigure.json"
        let schema = try #require(TemporaryFolder.contents(of: path))
        #expect(SchemaCheck(try Value(parsing: schema)).problems(document) == [])
        return document
    }

    @Test func `a day that is over is no end of a secret in use`() async throws {
        let estate = try await Estate()
        try await estate.add()
        let line = ["reconfigure", "contoso/o365", "--set", "secretExpires=2026-01-01"]
        let refused = try await estate.tool.run(line)
        #expect(refused.exit == 2 && refused.err.contains("is over"), "\(refused)")
    }

    @Test func `what is named is changed, the rest stays, and doing it twice is doing it once`() async throws
    {
        let estate = try await Estate()
        try await estate.add()
        #expect(try await estate.tool.run("pause", "contoso/o365/DLP.All", "--reason", "x").exit == 0)
        let before = try await connection(estate)
        let wanted = [
            "--streams", "DLP.All,Audit.Exchange", "--set", "displayName=Mail of Contoso",
            "--set", "publisherId=46b472a7-c68e-4adf-8ade-3db49497518e", "--set", "noChanges=true", "--json",
        ]
        let planned = try await estate.tool.run(["reconfigure", "contoso/o365"] + wanted + ["--plan"])
        #expect(planned.exit == 0, "\(planned)")
        let plan = try check(planned.out)
        #expect(plan["result"] == "planned" && plan["test"]?.isNull == true)
        let paths = plan["changes"]?.arrayValue?.compactMap { $0["path"]?.stringValue }
        #expect(paths == ["displayName", "credentials.publisherId", "streams", "noChanges"], "\(planned)")
        #expect(try await connection(estate) == before)

        let changed = try await estate.tool.run(["reconfigure", "contoso/o365"] + wanted)
        #expect(changed.exit == 0, "\(changed)")
        let document = try check(changed.out)
        #expect(document["result"] == "changed" && document["test"]?["successful"] == true, "\(changed)")
        #expect(document["changes"] == plan["changes"])
        let after = try await connection(estate)
        #expect(streams(after) == ["Audit.Exchange", "DLP.All"], "\(after)")
        #expect(after["streams"]?[1]?["hold"]?["kind"] == "paused", "\(after)")
        #expect(after["noChanges"] == true && after["acceptedAt"] == before["acceptedAt"])
        #expect(after["credentials"]?["publisherId"] == "46b472a7-c68e-4adf-8ade-3db49497518e")
        let status = try await estate.tool.run("status", "--json")
        #expect(status.out.contains("Mail of Contoso"), "\(status)")

        let again = try await estate.tool.run(["reconfigure", "contoso/o365"] + wanted)
        #expect(again.exit == 0, "\(again)")
        #expect(try check(again.out)["result"] == "unchanged")
        #expect(try await connection(estate) == after)
    }

    @Test func `a file says it in the words of the answers`() async throws {
        let estate = try await Estate()
        try await estate.add()
        let text = #"""
            {"customer": "contoso", "connector": "office365-management", "customerName": "Contoso Ltd",
             "streams": ["Audit.Exchange"], "select": {"Audit.Exchange": {"redact": ["ClientIP"]}}}
            """#
        let file = estate.folder.write(text, to: "changes.json")
        let outcome = try await reconfigure(estate, "--answers", file)
        #expect(outcome.exit == 0 && outcome.out.contains("select.Audit.Exchange: nothing -> "), "\(outcome)")
        let after = try await connection(estate)
        #expect(after["streams"]?[0]?["select"]?["redact"]?[0] == "ClientIP", "\(after)")
        #expect(try await estate.tool.run("customer", "show", "contoso").out.contains("Contoso Ltd"))
        let none = estate.folder.write(#"{"select": null}"#, to: "none.json")
        #expect(try await reconfigure(estate, "--answers", none).exit == 0)
        #expect(try await connection(estate)["streams"]?[0]?["select"]?.isNull == true)
    }

    @Test func `what a connection is never changes, and that is said with what to do instead`() async throws {
        let estate = try await Estate()
        try await estate.add()
        let before = try await estate.tool.run("export").out
        for (setting, says) in [
            ("tenantId=c0ffee00-0000-4000-8000-0000000000ff", "headgate connection add"),
            ("clientKey=5f3c1b52-6a0e-4b7d-9c1f-2f60f1c7a0ff", "--secret-file"),
            ("colour=blue", "publisherId"),
            ("noChanges=maybe", "true or false"), ("publisherId=me", "publisherId"),
            ("secret=x", "nothing called"),
        ] {
            let outcome = try await reconfigure(estate, "--set", setting)
            #expect(outcome.exit == 2 && outcome.err.contains(says), "\(setting): \(outcome)")
        }
        for text in [
            #"{"cloud": "gcc"}"#, #"{"start": "P5D"}"#, #"{"strems": []}"#, #"{"name": "other"}"#, "[",
        ] {
            let file = estate.folder.write(text, to: "wrong.json")
            let outcome = try await reconfigure(estate, "--answers", file)
            #expect(outcome.exit == 2, "\(text): \(outcome)")
        }
        let start = estate.folder.write(#"{"start": "P5D"}"#, to: "start.json")
        #expect(try await reconfigure(estate, "--answers", start).err.contains("headgate backfill"))
        #expect(try await reconfigure(estate, "--streams", "Audit.Nothing").exit == 2)
        #expect(try await reconfigure(estate).exit == 3)
        #expect(try await estate.tool.run("reconfigure", "contoso", "--set", "noChanges=true").exit == 2)
        #expect(try await estate.tool.run("export").out == before)
    }

    @Test func `what would keep it from collecting is tested first and not written`() async throws {
        let estate = try await Estate()
        try await estate.add()
        await estate.simulator.register(Scenario.App(id: Estate.app, secret: "another", roles: [:]))
        let before = try await estate.tool.run("export").out
        let publisher = "publisherId=46b472a7-c68e-4adf-8ade-3db49497518e"
        let outcome = try await reconfigure(estate, "--set", publisher, "--json")
        #expect(outcome.exit == 5, "\(outcome)")
        #expect(try check(outcome.out)["result"] == "refused")
        #expect(try await estate.tool.run("export").out == before)
        // What no request is made of needs no test.
        let named = try await reconfigure(estate, "--set", "displayName=Mail")
        #expect(named.exit == 0, "\(named)")
    }
}
