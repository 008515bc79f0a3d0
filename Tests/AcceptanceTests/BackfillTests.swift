// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct BackfillTests {
    private func estate() async throws -> Estate {
        let estate = try await Estate { scenario in
            scenario.tenants[0].content[.exchange] = Scenario.ContentPlan(
                blobs: 6,
                eventsPerBlob: 4,
                newest: .hours(2)
            )
        }
        let answers = Estate.answers(streams: ["Audit.Exchange"], start: "now")
        estate.folder.write(answers.text(), to: "answers.json")
        return estate
    }

    private func backfill(_ estate: Estate, _ more: String...) async throws -> Tool.Outcome {
        try await estate.tool.run(["backfill", "contoso/o365"] + more)
    }

    @Test func `a running host collects the history within seconds`() async throws {
        let estate = try await estate()
        try await estate.add()
        let host = try estate.tool.start(["run"])
        func status() async throws -> Value? {
            let status = try Value(parsing: Array(try await estate.tool.run("status", "--json").out.utf8))
            return status["customers"]?[0]?["connections"]?[0]?["streams"]?[0]
        }
        while try await status()?["coveredFrom"]?.isNull != false {
            try await Task.sleep(for: .milliseconds(100))
        }
        let planned = try await backfill(estate, "--from", "P1D", "--plan")
        #expect(planned.exit == 0 && planned.out.contains("would be asked for"), "\(planned)")
        let asked = try await backfill(estate, "--from", "P1D")
        #expect(asked.exit == 0 && asked.out.contains("request"), "\(asked)")
        // The next cycle of its own would be minutes away.
        let limit = ContinuousClock.now + .seconds(20)
        while Folder.files(below: estate.home + "/archive").isEmpty, ContinuousClock.now < limit {
            try await Task.sleep(for: .milliseconds(100))
        }
        let again = try await backfill(estate, "--from", "PT20H")
        #expect(again.exit == 0 && again.out.contains("stays as it is"), "\(again)")
        host.send(15)
        _ = await host.end(within: .seconds(30))
        await estate.expectAllStored(await estate.expected())
    }

    @Test func `what cannot be asked for is said, and the document keeps its schema`() async throws {
        let estate = try await estate()
        #expect(try await backfill(estate, "--from", "P1D").exit == 2)
        try await estate.add()
        #expect(try await backfill(estate).exit == 2)
        #expect(try await backfill(estate, "--from", "tomorrow").exit == 2)
        #expect(try await backfill(estate, "--from", "2099-01-01").exit == 2)
        #expect(try await backfill(estate, "--from", "P1D", "--stream", "Audit.Nothing").exit == 2)
        #expect(try await estate.tool.run("backfill", "contoso", "--from", "P1D").exit == 2)
        let json = try await backfill(estate, "--from", "P30D", "--stream", "Audit.Exchange", "--json")
        #expect(json.exit == 0, "\(json)")
        let document = try Value(parsing: Array(json.out.utf8))
        #expect(document["streams"]?[0]?["reason"]?.stringValue?.contains("keeps P7D") == true, "\(json)")
        let schema = try #require(
            TemporaryFolder.contents(of: Repository.root + "/docs/schemas/backfill.json")
        )
        #expect(SchemaCheck(try Value(parsing: schema)).problems(document) == [])
    }
}
