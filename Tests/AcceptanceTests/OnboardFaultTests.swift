// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON
import TestSupport
import Testing

/// What can be wrong at the source while a person onboards, and how the wizard waits for it to be put right.
@Suite(.timeLimit(.minutes(10))) struct OnboardFaultTests {
    private static let turns = OnboardTests.turns

    @Test func `a permission that is granted meanwhile is seen and the test goes on`() async throws {
        let estate = try await Estate { $0.apps[0].roles = [Estate.tenant: ["ServiceHealth.Read"]] }
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(Self.turns)
        try await typist.see("missing  ActivityFeed.Read")
        try await typist.see("Granting the permissions")
        try await typist.see("waiting for permissions")
        await estate.simulator.register(
            Scenario.App(
                id: Estate.app,
                secret: Estate.secret,
                roles: [Estate.tenant: ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]]
            )
        )
        try await typist.converse([("Collect this?", "")])
        #expect(await typist.end() == 0, "\(typist.transcript)")
    }

    @Test func `auditing that is switched on meanwhile is seen, and the wait can be left and taken up`()
        async throws
    {
        let estate = try await Estate { scenario in
            scenario.tenants[0].auditing = [.init(on: false)]
            scenario.tenants[0].subscriptions = []
            scenario.knobs.auditingDelay = .zero
        }
        let first = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await first.converse(Self.turns)
        try await first.see("Unified audit logging appears to be off")
        try await first.see("Switching auditing on")
        try await first.see("waiting for audit enablement")
        first.press(Typist.ctrlC)
        #expect(await first.end() == 130)
        let id = try #require(
            first.transcript.split(separator: "--resume ").last.map { String($0.prefix { $0.isHexDigit }) }
        )
        await estate.simulator.setAuditing(tenant: Estate.tenant, on: true)
        let second = try Typist(estate.tool, ["onboard", "--resume", id])
        try await second.converse([("Collect this?", "")])
        #expect(await second.end() == 0, "\(second.transcript)")
    }

    @Test func `a stream without its license is left out as agreed, and the others are collected`()
        async throws
    {
        let estate = try await Estate { scenario in
            scenario.apps[0].roles = [
                Estate.tenant: [
                    "ActivityFeed.Read", "ActivityFeed.ReadDlp", "AuditLog.Read.All",
                    "LicenseAssignment.Read.All",
                    "IdentityRiskEvent.Read.All", "IdentityRiskyUser.Read.All",
                ]
            ]
            scenario.tenants[0].plans = ["EXCHANGE_S_ENTERPRISE"]
        }
        let typist = try Typist(
            estate.tool,
            [
                "onboard", "--cloud", "lab", "--connector", "office365-management", "--connector",
                "entra-audit",
            ]
        )
        try await typist.converse(Self.turns + [("left out:", "")])
        #expect([0, 1].contains(await typist.end()), "\(typist.transcript)")
        let list = try Value(
            parsing: Array(try await estate.tool.run(["connection", "list", "--json"]).out.utf8)
        )
        #expect(list["connections"]?.arrayValue?.count == 2, "\(list)")
        // One registration serves both.
        let export = try Value(parsing: Array(try await estate.tool.run(["export"]).out.utf8))
        #expect(export["registrations"]?.arrayValue?.count ?? 1 == 1, "\(export)")
    }
}
