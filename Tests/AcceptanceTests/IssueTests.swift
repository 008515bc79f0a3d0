// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Glibc
import JSON
import TestSupport
import Testing

/// What a person should do, how it is looked at again, and how it is let stand.
@Suite(.timeLimit(.minutes(10)))
struct IssueTests {
    private func estate(_ change: (inout Scenario) -> Void = { _ in }) async throws -> Estate {
        let estate = try await Estate { scenario in
            scenario.tenants[0].content[.exchange] = Scenario.ContentPlan(
                blobs: 2,
                eventsPerBlob: 2,
                newest: .hours(1)
            )
            change(&scenario)
        }
        return estate
    }

    private func value(_ outcome: Tool.Outcome, _ schema: String) throws -> Value {
        let value = try Value(parsing: Array(outcome.out.utf8))
        let text = TemporaryFolder.contents(of: Repository.root + "/docs/schemas/\(schema).json") ?? []
        #expect(SchemaCheck(try Value(parsing: text)).problems(value) == [])
        return value
    }

    @Test func `a missing permission is one issue, let stand it stays listed and counts no more`()
        async throws
    {
        let estate = try await estate { $0.apps[0].roles[Estate.tenant] = ["ActivityFeed.Read"] }
        let line = ["connection", "add", "--answers", estate.answers, "--secret-file", estate.secretFile]
        #expect(try await estate.tool.run(line).exit == 1)
        try await estate.collect(exit: 1)
        let listed = try await estate.tool.run("issues", "--json")
        #expect(listed.exit == 1, "\(listed)")
        let issue = try #require(try value(listed, "issues")["issues"]?[0])
        #expect(issue["streams"] == ["DLP.All"] && issue["class"] == "permission")
        #expect(issue["fix"] == "outside" && issue["origin"] == "cause")
        let id = issue["id"]?.stringValue ?? ""
        #expect(try await estate.tool.run("ack", id, "--reason", "bought in May").exit == 2)
        let acked = try await estate.tool.run("ack", id, "--reason", "bought in May", "--until", "P7D")
        #expect(acked.exit == 0, "\(acked)")
        let after = try await estate.tool.run("issues", "contoso/o365", "--json")
        #expect(after.exit == 0, "\(after)")
        let same = try #require(try value(after, "issues")["issues"]?[0])
        #expect(same["id"]?.stringValue == id && same["reason"] == "bought in May")
        #expect(same["ignoredUntil"]?.isNull == false && same["ignoredBy"]?.isNull == false)
        // The state stays what it is.
        #expect(try await estate.tool.run("status", "--exit-code").exit == 2)
        #expect(try await estate.tool.run("ack", "nonesuch", "--reason", "x", "--until", "P1D").exit == 2)
    }

    @Test func `on a terminal an issue is no wider than the screen`() async throws {
        let estate = try await estate { $0.apps[0].roles[Estate.tenant] = ["ActivityFeed.Read"] }
        let line = ["connection", "add", "--answers", estate.answers, "--secret-file", estate.secretFile]
        #expect(try await estate.tool.run(line).exit == 1)
        let typist = try Typist(estate.tool, ["issues"])
        #expect(await typist.end() == 1, "\(typist.transcript)")
        #expect(typist.transcript.contains("next: "))
        #expect(typist.screenLines.filter { $0.count > 80 } == [])
    }

    @Test func `a repair says what a person still has to do, and is over once that is done`() async throws {
        let estate = try await estate { $0.apps[0].roles[Estate.tenant] = ["ActivityFeed.Read"] }
        let line = ["connection", "add", "--answers", estate.answers, "--secret-file", estate.secretFile]
        #expect(try await estate.tool.run(line).exit == 1)
        try await estate.collect(exit: 1)
        let listed = try value(try await estate.tool.run("issues", "--json"), "issues")
        let id = listed["issues"]?[0]?["id"]?.stringValue ?? ""
        let told = try await estate.tool.run("repair", id, "--json")
        #expect(told.exit == 5, "\(told)")
        let answer = try value(told, "repair")
        #expect(answer["outcome"] == "person" && answer["remedy"]?["id"]?.isNull == false)
        let app = Scenario.App(
            id: Estate.app,
            secret: Estate.secret,
            roles: [Estate.tenant: ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]]
        )
        await estate.simulator.register(app)
        await estate.simulator.endTokens()
        let passes = try await estate.tool.run("repair", "contoso/o365", "--json")
        #expect(passes.exit == 0, "\(passes)")
        #expect(try value(passes, "repair")["outcome"] == "passes")
        try await estate.collect()
        #expect(try await estate.tool.run("issues").exit == 0)
    }

    @Test func `a draft is finished by a repair once its cause is put right`() async throws {
        let estate = try await estate { $0.tenants[0].auditing = [.init(on: false)] }
        let tool = estate.tool
        let line = ["connection", "add", "--answers", estate.answers, "--secret-file", estate.secretFile]
        #expect(try await tool.run(line).exit == 5)
        let second = estate.folder.write(Estate.answers(name: "second").text(), to: "second.json")
        let twin = try await tool.run(
            "connection",
            "add",
            "--answers",
            second,
            "--secret-file",
            estate.secretFile
        )
        #expect(twin.exit == 2 && twin.err.contains("headgate repair contoso/o365 finishes it"), "\(twin)")
        let still = try await tool.run("repair", "contoso/o365")
        #expect(still.exit == 5, "\(still)")
        await estate.simulator.setAuditing(tenant: Estate.tenant, on: true, delay: .zero)
        let over = try await tool.run("repair", "contoso/o365")
        #expect(over.exit == 0 && over.out.contains("the next pass proves it"), "\(over)")
        #expect(try await tool.run("run", "--once").exit == 0)
        let status = try await tool.run("status", "contoso/o365/Audit.Exchange", "--json")
        let stream = try Value(parsing: Array(status.out.utf8))["customers"]?[0]?["connections"]?[0]?[
            "streams"
        ]
        #expect(stream?.arrayValue?.count == 1 && stream?[0]?["id"] == "Audit.Exchange", "\(status)")
        let none = try await tool.run("status", "contoso/o356")
        #expect(none.exit == 2 && none.err.contains("There is no contoso/o356; there is o365."), "\(none)")
    }

    @Test func `what the test sees is not called well because the host had nothing to ask for`() async throws
    {
        let estate = try await estate { _ in }
        try await estate.add()
        let tool = estate.tool
        let host = try tool.start(["run"])
        try await until {
            let status = try Value(parsing: Array(try await tool.run("status", "--json").out.utf8))
            let streams = status["customers"]?[0]?["connections"]?[0]?["streams"]?.arrayValue ?? []
            return streams.contains { $0["state"] == "active" }
        }
        #expect(try await tool.run("repair", "contoso/o365").exit == 0)
        await estate.simulator.register(Scenario.App(id: Estate.app, secret: Estate.secret, roles: [:]))
        await estate.simulator.endTokens()
        let repair = try await tool.run("repair", "contoso/o365")
        #expect(repair.exit == 5, "\(repair)")
        host.send(SIGTERM)
        #expect(await host.end(within: .seconds(20)).exit == 0)
    }

    @Test func `a running host looks at once, whatever it was told to wait for`() async throws {
        let estate = try await estate { $0.apps[0].roles[Estate.tenant] = ["ActivityFeed.Read"] }
        let line = ["connection", "add", "--answers", estate.answers, "--secret-file", estate.secretFile]
        #expect(try await estate.tool.run(line).exit == 1)
        let tool = estate.tool
        let host = try tool.start(["run"])
        // It has failed once by itself, and looks again in five minutes.
        try await until {
            let status = try Value(parsing: Array(try await tool.run("status", "--json").out.utf8))
            let streams = status["customers"]?[0]?["connections"]?[0]?["streams"]?.arrayValue ?? []
            let next = streams.first { $0["id"] == "DLP.All" }?["nextTry"]?.stringValue
            return next.flatMap { Timestamp(iso8601: $0) }.map { $0 > SystemTime().now + .minutes(2) }
                ?? false
        }
        let listed = try value(try await tool.run("issues", "--json"), "issues")
        let id = try #require(listed["issues"]?[0]?["id"]?.stringValue)
        let app = Scenario.App(
            id: Estate.app,
            secret: Estate.secret,
            roles: [Estate.tenant: ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]]
        )
        await estate.simulator.register(app)
        await estate.simulator.endTokens()
        let asked = ContinuousClock.now
        for _ in 0..<3 where try await tool.run("repair", id).exit == 4 {}
        try await until { try await tool.run("issues").exit == 0 }
        #expect(ContinuousClock.now - asked < .seconds(120))
        host.send(SIGTERM)
        #expect(await host.end(within: .seconds(20)).exit == 0)
    }
}
