// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Glibc
import JSON
import Store
import TestSupport
import Testing

/// Death at any instant costs no event and doubles none.
@Suite(.serialized, .timeLimit(.minutes(12)))
struct KillTests {
    #if DEBUG
    private static let kills = 25
    private static let events = 4_000
    #else
    private static let kills = 200
    private static let events = 20_000
    #endif

    /// One tenant with five busy streams; the cloud itself never throttles.
    private static func scenario(events: Int, perBlob: Int) -> Scenario {
        var scenario = Scenario()
        let (tenant, app) = ("c0ffee00-0000-4000-8000-0000000000aa", "5f3c1b52-6a0e-4b7d-9c1f-2f60f1c7a0aa")
        scenario.knobs.requestsPerMinute = 10_000_000
        var home = Scenario.Tenant(id: tenant, domain: "busy.example")
        home.subscriptions = ContentType.allCases.map { Scenario.Subscribed($0) }
        home.content = Scenario.content(events: events, eventsPerBlob: perBlob, newest: .minutes(5))
        for type in ContentType.allCases { home.content[type]?.repeatEvery = 7 }
        scenario.tenants = [home]
        let roles = [tenant: ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]]
        scenario.apps = [Scenario.App(id: app, secret: "a-secret-of-the-busy-tenant", roles: roles)]
        scenario.customers = [
            Scenario.Customer(
                id: "busy",
                name: "Busy",
                tenant: tenant,
                app: app,
                secret: "a-secret-of-the-busy-tenant"
            )
        ]
        return scenario
    }

    @Test func `kill -9 at random instants loses nothing, doubles nothing and cuts no file`() async throws {
        let lab = try await Lab(Self.scenario(events: Self.events, perBlob: 25))
        let added = try await lab.add("busy", ["start": "P2D"])
        #expect(added.exit == 0, "\(added)")
        let books = Books(lab: lab)
        let due = try await books.due("busy")
        let tailer = Tailer(lab.tool.folder, below: "home/archive")
        let following = Task { await tailer.follow() }
        for _ in 0..<Self.kills {
            let host = try lab.tool.start(["run", "--quiet"])
            try await Task.sleep(for: .milliseconds(Int.random(in: 1...160)))
            host.send(SIGKILL)
            let outcome = await host.end()
            #expect(outcome.signal == SIGKILL, "\(outcome)")
        }
        let last = try await lab.tool.run(["run", "--once"], limit: .seconds(240))
        #expect(last.exit == 0, "\(last)")
        following.cancel()
        await following.value
        books.expectBalance("journal", due, "after \(Self.kills) kills")
        books.expectBalance("archive", due, "after \(Self.kills) kills")
        #expect(await tailer.complaints.isEmpty)
    }

    #if DEBUG
    @Test(arguments: CrashPoint.allCases, [1, 3])
    func `death at a named point is recovered from`(_ point: CrashPoint, _ hit: Int) async throws {
        // A pass over so little writes the archive once.
        let hit = point == .archiveWritten ? 1 : hit
        var lab = try await Lab(Self.scenario(events: 600, perBlob: 20))
        #expect(try await lab.add("busy", ["start": "P2D"]).exit == 0)
        if point == .cutting {
            // There is something to cut only after a death between append and commit.
            lab.tool.environment["HEADGATE_CRASH_AT"] = "appended:\(hit)"
            #expect(try await lab.tool.run("run", "--once").signal == SIGKILL)
        }
        lab.tool.environment["HEADGATE_CRASH_AT"] = "\(point.rawValue):\(point == .cutting ? 1 : hit)"
        let died = try await lab.tool.run("run", "--once")
        #expect(died.signal == SIGKILL, "\(point) was not hit: \(died)")
        lab.tool.environment["HEADGATE_CRASH_AT"] = nil
        let recovered = try await lab.tool.run("run", "--once")
        #expect(recovered.exit == 0, "\(recovered)")
        let books = Books(lab: lab)
        let due = try await books.due("busy")
        books.expectBalance("journal", due, "after a death at \(point)")
        books.expectBalance("archive", due, "after a death at \(point)")
    }
    #endif
}
