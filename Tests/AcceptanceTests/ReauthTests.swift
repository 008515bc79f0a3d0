// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Connectors
import Glibc
import JSON
import Status
import Store
import TestSupport
import Testing

/// A new credential or another app for the same tenant, with progress and history kept.
@Suite(.timeLimit(.minutes(10)))
struct ReauthTests {
    private static let other = "0ddba11e-0000-4000-8000-0000000000b7"
    private static let fresh = "nEw8Q~Harbour.Lantern_Orchard-91d4b7aa02"

    /// A connection that collects, and a second app that may read the tenant too.
    private func estate(_ change: (inout Scenario) -> Void = { _ in }) async throws -> (Estate, String) {
        let estate = try await Estate { scenario in
            var app = Scenario.App(id: Self.other, secret: Self.fresh)
            app.roles = scenario.apps[0].roles
            scenario.apps.append(app)
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

    /// The app's secret ends, and a pass finds that out.
    private func end(_ estate: Estate, then secrets: [String] = []) async throws {
        var app = Scenario.App(
            id: Estate.app,
            roles: [Estate.tenant: ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]]
        )
        app.secrets =
            [Scenario.ClientSecret(value: Estate.secret, expires: .after(.minutes(-1)))]
            + secrets.map { Scenario.ClientSecret(value: $0) }
        await estate.simulator.register(app)
        await estate.simulator.endTokens()
    }

    private func json(_ outcome: Tool.Outcome) throws -> Value {
        let value = try Value(parsing: Array(outcome.out.utf8))
        let schema = TemporaryFolder.contents(of: Repository.root + "/docs/schemas/reauth.json") ?? []
        #expect(SchemaCheck(try Value(parsing: schema)).problems(value) == [])
        return value
    }

    @Test func `a new secret for an app whose secret ended goes on where it stood`() async throws {
        let (estate, fresh) = try await estate()
        try await end(estate, then: [Self.fresh])
        let done = try await estate.tool.run("reauth", "contoso/o365", "--secret-file", fresh, "--json")
        #expect(done.exit == 0, "\(done)")
        let value = try json(done)
        #expect(value["outcome"] == "reauthorised" && value["tenant"]?.stringValue == Estate.tenant)
        #expect(value["read"]?.arrayValue?.count == 5 && value["formerClientKey"]?.isNull == true)
        try await estate.collect()
        await estate.expectAllStored()
    }

    @Test func `a secret that is wrong changes nothing`() async throws {
        let (estate, _) = try await estate()
        let wrong = estate.folder.write("wR0ng~secret.that_nobody-knows00\n", to: "wrong")
        let refused = try await estate.tool.run("reauth", "contoso/o365", "--secret-file", wrong, "--json")
        #expect(refused.exit == 5, "\(refused)")
        #expect(try json(refused)["outcome"] == "refused")
        #expect(try await estate.tool.run("reauth", "contoso/o365").exit == 3)
        try await estate.collect()
    }

    @Test func `another app takes over where its subscriptions stand, and the former one is forgotten`()
        async throws
    {
        let (estate, fresh) = try await estate()
        let line = ["reauth", "contoso/o365", "--client-key", Self.other, "--secret-file", fresh, "--json"]
        let done = try await estate.tool.run(line)
        #expect(done.exit == 0, "\(done)")
        let value = try json(done)
        #expect(value["outcome"] == "reauthorised" && value["clientKey"]?.stringValue == Self.other)
        #expect(value["formerClientKey"]?.stringValue == Estate.app)
        #expect(value["lost"]?.arrayValue?.isEmpty == true && value["formerForgotten"] == true)
        // The former app is gone for good.
        await estate.simulator.register(Scenario.App(id: Estate.app))
        await estate.simulator.endTokens()
        try await estate.collect()
        await estate.expectAllStored()
        let vault = TemporaryFolder.contents(of: estate.home + "/vault") ?? []
        #expect(try Value(parsing: vault)["entries"]?.objectValue?.count == 1)
        let export = try await estate.tool.run("export")
        #expect(!export.out.contains(Estate.app) && export.out.contains(Self.other), "\(export)")
    }

    @Test func `an app that has to be subscribed first waits until the former one has brought everything`()
        async throws
    {
        let (estate, fresh) = try await estate { scenario in
            scenario.tenants[0].subscriptions = ContentType.allCases.map {
                Scenario.Subscribed($0, app: Estate.app)
            }
        }
        let line = ["reauth", "contoso/o365", "--client-key", Self.other, "--secret-file", fresh, "--json"]
        let first = try await estate.tool.run(line)
        #expect(first.exit == 4, "\(first)")
        let value = try json(first)
        #expect(value["outcome"] == "waiting" && value["until"]?.isNull == false)
        #expect(estate.simulator.log.entries.count { $0.operation == .start } == 5)
        // The connection is where it was.
        try await estate.collect()
        let export = try await estate.tool.run("export")
        #expect(export.out.contains(Estate.app) && !export.out.contains(Self.other), "\(export)")
    }

    @Test func `what only the former app could still fetch is not given up unasked`() async throws {
        let (estate, fresh) = try await estate { scenario in
            scenario.tenants[0].subscriptions = ContentType.allCases.map {
                Scenario.Subscribed($0, app: Estate.app)
            }
        }
        // The former app's secret is refused, and what it has brought ends half an hour ago.
        await estate.simulator.register(Scenario.App(id: Estate.app))
        await estate.simulator.endTokens()
        let ledger = try SQLiteLedger(home: Home.open(estate.home))
        let now = SystemTime().now
        for type in ContentType.allCases {
            let key = StreamKey(customer: "contoso", connection: "o365", stream: type.rawValue)
            var facts = try await ledger.facts(of: key)
            facts.noteFailure(.auth, code: nil, message: "refused", at: now, nextTry: now)
            if type == .exchange { facts.watermark = now - .minutes(30) }
            try await ledger.write([.stream(key, .facts(facts))])
        }
        let line = ["reauth", "contoso/o365", "--client-key", Self.other, "--secret-file", fresh]
        let asked = try await estate.tool.run(line)
        #expect(asked.exit == 4 && asked.out.contains("--accept-loss"), "\(asked)")
        #expect(asked.out.contains("Audit.Exchange: what was between"), "\(asked)")
        let before = try await estate.tool.run("export")
        #expect(before.out.contains(Estate.app) && !before.out.contains(Self.other), "\(before)")
        let done = try await estate.tool.run(line + ["--accept-loss", "--json"])
        #expect(done.exit == 0, "\(done)")
        // Where this takes a minute, the others have a minute to lose as well.
        let lost = try json(done)["lost"]?.arrayValue ?? []
        #expect(lost.contains { $0["stream"] == "Audit.Exchange" }, "\(done)")
        let gaps = try await estate.tool.run("gaps")
        #expect(gaps.err.contains("--all"), "\(gaps)")
    }

    @Test func `an app without the permission does not touch the source`() async throws {
        let (estate, fresh) = try await estate { scenario in
            scenario.apps[1].roles = [Estate.tenant: ["ServiceHealth.Read"]]
            scenario.tenants[0].subscriptions = ContentType.allCases.map {
                Scenario.Subscribed($0, app: Estate.app)
            }
        }
        let line = ["reauth", "contoso/o365", "--client-key", Self.other, "--secret-file", fresh]
        let refused = try await estate.tool.run(line)
        #expect(refused.exit == 5 && refused.out.contains("Nothing was changed"), "\(refused)")
        #expect(estate.simulator.log.entries.count { $0.operation == .start } == 0)
        let same = ["reauth", "contoso/o365", "--client-key", Estate.app, "--secret-file", fresh]
        #expect(try await estate.tool.run(same).exit == 2)
        #expect(Folder.files(below: estate.home, holding: Self.other).isEmpty)
        try await estate.collect()
    }
}
