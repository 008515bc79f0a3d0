// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Connectors
import Probing
import Status
import TestSupport
import Testing

/// Whether auditing is on is told for certain where the app may ask Exchange or Graph, and as before where it may not.
@Suite(.timeLimit(.minutes(10))) struct AuditProofTests {
    /// A tenant without content whose app holds `more` besides what it collects with.
    private func lab(_ more: [String], _ change: (inout Scenario) -> Void = { _ in }) async throws
        -> SimulatedTenant
    {
        try await SimulatedTenant {
            $0.tenants[0].content = [:]
            $0.apps[0].roles[SimulatedTenant.id]?.append(contentsOf: more)
            change(&$0)
        }
    }

    private static let off: @Sendable (inout Scenario) -> Void = {
        $0.tenants[0].auditing = [Scenario.AuditingChange(on: false)]
    }

    private func audit(_ report: ProbeReport) -> CheckResult? { report.steps.first { $0.id == "audit" } }

    @Test(arguments: [["Exchange.ManageAsApp"], ["AuditLogsQuery.Read.All"]])
    func `auditing that is on passes with proof, also without content`(_ more: [String]) async throws {
        let lab = try await lab(more)
        let report = try await lab.test()
        #expect(audit(report)?.mark == .pass)
        #expect(
            audit(report)?.message?.contains(more[0].hasPrefix("Exchange") ? "Exchange" : "Graph") == true
        )
        #expect(audit(report)?.evidence?.status == (more[0].hasPrefix("Exchange") ? 200 : 201))
        #expect(report.isSuccessful && report.mark(of: "excess") == .pass)
        #expect(lab.changes.count == 1)
    }

    @Test(
        arguments: [["Exchange.ManageAsApp"], ["AuditLogsQuery.Read.All"]],
        [Scenario.AuditingChange.Silence.errors, .empty]
    )
    func `auditing that is off is to be switched on, whether the source refuses or is silent`(
        _ more: [String],
        _ silence: Scenario.AuditingChange.Silence
    ) async throws {
        let lab = try await lab(more) {
            $0.tenants[0].auditing = [Scenario.AuditingChange(on: false, answers: silence)]
        }
        let result = try #require(audit(try await lab.test()))
        #expect(result.mark == .fail && result.faultClass == .enablement)
        #expect(result.remedy?.id == "audit-is-off")
        #expect(result.message?.hasSuffix("unified audit logging is off.") == true)
        #expect(result.remedy?.steps.contains { $0.contains("wait") } == false)
    }

    @Test func `auditing that was switched on minutes ago is told to wait, and until when`() async throws {
        let lab = try await lab(["Exchange.ManageAsApp"], Self.off)
        await lab.simulator.setAuditing(tenant: SimulatedTenant.id, on: true, delay: .minutes(60))
        lab.time.advance(by: .minutes(10))
        let early = try await lab.test()
        let result = try #require(audit(early))
        #expect(result.mark == .fail && result.remedy?.id == "audit-is-starting")
        // It is 12:10, and an hour is what it can take.
        #expect(result.message?.contains("it acts by 13:10 UTC") == true, "\(result.message ?? "")")
        #expect(result.remedy?.steps.first?.contains("Wait until 13:10 UTC") == true)
        #expect(early.connectionCause?.faultClass == .enablement && early.exitCode == 5)
        lab.time.advance(by: .minutes(60))
        let later = try await lab.test()
        #expect(later.isSuccessful && audit(later)?.mark == .pass)
    }

    @Test func `content is proof enough, and nobody else is asked`() async throws {
        let lab = try await SimulatedTenant {
            $0.apps[0].roles[SimulatedTenant.id]? += ["Exchange.ManageAsApp", "AuditLogsQuery.Read.All"]
        }
        let report = try await lab.test()
        #expect(audit(report)?.message?.contains("had content") == true && lab.changes.isEmpty)
    }

    @Test func `without the permissions everything is as before, and neither service is asked`() async throws
    {
        let lab = try await lab([], Self.off)
        let report = try await lab.test()
        #expect(audit(report)?.remedy?.id == "turn-on-audit")
        #expect(!lab.simulator.log.entries.contains { [.exchange, .graph].contains($0.operation) })
        #expect(report.steps.first { $0.id == "reach" }?.message?.contains("exchange") == false)
    }

    @Test(arguments: [true, false])
    func `an Exchange that refuses leaves it to Graph, in an answer of status 200 too`(_ isInside: Bool)
        async throws
    {
        let lab = try await lab(["Exchange.ManageAsApp", "AuditLogsQuery.Read.All"]) {
            $0.tenants[0].auditing = [Scenario.AuditingChange(on: false, answers: .empty)]
            $0.apps[0].directoryRoles = [:]
            $0.knobs.exchangeErrorsInside = isInside
        }
        let result = try #require(audit(try await lab.test()))
        #expect(result.remedy?.id == "audit-is-off")
        #expect(result.message == "Microsoft Graph says that unified audit logging is off.")
    }

    @Test func `where nobody tells, both stay possible`() async throws {
        let lab = try await lab(["Exchange.ManageAsApp"]) {
            Self.off(&$0)
            $0.apps[0].directoryRoles = [:]
        }
        let refused = try await lab.test()
        #expect(audit(refused)?.remedy?.id == "turn-on-audit")
        #expect(audit(refused)?.remedy?.steps.contains { $0.contains("less than two hours ago") } == true)
    }

    @Test func `a cloud without the services is tested as before`() async throws {
        let lab = try await lab(["Exchange.ManageAsApp", "AuditLogsQuery.Read.All"])
        let whole = try #require(lab.shelf.clouds["lab"])
        let bare = Cloud(
            name: "lab",
            bases: whole.bases.filter { ["login", "manage", "portal"].contains($0.key) },
            audiences: whole.audiences
        )
        let report = try await lab.test(cloud: bare)
        #expect(report.isSuccessful && report.mark(of: "reach") == .pass)
        #expect(audit(report)?.mark == .unknown)
    }
}
