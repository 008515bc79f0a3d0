// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Connectors
import Crypto
import HTTPClient
import HTTPServer
import JSON
import Probing
import Status
import TestSupport
import Testing

/// Each way a set-up is broken gets its own words and its own fix, over a real client and a simulated cloud.
@Suite(.timeLimit(.minutes(10))) struct BrokenSetUpTests {
    /// Holds the first failure against what it must be.
    private func expect(
        _ report: ProbeReport,
        fails step: String,
        at stage: ProbeStep.Stage,
        _ faultClass: FaultClass,
        remedy: String,
        says words: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let failure = report.firstFailure
        #expect(failure?.id == step, sourceLocation: sourceLocation)
        #expect(failure?.stage == stage, sourceLocation: sourceLocation)
        #expect(failure?.faultClass == faultClass, sourceLocation: sourceLocation)
        #expect(failure?.remedy?.id == remedy, sourceLocation: sourceLocation)
        #expect(
            failure?.message?.contains(words) == true,
            "\(failure?.message ?? "no words")",
            sourceLocation: sourceLocation
        )
        #expect(report.exitCode == 5, sourceLocation: sourceLocation)
        #expect(report.connectionCause?.faultClass == faultClass, sourceLocation: sourceLocation)
        #expect(report.headline.contains("failed at \(stage.rawValue)"), sourceLocation: sourceLocation)
    }

    @Test func `a tenant that does not exist`() async throws {
        let lab = try await SimulatedTenant()
        let report = try await lab.test(entered: ["tenantId": "00000000-1111-4222-8333-444444444444"])
        expect(
            report,
            fails: "tenant",
            at: .configuration,
            .config,
            remedy: "tenant-unknown",
            says: "No such tenant is known in this cloud"
        )
        #expect(report.mark(of: "token") == .skip)
        #expect(!lab.simulator.log.entries.contains { $0.operation == .token })
    }

    @Test func `a tenant id that belongs to another domain`() async throws {
        let other = "11111111-2222-4333-8444-555555555555"
        let lab = try await SimulatedTenant {
            $0.tenants.append(Scenario.Tenant(id: other, domain: "fabrikam.onmicrosoft.com"))
        }
        let report = try await lab.test(entered: ["tenantDomain": "fabrikam.onmicrosoft.com"])
        expect(
            report,
            fails: "tenant",
            at: .configuration,
            .config,
            remedy: "tenant-mismatch",
            says: other
        )
    }

    @Test func `a wrong secret`() async throws {
        let lab = try await SimulatedTenant()
        let report = try await lab.test(secret: "Zp8~something.else_altogether-0000000000")
        expect(
            report,
            fails: "token",
            at: .authentication,
            .auth,
            remedy: "secret-wrong",
            says: "not one of this app's"
        )
        #expect(report.firstFailure?.evidence?.code == "AADSTS7000215")
        #expect(report.firstFailure?.evidence?.status == 401)
        #expect(report.firstFailure?.evidence?.requestID != nil)
    }

    @Test func `an expired secret`() async throws {
        let lab = try await SimulatedTenant {
            $0.apps[0].secrets[0].expires = .after(.hours(-1))
        }
        let report = try await lab.test()
        expect(
            report,
            fails: "token",
            at: .authentication,
            .auth,
            remedy: "secret-expired",
            says: "has expired"
        )
    }

    @Test func `a secret id pasted for the secret's value is never sent`() async throws {
        let lab = try await SimulatedTenant()
        let pasted = "3a6f1c52-7777-4c3e-9f63-0b8d5a1f2e44"
        let report = try await lab.test(secret: pasted)
        expect(
            report,
            fails: "form",
            at: .configuration,
            .config,
            remedy: "correct-entry",
            says: "it is the Secret ID and not the secret"
        )
        #expect(report.json.text().contains(pasted) == false)
        #expect(!lab.simulator.log.entries.contains { $0.operation == .token })
        // What does not depend on the form is looked at all the same.
        #expect(report.mark(of: "reach") == .pass)
    }

    @Test func `an app nobody has consented to`() async throws {
        let lab = try await SimulatedTenant { $0.apps[0].roles = [:] }
        let report = try await lab.test()
        expect(
            report,
            fails: "token",
            at: .authentication,
            .permission,
            remedy: "admin-consent",
            says: "nobody has consented to it here"
        )
    }

    @Test func `an app without any permission`() async throws {
        let lab = try await SimulatedTenant { $0.apps[0].roles = [SimulatedTenant.id: []] }
        let report = try await lab.test()
        expect(
            report,
            fails: "roles",
            at: .permissions,
            .permission,
            remedy: "no-consent",
            says: "holds no application permission at all"
        )
    }

    @Test func `permissions that are delegated instead of the app's own`() async throws {
        let lab = try await SimulatedTenant()
        let claims: Value = [
            "tid": .string(SimulatedTenant.id), "aud": "https://manage.office.com",
            "scp": "ActivityFeed.Read",
        ]
        let token =
            [Value.object(["alg": "none"]), claims].map { Base64.encodeURL($0.bytes()) }
            .joined(separator: ".") + ".unsigned"
        let body: Value = ["access_token": .string(token), "expires_in": 3_599, "token_type": "Bearer"]
        await lab.simulator.inject(
            Fault(
                .status(200, body: body.bytes(), headers: [("Content-Type", "application/json")]),
                on: Fault.Match(.token)
            )
        )
        let report = try await lab.test()
        expect(
            report,
            fails: "roles",
            at: .permissions,
            .permission,
            remedy: "delegated-permission",
            says: "delegated permissions"
        )
    }

    @Test func `auditing that is off`() async throws {
        let lab = try await SimulatedTenant {
            $0.tenants[0].auditing = [Scenario.AuditingChange(on: false)]
        }
        let report = try await lab.test()
        expect(
            report,
            fails: "audit",
            at: .enablement,
            .enablement,
            remedy: "turn-on-audit",
            says: "Unified audit logging appears to be off"
        )
        // The source's own words would send people looking for a tenant.
        #expect(report.firstFailure?.message?.contains("does not exist") == false)
    }

    @Test func `auditing that was switched on minutes ago is told to wait, and passes later`() async throws {
        let lab = try await SimulatedTenant {
            $0.tenants[0].auditing = [Scenario.AuditingChange(on: false)]
        }
        await lab.simulator.setAuditing(tenant: SimulatedTenant.id, on: true, delay: .minutes(60))
        lab.time.advance(by: .minutes(10))
        let early = try await lab.test()
        expect(
            early,
            fails: "audit",
            at: .enablement,
            .enablement,
            remedy: "turn-on-audit",
            says: "appears to be off"
        )
        let remedy = try #require(early.firstFailure?.remedy)
        #expect(remedy.steps.contains { $0.contains("less than two hours ago") && $0.contains("wait") })
        lab.time.advance(by: .minutes(60))
        let later = try await lab.test()
        #expect(later.isSuccessful)
        #expect(later.mark(of: "audit") == .unknown)
        #expect(later.mark(of: "read") == .passEmpty)
    }

    @Test func `the wrong cloud`() async throws {
        let lab = try await SimulatedTenant()
        await lab.simulator.inject(
            Fault(SimulatedTenant.refusal(900_432, "invalid_request"), on: Fault.Match(.token))
        )
        let report = try await lab.test()
        expect(
            report,
            fails: "token",
            at: .authentication,
            .config,
            remedy: "wrong-cloud",
            says: "another cloud"
        )
    }

    @Test func `a proxy that refuses`() async throws {
        let lab = try await SimulatedTenant()
        let proxy = try ScriptedServer { _ in .text("no", status: 403) }
        let cloud = try #require(lab.shelf.clouds["commercial"])
        let report = try await lab.test(cloud: cloud, transport: Client(Options(proxy: proxy.base)))
        expect(
            report,
            fails: "reach",
            at: .network,
            .network,
            remedy: "host.proxy",
            says: "proxy: it does not let us through to login.microsoftonline.com"
        )
        #expect(report.firstFailure?.message?.contains("manage.office.com") == true)
        #expect(report.mark(of: "form") == .pass)
        #expect(report.mark(of: "token") == .skip)
        #expect(report.steps.first { $0.id == "token" }?.skippedFor == "reach")
        // Not one request got past it.
        #expect(proxy.received.allSatisfy { $0.method == "CONNECT" })
    }

    @Test func `every broken set-up has words and a fix of its own`() async throws {
        // The table of the tests above: no two share a sentence, and no two share a remedy.
        var reports: [ProbeReport] = []
        let lab = try await SimulatedTenant()
        reports.append(try await lab.test(entered: ["tenantId": "00000000-1111-4222-8333-444444444444"]))
        reports.append(try await lab.test(secret: "Zp8~something.else_altogether-0000000000"))
        reports.append(try await lab.test(secret: "3a6f1c52-7777-4c3e-9f63-0b8d5a1f2e44"))
        let changes: [(inout Scenario) -> Void] = [
            { $0.apps[0].secrets[0].expires = .after(.hours(-1)) },
            { $0.apps[0].roles = [:] },
            { $0.apps[0].roles = [SimulatedTenant.id: []] },
            { $0.tenants[0].auditing = [Scenario.AuditingChange(on: false)] },
            { $0.tenants[0].licensed = false },
            { $0.apps[0].disabled = true },
            {
                $0.tenants[0].auditing = [Scenario.AuditingChange(on: false)]
                $0.apps[0].roles[SimulatedTenant.id]?.append("Exchange.ManageAsApp")
            },
        ]
        for change in changes { reports.append(try await SimulatedTenant(change).test()) }
        let fresh = try await SimulatedTenant {
            $0.tenants[0].auditing = [Scenario.AuditingChange(on: false)]
            $0.apps[0].roles[SimulatedTenant.id]?.append("Exchange.ManageAsApp")
        }
        await fresh.simulator.setAuditing(tenant: SimulatedTenant.id, on: true, delay: .minutes(60))
        reports.append(try await fresh.test())
        let failures = reports.compactMap(\.firstFailure)
        #expect(failures.count == reports.count)
        #expect(Set(failures.compactMap(\.message)).count == failures.count)
        #expect(Set(failures.compactMap { $0.remedy?.id }).count == failures.count)
    }

    @Test(arguments: [
        (Failure.Code.resolve, "DNS:", "host.name"), (.connect, "connection: nobody answers", "host.network"),
        (.proxy, "proxy:", "host.proxy"), (.tls, "TLS:", "host.tls"),
        (.timedOut, "connection: no answer", "host.network"),
        (.reset, "connection: the way", "host.network"),
    ])
    func `each trouble on the way is named apart`(code: Failure.Code, words: String, remedy: String)
        async throws
    {
        let lab = try await SimulatedTenant()
        let transport = ScriptedTransport { _ in throw Failure(code: code, detail: "it is \(code.rawValue)") }
        let report = try await lab.test(transport: transport)
        expect(report, fails: "reach", at: .network, .network, remedy: remedy, says: words)
        #expect(report.firstFailure?.message?.contains("it is \(code.rawValue)") == true)
    }

    @Test(arguments: [Duration.hours(1), .minutes(-20)])
    func `a wrong clock is a warning with its own fix`(offset: Duration) async throws {
        let lab = try await SimulatedTenant()
        let report = try await lab.test(clock: offset)
        let result = try #require(report.steps.first { $0.id == "reach" })
        #expect(result.mark == .warn)
        #expect(result.remedy?.id == "host.clock")
        #expect(result.message?.contains(offset > .zero ? "1 h ahead of" : "20 min behind") == true)
        #expect(report.isSuccessful)
        #expect(report.exitCode == 1)
        // Windows are asked by the source's clock, so that content is found all the same.
        #expect(report.mark(of: "read") == .pass)
    }
}
