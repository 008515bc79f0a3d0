// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Glibc
import JSON
import TestSupport
import Testing

/// Taking a connection off: what stays is said before, what was prepared is stopped only when asked for.
@Suite(.timeLimit(.minutes(10)))
struct RemoveTests {
    private func estate(_ change: (inout Scenario) -> Void = { _ in }) async throws -> Estate {
        let estate = try await Estate { scenario in
            scenario.tenants[0].content[.exchange] = Scenario.ContentPlan(
                blobs: 2,
                eventsPerBlob: 2,
                newest: .hours(1)
            )
            change(&scenario)
        }
        try await estate.add()
        try await estate.collect()
        return estate
    }

    private func json(_ outcome: Tool.Outcome) throws -> Value {
        let value = try Value(parsing: Array(outcome.out.utf8))
        let schema = TemporaryFolder.contents(of: Repository.root + "/docs/schemas/remove.json") ?? []
        #expect(SchemaCheck(try Value(parsing: schema)).problems(value) == [])
        return value
    }

    private func stops(_ estate: Estate) -> Int {
        estate.simulator.log.entries.count { $0.operation == .stop }
    }

    @Test func `without a word nothing is removed, and a plan only says what stays`() async throws {
        let estate = try await estate()
        let asked = try await estate.tool.run("remove", "contoso/o365")
        #expect(asked.exit == 3 && asked.err.contains("--yes"), "\(asked)")
        let plan = try await estate.tool.run("remove", "contoso/o365", "--plan", "--json")
        #expect(plan.exit == 0, "\(plan)")
        let value = try json(plan)
        #expect(value["outcome"] == "planned")
        #expect(value["source"]?["app"]?["clientKey"]?.stringValue == Estate.app)
        #expect(value["source"]?["prepared"]?.arrayValue?.count == 5)
        #expect(value["source"]?["prepared"]?[0]?["canBeStopped"] == true)
        #expect(value["here"]?["archiveFiles"] == 1 && value["here"]?["secretForgotten"] == true)
        let words = try await estate.tool.run("remove", "contoso/o365", "--plan")
        #expect(words.out.contains("Stays at the source:") && words.out.contains("--stop"), "\(words)")
        #expect(stops(estate) == 0)
        try await estate.collect()
    }

    @Test func `it is removed without touching the source, and added again it doubles nothing`() async throws
    {
        let estate = try await estate()
        let removed = try await estate.tool.run("remove", "contoso/o365", "--yes", "--json")
        #expect(removed.exit == 0, "\(removed)")
        #expect(try json(removed)["outcome"] == "removed")
        #expect(stops(estate) == 0)
        let vault = TemporaryFolder.contents(of: estate.home + "/vault") ?? []
        #expect(try Value(parsing: vault)["entries"]?.objectValue?.isEmpty == true)
        #expect(try await estate.tool.run("remove", "contoso/o365", "--yes").exit == 2)
        try await estate.add()
        try await estate.collect()
        await estate.expectAllStored()
    }

    @Test func `with stop every subscription is stopped once, proven by a look`() async throws {
        let estate = try await estate()
        let removed = try await estate.tool.run("remove", "contoso/o365", "--yes", "--stop", "--json")
        #expect(removed.exit == 0, "\(removed)")
        let stopped = try json(removed)["source"]?["stopped"]?.arrayValue ?? []
        #expect(stopped.count == 5 && stopped.allSatisfy { $0["outcome"] == "stopped" }, "\(removed)")
        #expect(stops(estate) == 5)
        #expect(try await estate.tool.run("connection", "list").err.contains("No connection yet"))
    }

    @Test func `what cannot be stopped keeps the connection, which goes on`() async throws {
        let estate = try await estate()
        let fault = await estate.simulator.inject(
            Fault(.status(500, body: [], headers: []), on: .init(.stop))
        )
        let kept = try await estate.tool.run("remove", "contoso/o365", "--yes", "--stop", "--json")
        #expect(kept.exit == 5, "\(kept)")
        #expect(try json(kept)["outcome"] == "kept")
        try await estate.collect()
        await estate.simulator.heal(fault)
        let status = try await estate.tool.run("status", "--json")
        #expect(!status.out.contains("being removed") && !status.out.contains("\"paused\""), "\(status)")
        #expect(try await estate.tool.run("remove", "contoso/o365", "--yes", "--stop").exit == 0)
    }
}
