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

    @Test func `what was stopped is started once more when the connection is added again`() async throws {
        let estate = try await estate { $0.knobs.restartAfterStopStaysDisabled = false }
        #expect(try await estate.tool.run("remove", "contoso/o365", "--yes", "--stop").exit == 0)
        func starts() -> Int { estate.simulator.log.entries.count { $0.operation == .start } }
        let before = starts()
        // Listed as disabled waits for the one try that adding allows, which the test does not make.
        try await estate.add()
        #expect(starts() == before)
        try await estate.collect()
        #expect(starts() == before + 5)
        let status = try await estate.tool.run("status", "--json")
        let streams = try Value(parsing: Array(status.out.utf8))["customers"]?[0]?["connections"]?[0]?[
            "streams"
        ]
        #expect(streams?.arrayValue?.contains { $0["state"] == "blocked" } == false, "\(status)")
    }

    @Test func `an app that other tenants use is not said to be free`() async throws {
        let other = "c0ffee00-0000-4000-8000-0000000000b2"
        let estate = try await estate { scenario in
            var tenant = Scenario.Tenant(id: other, domain: "fabrikam.onmicrosoft.com")
            tenant.subscriptions = ContentType.allCases.map { Scenario.Subscribed($0) }
            scenario.tenants.append(tenant)
            scenario.apps[0].roles[other] = scenario.apps[0].roles[Estate.tenant]
        }
        let answers = estate.folder.write(
            Estate.answers(
                customer: "fabrikam",
                credentials: ["tenantId": .string(other), "clientKey": .string(Estate.app)]
            ).text(),
            to: "other.json"
        )
        let added = try await estate.tool.run(
            "connection",
            "add",
            "--answers",
            answers,
            "--secret-file",
            estate.secretFile
        )
        #expect(added.exit == 0, "\(added)")
        let rotation = try await estate.tool.run("rotate", "contoso/o365", "--plan", "--json")
        let registration = try Value(parsing: Array(rotation.out.utf8))["registrations"]?[0]
        #expect(registration?["elsewhere"] == ["fabrikam/o365"], "\(rotation)")
        let words = try await estate.tool.run("rotate", "contoso/o365", "--plan")
        #expect(words.out.contains("fabrikam/o365"), "\(words)")
        let handed = ["rotate", "contoso/o365", "--plan", "--secret-file", estate.secretFile]
        let given = try await estate.tool.run(handed)
        #expect(given.out.contains("the secret given would come into use"), "\(given)")
        #expect(!given.out.contains("make a new one"), "\(given)")
        let removed = try await estate.tool.run("remove", "contoso/o365", "--yes")
        #expect(removed.exit == 0, "\(removed)")
        let said = removed.out + removed.err
        #expect(
            said.contains("Do not delete the app") && !said.contains("If nothing else needs it"),
            "\(removed)"
        )
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
