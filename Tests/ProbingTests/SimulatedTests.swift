// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Connectors
import HTTPClient
import Probing
import Status
import Synchronization
import TestSupport
import Testing

/// The connection test over a real client and a simulated cloud, where all is well or nearly so.
@Suite(.timeLimit(.minutes(10))) struct SimulatedTests {
    @Test func `a healthy tenant passes every step of every stream, and nothing is changed`() async throws {
        let lab = try await SimulatedTenant()
        let report = try await lab.test()
        #expect(report.steps.filter { $0.mark != .pass }.map(\.id) == [])
        #expect(report.exitCode == 0)
        #expect(report.headline.hasPrefix("Connection successful - 2026-10-10 12:00"))
        for step in ["roles", "subscriptions", "read"] {
            #expect(report.steps.filter { $0.id == step }.compactMap(\.stream) == report.streams)
        }
        // Subscribed already is not subscribed again.
        #expect(!lab.simulator.log.entries.contains { $0.operation == .start })
        #expect(lab.changes == [])
        // One to collect with, and one that would say whether the app may read when its secret ends.
        #expect(lab.simulator.log.entries.filter { $0.operation == .token }.count == 2)
    }

    @Test func `a tenant where nothing has happened passes as empty`() async throws {
        let lab = try await SimulatedTenant { $0.tenants[0].content = [:] }
        let report = try await lab.test()
        #expect(report.mark(of: "read") == .passEmpty)
        #expect(report.mark(of: "audit") == .unknown)
        #expect(report.isSuccessful && report.exitCode == 4)
        #expect(report.streamCauses.isEmpty)
    }

    @Test func `auditing that is off behind empty lists is not called well`() async throws {
        let lab = try await SimulatedTenant {
            $0.tenants[0].auditing = [Scenario.AuditingChange(on: false, answers: .empty)]
        }
        let report = try await lab.test()
        #expect(report.mark(of: "audit") == .unknown)
        #expect(report.exitCode == 4)
    }

    @Test func `a tenant that was never subscribed to waits, and is not subscribed by a test`() async throws {
        let lab = try await SimulatedTenant { $0.tenants[0].subscriptions = [] }
        let report = try await lab.test()
        #expect(report.mark(of: "subscriptions") == .wait)
        #expect(report.steps.filter { $0.id == "read" }.allSatisfy { $0.skippedFor == "subscriptions" })
        #expect(report.isSuccessful && report.exitCode == 4)
        #expect(report.connectionCause == nil && report.streamCauses.isEmpty)
        #expect(lab.changes == [])
    }

    @Test func `a subscription that an admin disabled fails for its stream alone`() async throws {
        let lab = try await SimulatedTenant {
            $0.tenants[0].subscriptions[0].enabled = false
        }
        let type = try #require(lab.simulator.scenario.tenants[0].subscriptions.first?.type.rawValue)
        let report = try await lab.test()
        #expect(report.mark(of: "subscriptions", stream: type) == .fail)
        #expect(report.streamCauses.keys.sorted() == [type])
        #expect(report.streamCauses[type]?.remedy?.id == "subscription-disabled")
        #expect(lab.changes == [])
    }

    @Test func `a missing permission fails its stream alone and lists what there is`() async throws {
        let lab = try await SimulatedTenant {
            $0.apps[0].roles = [SimulatedTenant.id: ["ActivityFeed.Read"]]
        }
        let report = try await lab.test()
        #expect(report.connectionCause == nil)
        #expect(report.streamCauses.keys.sorted() == ["DLP.All"])
        let cause = try #require(report.streamCauses["DLP.All"])
        #expect(cause.faultClass == .permission)
        #expect(cause.remedy?.id == "grant-permission")
        #expect(cause.message.contains("needs ActivityFeed.Read, ActivityFeed.ReadDlp"))
        #expect(cause.message.contains("granted: ActivityFeed.Read;"))
        #expect(cause.message.hasSuffix("missing: ActivityFeed.ReadDlp"))
        #expect(report.mark(of: "read", stream: "Audit.Exchange") == .pass)
        #expect(report.mark(of: "read", stream: "DLP.All") == .skip)
        #expect(report.exitCode == 5)
    }

    @Test func `a permission that arrives while a patient person waits is seen in a fresh token`()
        async throws
    {
        let lab = try await SimulatedTenant { $0.apps[0].roles = [SimulatedTenant.id: []] }
        let tokens = Mutex(0)
        let client = Client()
        let simulator = lab.simulator
        let granted = lab.simulator.scenario.apps[0]
        let transport = ScriptedTransport { request in
            if request.url.contains("/token"),
                tokens.withLock({
                    $0 += 1; return $0
                }) == 3
            {
                var app = granted
                app.roles = [SimulatedTenant.id: ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]]
                await simulator.register(app)
            }
            return try await client.send(request)
        }
        let report = try await lab.test(transport: transport, isPatient: true)
        #expect(report.mark(of: "roles") == .pass)
        #expect(report.mark(of: "read") == .pass)
        #expect(lab.time.slept.filter { $0 == .seconds(20) }.count == 2)
    }

    @Test func `who is not asked to wait is told at once`() async throws {
        let lab = try await SimulatedTenant { $0.apps[0].roles = [SimulatedTenant.id: []] }
        _ = try await lab.test()
        #expect(!lab.time.slept.contains(.seconds(20)))
    }

    @Test func `a source that falls over once is asked again`() async throws {
        let lab = try await SimulatedTenant()
        await lab.simulator.inject(Fault(.reset, on: Fault.Match(.fetch), times: 1))
        let report = try await lab.test()
        #expect(report.exitCode == 0)
    }

    @Test func `a source that is down says nothing about a stream`() async throws {
        let lab = try await SimulatedTenant()
        await lab.simulator.inject(Fault(.unreadable, on: Fault.Match(.fetch)))
        let report = try await lab.test()
        #expect(report.mark(of: "read") == .unknown)
        #expect(report.streamCauses.isEmpty && report.exitCode == 4)
    }

    @Test func `an answer that is no list fails and is no empty pass`() async throws {
        let lab = try await SimulatedTenant()
        await lab.simulator.inject(Fault(.html(200), on: Fault.Match(.content)))
        let report = try await lab.test(streams: ["Audit.General"])
        #expect(report.mark(of: "read") == .fail)
        #expect(report.streamCauses["Audit.General"]?.faultClass == .shape)
    }

    @Test func `an item that expired meanwhile is passed over for the next`() async throws {
        let lab = try await SimulatedTenant()
        await lab.simulator.inject(Fault(.expired, on: Fault.Match(.fetch), times: 1))
        let report = try await lab.test(streams: ["Audit.General"])
        #expect(report.mark(of: "read") == .pass)
    }

    @Test func `a link to another host gets no token`() async throws {
        let lab = try await SimulatedTenant()
        await lab.simulator.inject(Fault(.foreignContent, on: Fault.Match(.content)))
        let report = try await lab.test()
        #expect(report.mark(of: "read") == .pass)
        #expect(!lab.simulator.log.entries.contains { $0.listener == .foreign })
    }

    @Test func `when the credential ends is not known is no pass`() async throws {
        let lab = try await SimulatedTenant()
        let report = try await lab.test(expiry: nil)
        #expect(report.mark(of: "expiry") == .skip)
        #expect(report.exitCode == 0)
        #expect(report.headline.hasSuffix("1 not run"))
    }
}
