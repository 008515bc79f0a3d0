// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON
import TestSupport
import Testing

/// The shipped connectors besides the activity feed, each collected by the built command from the simulated services.
@Suite(.timeLimit(.minutes(5)))
struct SourcesTests {
    private static let roles = [
        "AuditLog.Read.All", "LicenseAssignment.Read.All", "IdentityRiskEvent.Read.All",
        "IdentityRiskyUser.Read.All", "ServiceHealth.Read.All", "ServiceMessage.Read.All",
        "SecurityAlert.Read.All", "SecurityIncident.Read.All",
    ]

    /// A connector and what its streams are to the simulated cloud.
    struct Source: Sendable, CustomTestStringConvertible {
        let connector: String
        let feeds: [String: Feed]
        var testDescription: String { connector }
    }

    private static let ofGraph = [
        Source(
            connector: "entra-signins",
            feeds: [
                "interactive": .signIns, "nonInteractive": .nonInteractiveSignIns,
                "servicePrincipal": .servicePrincipalSignIns, "managedIdentity": .managedIdentitySignIns,
            ]
        ),
        Source(
            connector: "entra-audit",
            feeds: [
                "directoryAudits": .directoryAudits, "provisioning": .provisioning,
                "riskDetections": .riskDetections, "riskyUsers": .riskyUsers,
            ]
        ),
        Source(
            connector: "m365-service-health",
            feeds: ["healthOverviews": .healthOverviews, "issues": .issues, "messages": .messages]
        ),
        Source(connector: "defender-xdr", feeds: ["alerts": .alerts, "incidents": .incidents]),
    ]

    private func estate(_ change: (inout Scenario.Tenant) -> Void) async throws -> Estate {
        try await Estate { scenario in
            scenario.apps[0].roles[Estate.tenant] = Self.roles
            scenario.knobs.reportRequests = 0
            scenario.knobs.riskRequests = 0
            // Several pages a window.
            scenario.knobs.itemsPerPage = 7
            change(&scenario.tenants[0])
        }
    }

    private func add(_ estate: Estate, _ answers: Object, secret: String) async throws -> Tool.Outcome {
        var answers = answers
        answers["customer"] = "contoso"
        answers["name"] = "source"
        let file = estate.folder.write(Value.object(answers).text(), to: "source.json")
        let secret = estate.folder.write(secret, to: "source.secret")
        return try await estate.tool.run(["connection", "add", "--answers", file, "--secret-file", secret])
    }

    /// What each stream must hold: every item that can be seen now.
    private func due(_ source: Source, _ estate: Estate) async -> [String: Set<[UInt8]>] {
        var due: [String: Set<[UInt8]>] = [:]
        for (stream, feed) in source.feeds {
            let items = await estate.simulator.items(tenant: Estate.tenant, feed: feed)
            due[stream] = Set(items.map(\.bytes))
        }
        return due
    }

    @Test(arguments: ofGraph)
    func `every item of every stream is stored once, and archived`(_ source: Source) async throws {
        let estate = try await estate { tenant in
            for feed in source.feeds.values {
                tenant.feeds[feed] = Scenario.FeedPlan(items: 20, spread: .hours(2), newest: .hours(1))
            }
        }
        let added = try await add(
            estate,
            [
                "connector": .string(source.connector), "cloud": "lab", "start": "PT4H",
                "credentials": ["tenantId": .string(Estate.tenant), "clientKey": .string(Estate.app)],
            ],
            secret: Estate.secret
        )
        #expect(added.exit == 0, "\(added)")
        try await estate.collect()
        let due = await due(source, estate)
        #expect(due.values.allSatisfy { $0.count == 20 })
        await estate.expectAllStored(due)
        // Nothing is new, so nothing is stored again.
        try await estate.collect()
        await estate.expectAllStored(due)
    }

    @Test func `of a set only what changes is stored again`()
        async throws
    {
        let source = Source(connector: "m365-service-health", feeds: ["issues": .issues])
        let estate = try await estate { tenant in
            tenant.feeds[.issues] = Scenario.FeedPlan(items: 5, spread: .hours(2), newest: .hours(1))
        }
        let placed = Scenario.PlacedItem(created: .after(.minutes(-90)))
        let index = try #require(await estate.simulator.place(placed, tenant: Estate.tenant, feed: .issues))
        let added = try await add(
            estate,
            [
                "connector": .string(source.connector), "cloud": "lab", "streams": ["issues"],
                "credentials": ["tenantId": .string(Estate.tenant), "clientKey": .string(Estate.app)],
            ],
            secret: Estate.secret
        )
        #expect(added.exit == 0, "\(added)")
        try await estate.collect()
        #expect(Stored("journal", of: estate.home).lines.count == 6)
        await estate.simulator.touch(index, tenant: Estate.tenant, feed: .issues)
        try await estate.collect()
        let lines = Stored("journal", of: estate.home).lines
        #expect(lines.count == 7)
        #expect(Set(lines.map(\.id)).count == 7)
        try await estate.collect()
        #expect(Stored("journal", of: estate.home).lines.count == 7)
    }

    // MARK: services with a key

    /// The shipped definition as one of the home's own that asks the simulated service, and agreed to.
    private func ownCopy(of id: String, asking base: String, in estate: Estate) async throws {
        let path = Repository.root + "/connectors/\(id)"
        for name in Folder.files(below: path) {
            let bytes = try #require(TemporaryFolder.contents(of: path + "/" + name))
            estate.folder.write(bytes, to: "home/connectors/lab-\(id)/" + name)
        }
        let file = "home/connectors/lab-\(id)/connector.json"
        let bytes = try #require(estate.folder.read(file))
        var definition = try #require(Value(parsing: bytes).objectValue)
        definition["id"] = .string("lab-" + id)
        definition["hosts"] = ["127.0.0.1"]
        var services = try #require(definition["services"]?.objectValue)
        for name in services.keys {
            var service = try #require(services[name]?.objectValue)
            service["base"] = .string(base)
            services[name] = .object(service)
        }
        definition["services"] = .object(services)
        estate.folder.write(Value.object(definition).text(), to: file)
        let trusted = try await estate.tool.run("connector", "trust", "lab-" + id, "--yes")
        #expect(trusted.exit == 0, "\(trusted)")
    }

    @Test func `an Okta organization's log is followed to its end`() async throws {
        let estate = try await estate { tenant in
            tenant.okta = Scenario.Organization(name: "contoso", tokens: [Scenario.Token("00lab~Okta.token")])
            tenant.feeds[.okta] = Scenario.FeedPlan(items: 40, spread: .hours(2), newest: .hours(1))
        }
        try await ownCopy(of: "okta-system-log", asking: estate.simulator.base + "/okta/contoso", in: estate)
        let added = try await add(
            estate,
            [
                "connector": "lab-okta-system-log", "start": "PT4H",
                "credentials": ["domain": "contoso.okta.com"],
            ],
            secret: "00lab~Okta.token"
        )
        #expect(added.exit == 0, "\(added)")
        try await estate.collect()
        let source = Source(connector: "", feeds: ["system": .okta])
        await estate.expectAllStored(await due(source, estate))
        // What comes later is found where the log was left.
        _ = await estate.simulator.place(
            Scenario.PlacedItem(created: .at(SystemTime().now)),
            tenant: Estate.tenant,
            feed: .okta
        )
        try await estate.collect()
        await estate.expectAllStored(await due(source, estate))
        #expect(Folder.files(below: estate.home, holding: "00lab~Okta.token") == [])
    }

    @Test func `a GitHub organization's audit log is collected in windows`() async throws {
        let estate = try await estate { tenant in
            tenant.github = Scenario.Organization(name: "contoso", tokens: [Scenario.Token("ghp_labToken")])
            tenant.feeds[.github] = Scenario.FeedPlan(items: 40, spread: .hours(2), newest: .hours(1))
        }
        try await ownCopy(of: "github-audit-log", asking: estate.simulator.base + "/github", in: estate)
        let added = try await add(
            estate,
            [
                "connector": "lab-github-audit-log", "start": "PT4H",
                "credentials": ["organization": "contoso"],
            ],
            secret: "ghp_labToken"
        )
        #expect(added.exit == 0, "\(added)")
        try await estate.collect()
        // Git's own events are a stream of their own, since they are not kept as long.
        let items = await estate.simulator.items(tenant: Estate.tenant, feed: .github).map(\.bytes)
        let isGit = { (event: [UInt8]) in Needle(#""action":"git."#).place(in: event) != nil }
        let due = ["web": Set(items.filter { !isGit($0) }), "git": Set(items.filter(isGit))]
        #expect(due["git"]?.isEmpty == false)
        await estate.expectAllStored(due)
    }
}
