// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Glibc
import JSON
import TestSupport
import Testing

/// Bringing a new credential into use: proven first, swapped at once, and whole at whatever instant the machine dies.
@Suite(.timeLimit(.minutes(10)))
struct RotateTests {
    private static let fresh = "nEw8Q~Harbour.Lantern_Orchard-91d4b7aa02"

    private func estate(_ change: (inout Scenario) -> Void = { _ in }) async throws -> (Estate, String) {
        let estate = try await Estate { scenario in
            scenario.apps[0].secrets.append(Scenario.ClientSecret(value: Self.fresh))
            scenario.tenants[0].content[.exchange] = Scenario.ContentPlan(
                blobs: 2,
                eventsPerBlob: 2,
                newest: .hours(1)
            )
            change(&scenario)
        }
        try await estate.add()
        try await estate.collect()
        return (estate, estate.folder.write(Self.fresh + "\n", to: "fresh"))
    }

    /// The provider deletes the old secret.
    private func retire(_ estate: Estate) async {
        let app = Scenario.App(
            id: Estate.app,
            secret: Self.fresh,
            roles: [Estate.tenant: ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]]
        )
        await estate.simulator.register(app)
        await estate.simulator.endTokens()
    }

    private func json(_ outcome: Tool.Outcome) throws -> Value {
        let value = try Value(parsing: Array(outcome.out.utf8))
        let schema = TemporaryFolder.contents(of: Repository.root + "/docs/schemas/rotate.json") ?? []
        #expect(SchemaCheck(try Value(parsing: schema)).problems(value) == [])
        return value
    }

    @Test func `a new secret is proven, brought into use, and the old one is kept until it is dropped`()
        async throws
    {
        let (estate, fresh) = try await estate()
        let line = ["rotate", "contoso/o365", "--secret-file", fresh, "--expires", "2099-01-31"]
        let rotated = try await estate.tool.run(line + ["--json"])
        #expect(rotated.exit == 0, "\(rotated)")
        let value = try json(rotated)
        #expect(value["outcome"] == "rotated")
        let registration = try #require(value["registrations"]?[0])
        #expect(registration["current"]?["version"] == 2 && registration["former"]?["version"] == 1)
        #expect(registration["current"]?["source"] == "declared")
        #expect(registration["connections"]?[0]?["verdict"] == "proven")
        #expect(value["reminder"]?["where"]?.stringValue?.contains("Client secrets") == true)
        // The new one alone serves from here on.
        await retire(estate)
        try await estate.collect()
        await estate.expectAllStored()
        let dropped = try await estate.tool.run("rotate", "contoso/o365", "--drop-old", "--json")
        #expect(dropped.exit == 0, "\(dropped)")
        #expect(try json(dropped)["registrations"]?[0]?["former"]?.isNull == true)
        try await estate.collect()
        let doctor = try await estate.tool.run("doctor")
        #expect(doctor.out.contains("It opens its secret"), "\(doctor)")
        for text in [Estate.secret, Self.fresh] {
            #expect(Folder.files(below: estate.home, holding: text).isEmpty)
        }
    }

    @Test func `one that the source refuses changes nothing and says why`() async throws {
        let (estate, _) = try await estate()
        let wrong = estate.folder.write("wR0ng~secret.that_nobody-knows00\n", to: "wrong")
        let refused = try await estate.tool.run("rotate", "contoso/o365", "--secret-file", wrong, "--json")
        #expect(refused.exit == 5, "\(refused)")
        let value = try json(refused)
        #expect(value["outcome"] == "refused" && value["why"]?.isNull == false)
        #expect(value["registrations"]?[0]?["current"]?["version"] == 1)
        #expect(value["registrations"]?[0]?["staged"]?.isNull == true)
        let words = try await estate.tool.run("rotate", "contoso/o365", "--secret-file", wrong)
        #expect(words.out.contains("stays in use"), "\(words)")
        try await estate.collect()
    }

    @Test func `without a credential it asks for one, and the one in use is no new one`() async throws {
        let (estate, _) = try await estate()
        #expect(try await estate.tool.run("rotate", "contoso/o365").exit == 3)
        let same = try await estate.tool.run("rotate", "contoso/o365", "--secret-file", estate.secretFile)
        #expect(same.exit == 2 && same.err.contains("in use already"), "\(same)")
        #expect(try await estate.tool.run("rotate", "contoso/none", "--drop-old").exit == 2)
        #expect(try await estate.tool.run("rotate", "--all").exit == 2)
    }

    @Test func `a plan changes nothing, and lists what ends soon with the connections that use it`()
        async throws
    {
        let (estate, fresh) = try await estate()
        let plan = try await estate.tool.run("rotate", "contoso/o365", "--plan", "--json")
        #expect(plan.exit == 0, "\(plan)")
        #expect(try json(plan)["outcome"] == "planned")
        let none = try await estate.tool.run("rotate", "--all", "--expiring", "P30D", "--plan", "--json")
        #expect(try json(none)["registrations"]?.arrayValue?.isEmpty == true)
        let soon = (SystemTime().now + .days(20)).day
        let rotated = try await estate.tool.run(
            "rotate",
            "contoso/o365",
            "--secret-file",
            fresh,
            "--expires",
            soon
        )
        #expect(rotated.exit == 0, "\(rotated)")
        let due = try json(try await estate.tool.run("rotate", "--all", "--plan", "--json"))
        #expect(due["registrations"]?[0]?["connections"]?[0]?["connection"] == "o365")
        let status = try await estate.tool.run("status")
        #expect(status.out.contains("warning: the secret expires"), "\(status)")
        #expect(status.out.contains("headgate rotate contoso/o365"), "\(status)")
        // A warning moves no state.
        #expect(try await estate.tool.run("status", "--exit-code").exit == 0)
    }

    #if DEBUG
    @Test(arguments: ["kept:1", "staged:1", "proven:1", "swapped:1"])
    func `a rotation that dies leaves a registration that works, and can be done again`(_ point: String)
        async throws
    {
        let (estate, fresh) = try await estate()
        var tool = estate.tool
        tool.environment["HEADGATE_CRASH_AT"] = point
        let died = try await tool.run("rotate", "contoso/o365", "--secret-file", fresh)
        #expect(died.signal == SIGKILL, "it did not die at \(point): \(died)")
        try await estate.collect()
        // What was staged goes on without the secret being given again; what was not is given again.
        let isStaged = point.hasPrefix("staged") || point.hasPrefix("proven")
        if point.hasPrefix("swapped") {
            let again = try await estate.tool.run("rotate", "contoso/o365", "--secret-file", fresh)
            #expect(again.exit == 2 && again.err.contains("in use already"), "\(again)")
        } else {
            let line = ["rotate", "contoso/o365"] + (isStaged ? [] : ["--secret-file", fresh])
            let again = try await estate.tool.run(line)
            #expect(again.exit == 0, "\(again)")
        }
        await retire(estate)
        try await estate.collect()
        await estate.expectAllStored()
    }

    @Test func `dying while the old one is dropped leaves nothing of it behind`() async throws {
        let (estate, fresh) = try await estate()
        var tool = estate.tool
        tool.environment["HEADGATE_CRASH_AT"] = "dropped:1"
        let died = try await tool.run("rotate", "contoso/o365", "--secret-file", fresh, "--drop-old")
        #expect(died.signal == SIGKILL, "\(died)")
        try await estate.collect()
        let vault = TemporaryFolder.contents(of: estate.home + "/vault") ?? []
        #expect(try Value(parsing: vault)["entries"]?.objectValue?.count == 1)
        await retire(estate)
        try await estate.collect()
    }
    #endif
}
