// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Glibc
import JSON
import TestSupport
import Testing

/// What can be wrong at the source while a person onboards, and how the wizard waits for it to be put right.
@Suite(.timeLimit(.minutes(10))) struct OnboardFaultTests {
    private static let turns = OnboardTests.turns
    /// What is asked once a test has passed.
    private static let last = [OnboardTests.turns[6], ("Collect this?", "")]

    @Test func `a permission that is granted meanwhile is seen and the test goes on`() async throws {
        let estate = try await Estate { $0.apps[0].roles = [Estate.tenant: ["ServiceHealth.Read"]] }
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(Self.turns.dropLast())
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
        try await typist.converse(Self.last)
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
        try await first.converse(Self.turns.dropLast())
        try await first.see("Unified audit logging appears to be off")
        try await first.see("Switching auditing on")
        try await first.see("waiting for audit enablement")
        first.press(Typist.ctrlC)
        #expect(await first.end() == 130)
        let id = try #require(
            first.transcript.resumedWalk
        )
        await estate.simulator.setAuditing(tenant: Estate.tenant, on: true)
        let second = try Typist(estate.tool, ["onboard", "--resume", id])
        try await second.converse(Self.last)
        #expect(await second.end() == 0, "\(second.transcript)")
    }

    @Test
    func `auditing that comes on after two polls is seen at the third, and no process shows the secret`()
        async throws
    {
        let estate = try await Estate { scenario in
            scenario.tenants[0].auditing = [.init(on: false)]
            scenario.tenants[0].subscriptions = []
            scenario.knobs.auditingDelay = .zero
        }
        let share = try Self.hurriedShare(estate.folder)
        let typist = try Typist(
            estate.tool,
            ["onboard", "--cloud", "lab"],
            environment: ["HEADGATE_SHARE": share]
        )
        try await typist.converse(Self.turns.dropLast())
        try await typist.see("waiting for audit enablement")
        for process in Self.processes() {
            #expect(Needle(Estate.secret).place(in: process.words) == nil, "\(process.id) shows the secret")
        }
        let log = estate.simulator.log
        let asked = { log.entries.filter { $0.operation == .list }.count }
        for _ in 0..<2 {
            let before = asked()
            try await until { asked() > before }
        }
        await estate.simulator.setAuditing(tenant: Estate.tenant, on: true)
        try await typist.converse(Self.last)
        #expect(await typist.end() == 0, "\(typist.transcript)")
        #expect(!typist.transcript.contains(Estate.secret))
    }

    /// What is shipped, with waits that look every second.
    private static func hurriedShare(_ folder: TemporaryFolder) throws -> String {
        let flow = TemporaryFolder.contents(of: Repository.root + "/wizard/microsoft-365/flow.json") ?? []
        let text = String(decoding: flow, as: UTF8.self)
        let hurried = text.replacing("\"every\": \"PT1M\"", with: "\"every\": \"PT1S\"")
        #expect(hurried != text)
        for name in ["certificate.txt", "handoff.html", "handoff.txt", "register.ps1", "register.sh"] {
            let bytes = TemporaryFolder.contents(of: Repository.root + "/wizard/microsoft-365/" + name) ?? []
            folder.write(bytes, to: "share/wizard/microsoft-365/" + name)
        }
        folder.write(hurried, to: "share/wizard/microsoft-365/flow.json")
        #expect(symlink(Repository.connectors, folder.file("share/connectors")) == 0)
        return folder.file("share")
    }

    /// The highest id that a process can have here, within reason.
    private static let lastProcess =
        TemporaryFolder.contents(of: "/proc/sys/kernel/pid_max")
        .flatMap { Int(String(decoding: $0, as: UTF8.self).filter(\.isNumber)) }.map { min($0, 200_000) } ?? 0

    /// The command line and the variables of every process that may be looked at.
    private static func processes() -> [(id: String, words: [UInt8])] {
        (1...Self.lastProcess).flatMap { id in
            ["cmdline", "environ"].compactMap { part in
                TemporaryFolder.contents(of: "/proc/\(id)/\(part)").map { ("\(id)/\(part)", $0) }
            }
        }
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
