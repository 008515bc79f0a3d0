// SPDX-License-Identifier: Apache-2.0
import CloudSimulator
import Foundation
import JSON
import TestSupport
import Testing

/// A tenant that can give a part of what was asked for: what is said, what can be done, and what comes of it.
@Suite(.timeLimit(.minutes(10))) struct OnboardPartlyTests {
    /// What is asked up to the test, with an app and its secret at hand.
    private static let turns = Array(OnboardTests.turns.dropLast())
    private static let last = [OnboardTests.turns[6], ("Collect this?", "")]
    private static let both = ["--connector", "office365-management", "--connector", "entra-signins"]

    private static func withoutPlan(_ scenario: inout Scenario) {
        scenario.tenants[0].plans = ["EXCHANGE_S_ENTERPRISE"]
        for index in scenario.apps.indices {
            scenario.apps[index].roles[Estate.tenant]? += [
                "AuditLog.Read.All", "LicenseAssignment.Read.All",
            ]
        }
    }

    private func expectLeftOut(_ estate: Estate) async throws {
        let outcome = try await estate.tool.run(["status", "--json"])
        let status = try Value(parsing: Array(outcome.out.utf8))
        let connections = status["customers"]?[0]?["connections"]?.arrayValue ?? []
        #expect(connections.count == 2, "\(outcome)")
        let signins = connections.first { $0["connector"] == "entra-signins" }
        let states = Set(signins?["streams"]?.arrayValue?.compactMap { $0["state"]?.stringValue } ?? [])
        #expect(states == ["excluded"], "\(outcome)")
    }

    @Test func `a connector whose plan the tenant lacks is left out as agreed, and the others collect`()
        async throws
    {
        let estate = try await Estate(Self.withoutPlan)
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"] + Self.both)
        try await typist.converse(
            Self.turns + [("The tenant lacks a plan", ""), Self.last[0], ("left out: ", "")]
        )
        try await typist.see("contoso/o365 is set up")
        #expect(await typist.end() == 1, "\(typist.transcript)")
        #expect(!typist.transcript.contains("The app lacks permissions"), "\(typist.transcript)")
        try await expectLeftOut(estate)
    }

    @Test func `by device code a plan that is lacking is waited for by nobody`() async throws {
        let estate = try await Estate.bare { Self.withoutPlan(&$0) }
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"] + Self.both)
        try await typist.converse([
            ("Which customer is this?", "Contoso"), ("How do you want to get it?", "2"),
            ("What will be made in the tenant", ""), ("The tenant lacks a plan", ""),
        ])
        try await typist.see("contoso/o365 is set up")
        #expect(await typist.end() == 1, "\(typist.transcript)")
        try await expectLeftOut(estate)
    }

    @Test func `without a conversation what the tenant has no plan for is left out too`() async throws {
        let estate = try await Estate(Self.withoutPlan)
        let answers = estate.folder.write(
            """
            {"customer": "contoso", "cloud": "lab", "way": "app",
             "connectors": ["office365-management", "entra-signins"],
             "credentials": {"tenantDomain": "contoso.onmicrosoft.com", "clientKey": "\(Estate.app)"}}
            """,
            to: "onboard.json"
        )
        let outcome = try await estate.tool.run([
            "onboard", "--no-input", "--answers", answers, "--secret-file", estate.secretFile,
        ])
        #expect(outcome.exit == 1, "\(outcome)")
        try await expectLeftOut(estate)
    }

    @Test func `one stream's missing permission can be granted while the wizard waits`() async throws {
        let estate = try await Estate { $0.apps[0].roles = [Estate.tenant: ["ActivityFeed.Read"]] }
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(Self.turns)
        try await typist.see("missing  ActivityFeed.ReadDlp")
        try await typist.converse([("Some streams cannot be collected yet", "1")])
        // A command about a connection that is not there yet would only be refused.
        #expect(!typist.transcript.contains("headgate exclude"), "\(typist.transcript)")
        try await typist.see("CallAnAPI")
        try await typist.see("waiting for permissions")
        await estate.simulator.register(
            Scenario.App(
                id: Estate.app,
                secret: Estate.secret,
                roles: [Estate.tenant: ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]]
            )
        )
        // Whoever is done does not wait for the next look.
        typist.answer("")
        try await typist.converse(Self.last)
        #expect(await typist.end() == 0, "\(typist.transcript)")
    }

    @Test func `one stream's missing permission keeps nobody from the others, and a wait is gone back from`()
        async throws
    {
        let estate = try await Estate { $0.apps[0].roles = [Estate.tenant: ["ActivityFeed.Read"]] }
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(Self.turns + [("Some streams cannot be collected yet", "1")])
        try await typist.see("waiting for permissions")
        typist.answer("back")
        try await typist.converse([("What now?", "without")] + Self.last)
        try await typist.see("contoso/o365 is set up")
        #expect(await typist.end() == 1, "\(typist.transcript)")
    }

    @Test func `whoever knows that a permission will not come need not wait for it`() async throws {
        let estate = try await Estate { $0.apps[0].roles = [Estate.tenant: ["ServiceHealth.Read"]] }
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(Self.turns)
        try await typist.see("without goes on without it")
        try await typist.see("waiting for permissions")
        typist.answer("without")
        try await typist.converse(Self.last)
        let exit = await typist.end()
        #expect(exit == 5, "\(typist.transcript)")
    }

    @Test func `a wait that is over asks what now, and going on without is one of the ways`() async throws {
        let estate = try await Estate { $0.apps[0].roles = [Estate.tenant: ["ActivityFeed.Read"]] }
        let share = estate.folder.file("share")
        try FileManager.default.createDirectory(atPath: share, withIntermediateDirectories: true)
        for folder in ["connectors", "wizard"] {
            try FileManager.default.copyItem(
                atPath: Repository.root + "/" + folder,
                toPath: share + "/" + folder
            )
        }
        let flow = share + "/wizard/microsoft-365/flow.json"
        let text = String(decoding: try #require(TemporaryFolder.contents(of: flow)), as: UTF8.self)
        #expect(text.contains(#""every": "PT20S","#) && text.contains(#""for": "PT5M""#))
        estate.folder.write(
            text.split(separator: #""every": "PT20S","#, omittingEmptySubsequences: false)
                .joined(separator: #""every": "PT1S","#)
                .split(separator: #""for": "PT5M""#, omittingEmptySubsequences: false)
                .joined(separator: #""for": "PT2S""#),
            to: "share/wizard/microsoft-365/flow.json"
        )
        let typist = try Typist(
            estate.tool,
            ["onboard", "--cloud", "lab"],
            environment: ["HEADGATE_SHARE": share]
        )
        try await typist.converse(
            Self.turns + [
                ("Some streams cannot be collected yet", "1"), ("wait for another 2 s", ""),
                ("wait for another 2 s", "2"),
            ] + Self.last
        )
        #expect(await typist.end() == 1, "\(typist.transcript)")
    }
}
