// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Glibc
import JSON
import TestSupport
import Testing

/// What `status` says, and that a running host hears what other commands say.
@Suite(.timeLimit(.minutes(10)))
struct StatusTests {
    private static let fields = (
        top: ["schema", "evaluatedAt", "host", "customers"],
        host: ["version", "mode", "lastTick", "endedAt", "cause"],
        customer: ["id", "name", "state", "connections"],
        connection: [
            "id", "name", "connector", "tenant", "state", "since", "partial", "cause", "credential", "acks",
            "streams",
        ],
        credential: ["kind", "expiresAt", "source", "warning"],
        stream: [
            "id", "state", "since", "caughtUpTo", "lag", "coveredFrom", "keptSince", "lossAt", "losingSince",
            "lastSuccess", "lastRecordEvent", "lastRecordStored", "records24h", "itemsPending", "gapsOpen",
            "firstDataBy", "nextTry", "history", "selected", "cause",
        ],
        cause: ["class", "code", "message", "since", "confirmed", "remedy"],
        remedy: ["id", "title", "cause", "steps", "who", "where", "takes", "next"]
    )

    private func names(_ value: Value?) -> Set<String> { Set(value?.objectValue?.keys.map { $0 } ?? []) }

    private func status(_ tool: Tool) async throws -> Value {
        try Value(parsing: Array(try await tool.run("status", "--json").out.utf8))
    }

    private func stream(_ id: String, of status: Value) -> Value? {
        status["customers"]?[0]?["connections"]?[0]?["streams"]?.arrayValue?.first {
            $0["id"]?.stringValue == id
        }
    }

    private func estate() async throws -> Estate {
        try await Estate { scenario in
            for type in ContentType.allCases {
                scenario.tenants[0].content[type] = Scenario.ContentPlan(
                    blobs: 2,
                    eventsPerBlob: 3,
                    newest: .minutes(30)
                )
            }
        }
    }

    @Test func `every field is there, null where it is unset`() async throws {
        let estate = try await Estate { scenario in
            scenario.apps[0].roles[Estate.tenant] = ["ActivityFeed.Read"]
            scenario.tenants[0].content[.exchange] = Scenario.ContentPlan(
                blobs: 2,
                eventsPerBlob: 3,
                newest: .minutes(30)
            )
        }
        try await estate.add(exit: 1)
        try await estate.collect(exit: 1)
        let status = try await status(estate.tool)
        #expect(names(status) == Set(Self.fields.top))
        #expect(status["schema"] == 1)
        #expect(names(status["host"]) == Set(Self.fields.host))
        #expect(status["host"]?["mode"] == "once")
        let customer = try #require(status["customers"]?[0])
        #expect(names(customer) == Set(Self.fields.customer))
        let connection = try #require(customer["connections"]?[0])
        #expect(names(connection) == Set(Self.fields.connection))
        #expect(names(connection["credential"]) == Set(Self.fields.credential))
        #expect(connection["tenant"]?.stringValue == Estate.tenant)
        #expect(connection["state"] == "blocked" && customer["state"] == "blocked")
        #expect(connection["partial"]?["of"] == 5)
        for stream in try #require(connection["streams"]?.arrayValue) {
            #expect(names(stream) == Set(Self.fields.stream))
        }
        let exchange = try #require(stream("Audit.Exchange", of: status))
        #expect(exchange["state"] == "active" && exchange["cause"]?.isNull == true)
        #expect(exchange["records24h"] == 6)
        let caughtUp = try #require(exchange["caughtUpTo"]?.stringValue.flatMap { Timestamp(iso8601: $0) })
        #expect(caughtUp <= SystemTime().now && caughtUp > SystemTime().now - .minutes(15))
        let dlp = try #require(stream("DLP.All", of: status))
        #expect(dlp["state"] == "blocked")
        #expect(names(dlp["cause"]) == Set(Self.fields.cause))
        #expect(dlp["cause"]?["class"] == "permission")
        #expect(names(dlp["cause"]?["remedy"]) == Set(Self.fields.remedy))
        #expect(dlp["caughtUpTo"]?.isNull == true && dlp["lastRecordEvent"]?.isNull == true)
        // What the connection says is what its worst stream says.
        #expect(connection["cause"] == dlp["cause"])
        let exit = try await estate.tool.run("status", "--exit-code")
        #expect(exit.exit == 2, "\(exit)")
        #expect(exit.out.hasPrefix("0 of 1 connection collecting, 1 in part - 1 needs you"), "\(exit)")
        #expect(
            try await estate.tool.run("status", "--state", "late", "--json").out.contains("\"customers\": []")
        )
        #expect(try await estate.tool.run("status", "--state", "green").exit == 2)
        let none = try await estate.tool.run("status", "--state", "late")
        #expect(none.out.isEmpty && none.err.contains("Nothing is in that state"), "\(none)")
    }

    @Test func `a page for a browser says the same, and is for one customer where one is named`() async throws
    {
        let estate = try await Estate { $0.tenants[0].content[.exchange] = .init(blobs: 2, eventsPerBlob: 3) }
        try await estate.add()
        try await estate.collect()
        let path = estate.folder.file("status.html")
        let outcome = try await estate.tool.run(["status", "contoso", "--html", path])
        #expect(outcome.exit == 0 && outcome.err.contains(path), "\(outcome)")
        let page = String(decoding: try #require(TemporaryFolder.contents(of: path)), as: UTF8.self)
        for words in [
            "contoso", "o365", "Audit.Exchange", "caught up to", Estate.tenant, "What happened in these days",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(!page.contains(Estate.secret))
        let foreign = try await estate.tool.run(["status", "nobody", "--html", path])
        #expect(foreign.exit == 2, "\(foreign)")
        let both = try await estate.tool.run(["status", "--json", "--html", path])
        #expect(both.exit == 2, "\(both)")
        let nowhere = try await estate.tool.run(["status", "--html", estate.folder.file("no/where.html")])
        #expect(nowhere.exit != 0 && nowhere.err.contains("where.html"), "\(nowhere)")
    }

    @Test func `the exit code says how well it is, when asked to`() async throws {
        let estate = try await estate()
        #expect(try await estate.tool.run("status", "--exit-code").exit == 0)
        try await estate.add()
        try await estate.collect()
        let well = try await estate.tool.run("status", "--exit-code")
        #expect(well.exit == 0, "\(well)")
        #expect(well.out.hasPrefix("collecting "), "\(well)")
        let paused = try await estate.tool.run("pause", "contoso/o365/DLP.All", "--reason", "move")
        #expect(paused.exit == 0, "\(paused)")
        #expect(try await estate.tool.run("status", "--exit-code").exit == 1)
        #expect(try await estate.tool.run("status").exit == 0)
    }

    @Test func `a running host hears commands beside it within seconds, and ends cleanly`() async throws {
        let second = "c0ffee00-0000-4000-8000-0000000000b2"
        let estate = try await Estate { scenario in
            for type in ContentType.allCases {
                scenario.tenants[0].content[type] = Scenario.ContentPlan(
                    blobs: 2,
                    eventsPerBlob: 3,
                    newest: .minutes(30)
                )
            }
            var other = Scenario.Tenant(id: second, domain: "fabrikam.onmicrosoft.com")
            other.subscriptions = ContentType.allCases.map { Scenario.Subscribed($0) }
            other.content = scenario.tenants[0].content
            scenario.tenants.append(other)
            scenario.apps[0].roles[second] = scenario.apps[0].roles[Estate.tenant]
        }
        try await estate.add()
        let host = try estate.tool.start(["run"])
        let tool = estate.tool
        try await until { stream("Audit.General", of: try await status(tool))?["records24h"] == 6 }
        #expect(try await status(tool)["host"]?["mode"] == "run")
        // Each is a process of its own beside the host.
        #expect(try await tool.run("pause", "contoso/o365/DLP.All", "--reason", "move").exit == 0)
        #expect(
            try await tool.run("exclude", "contoso/o365/Audit.SharePoint", "--reason", "not agreed").exit == 0
        )
        try await until { stream("DLP.All", of: try await status(tool))?["state"] == "paused" }
        try await until { stream("Audit.SharePoint", of: try await status(tool))?["state"] == "excluded" }
        #expect(try await tool.run("resume", "contoso/o365/DLP.All").exit == 0)
        try await until { stream("DLP.All", of: try await status(tool))?["state"] != "paused" }
        // A second customer's tenant comes in while the host runs, and is collected without a restart.
        let answers = Estate.answers(
            customer: "fabrikam",
            credentials: ["tenantDomain": "fabrikam.onmicrosoft.com", "clientKey": .string(Estate.app)],
            streams: ["Audit.Exchange"]
        )
        let file = estate.folder.write(answers.text(), to: "second.json")
        let added = try await tool.run(
            "connection",
            "add",
            "--answers",
            file,
            "--secret-file",
            estate.secretFile
        )
        #expect(added.exit == 0, "\(added)")
        let other = await estate.simulator.events(tenant: second, type: .exchange).map(\.bytes)
        try await until {
            // A host that ends leaves what is not delivered to the next one.
            Stored("archive", of: estate.home).lines.count { $0.customer == "fabrikam" } == other.count
        }
        for line in [["connection", "list"], ["gaps"], ["export"], ["test"], ["customer", "list"]] {
            let outcome = try await tool.run(line)
            #expect(outcome.exit <= 4, "\(outcome)")
        }
        let asked = ContinuousClock.now
        host.send(SIGTERM)
        let outcome = await host.end(within: .seconds(20))
        #expect(outcome.exit == 0, "\(outcome)")
        #expect(ContinuousClock.now - asked < .seconds(10))
        // A host that had time to say that it ends is not taken for one that runs.
        let ended = try await tool.run("status")
        #expect(
            ended.out.contains("the host was stopped") && ended.out.contains("start it: headgate run"),
            "\(ended)"
        )
        #expect(try await status(tool)["host"]?["endedAt"]?.stringValue != nil)
        let doctor = try await tool.run("doctor")
        #expect(doctor.out.contains("It was stopped"), "\(doctor)")
        #expect(!doctor.out.contains("It runs"), "\(doctor)")
        var expected = await estate.expected()
        expected["Audit.Exchange"]?.formUnion(other)
        await estate.expectAllStored(expected)
    }

    @Test func `passes that bring nothing new touch no file of the archive`() async throws {
        let estate = try await estate()
        try await estate.add()
        try await estate.collect()
        let before = Folder.print(of: estate.home + "/archive")
        #expect(before.count > 5)
        for _ in 0..<3 { try await estate.collect() }
        #expect(Folder.print(of: estate.home + "/archive") == before)
        await estate.expectAllStored()
    }
}
