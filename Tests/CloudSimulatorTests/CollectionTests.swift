// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import HTTPClient
import JSON
import TestSupport
import Testing

@Suite struct CollectionTests {
    private static let health = "v1.0/admin/serviceAnnouncement/healthOverviews"
    private static let messages = "v1.0/admin/serviceAnnouncement/messages"
    private static let alerts = "v1.0/security/alerts_v2"
    private static let incidents = "v1.0/security/incidents"

    @Test func `a service is well, troubled, and well again`() async throws {
        let lab = try await Lab.withItems {
            var plan = Scenario.FeedPlan(items: 6)
            plan.changes = [.after(.minutes(5)), .after(.minutes(10))]
            plan.changing = 6
            $0.tenants[0].feeds[.healthOverviews] = plan
        }
        defer { lab.simulator.stop() }
        let token = try await lab.graphToken()
        var seen: [String] = []
        for _ in 0..<3 {
            let answer = try await lab.get(Lab.graph(Self.health), token: token)
            #expect(answer.json["value"]?.arrayValue?.count == 6)
            seen.append(answer.json["value"]?[0]?["status"]?.stringValue ?? "")
            #expect(answer.json["value"]?[1]?["status"] == "serviceOperational")
            lab.time.advance(by: .minutes(6))
        }
        #expect(seen == ["serviceOperational", "serviceDegradation", "serviceOperational"])
        let states = await lab.simulator.items(tenant: Lab.tenant, feed: .healthOverviews, states: true)
        #expect(states.count == 8)
        #expect(states.filter { $0.index == 0 }.count == 3)
    }

    @Test func `messages are paged by their number, the last changed first`() async throws {
        let lab = try await Lab.withItems { $0.tenants[0].feeds[.messages] = .init(items: 250) }
        defer { lab.simulator.stop() }
        let token = try await lab.graphToken()
        let pages = try await lab.pages(Lab.graph(Self.messages), token: token)
        #expect(pages.map { $0.json["value"]?.arrayValue?.count } == [100, 100, 50])
        #expect(pages[0].json["@odata.nextLink"] == .string("\(lab.base)/graph/\(Self.messages)?$skip=100"))
        #expect(Lab.ids(pages) == (await lab.held(.messages)).reversed())
        let wished = try await lab.get(
            Lab.graph(Self.messages),
            token: token,
            headers: [Header("Prefer", "odata.maxpagesize=30")]
        )
        #expect(wished.json["value"]?.arrayValue?.count == 30)
        // A post that comes in between moves all others by one: the next page brings one again.
        let first = try await lab.get(Lab.graph(Self.messages, [("$top", "10")]), token: token)
        await lab.simulator.touch(0, tenant: Lab.tenant, feed: .messages)
        let next = try #require(first.json["@odata.nextLink"]?.stringValue)
        let second = try await lab.get(next, token: token)
        #expect(Lab.ids([first]).last == Lab.ids([second]).first)
    }

    @Test func `an announcement follows its timeline, and goes`() async throws {
        let lab = try await Lab.withItems {
            var plan = Scenario.FeedPlan()
            plan.placed = [
                .init(
                    created: .after(.hours(-1)),
                    removed: .after(.minutes(30)),
                    body:
                        #"{"id":"EX1","status":"investigating","lastModifiedDateTime":"2026-11-21T05:00:00Z"}"#,
                    changes: [
                        .init(
                            at: .after(.minutes(10)),
                            body: Array(
                                #"{"id":"EX1","status":"serviceRestored","lastModifiedDateTime":"2026-11-21T06:10:00Z"}"#
                                    .utf8
                            )
                        )
                    ]
                )
            ]
            $0.tenants[0].feeds[.issues] = plan
        }
        defer { lab.simulator.stop() }
        let token = try await lab.graphToken()
        let path = "v1.0/admin/serviceAnnouncement/issues"
        #expect(
            try await lab.get(Lab.graph(path), token: token).json["value"]?[0]?["status"] == "investigating"
        )
        lab.time.advance(by: .minutes(11))
        let one = try await lab.get(Lab.graph(path + "/EX1"), token: token)
        #expect(one.json["status"] == "serviceRestored")
        #expect(
            one.json["@odata.context"]?.stringValue?.hasSuffix("#admin/serviceAnnouncement/issues/$entity")
                ?? false
        )
        let filter = "lastModifiedDateTime ge 2026-11-21T06:10:00Z"
        #expect(Lab.ids([try await lab.get(Lab.graph(path, [("$filter", filter)]), token: token)]) == ["EX1"])
        lab.time.advance(by: .minutes(20))
        #expect(Lab.ids([try await lab.get(Lab.graph(path), token: token)]).isEmpty)
        #expect(try await lab.get(Lab.graph(path + "/EX1"), token: token).status == 404)
    }

    @Test func `issues stand under their service, and states may begin with a capital`() async throws {
        let lab = try await Lab.withItems {
            $0.tenants[0].feeds = [.healthOverviews: .init(items: 8), .issues: .init(items: 20)]
            $0.knobs.capitals = true
        }
        defer { lab.simulator.stop() }
        let answer = try await lab.get(
            Lab.graph(Self.health, [("$expand", "issues")]),
            token: try await lab.graphToken()
        )
        let services = answer.json["value"]?.arrayValue ?? []
        #expect(services.allSatisfy { $0["status"] == "ServiceOperational" })
        #expect(services.reduce(0) { $0 + ($1["issues"]?.arrayValue?.count ?? 0) } == 20)
    }

    @Test func `a tenant without a license has nothing announced`() async throws {
        let lab = try await Lab.withItems {
            $0.tenants[0].licensed = false
            $0.tenants[0].feeds[.messages] = .init(items: 3)
        }
        defer { lab.simulator.stop() }
        let answer = try await lab.get(Lab.graph(Self.messages), token: try await lab.graphToken())
        #expect(answer.json["value"]?.arrayValue?.isEmpty ?? false)
    }

    @Test(arguments: [
        (alerts, "$skip", "500", 200, ""),
        (
            alerts, "$skip", "501", 400,
            "The limit of '500' for Skip query has been exceeded. The value from the incoming request is '501'."
        ),
        (alerts, "$top", "5000", 200, ""),
        (
            incidents, "$top", "51", 400,
            "The limit of '50' for Top query has been exceeded. The value from the incoming request is '51'."
        ),
        (alerts, "$filter", "investigationState eq 'x'", 400, "Invalid filter clause"),
        (
            alerts, "$expand", "evidence", 400,
            "The query specified in the URI is not valid. Query option '$expand' is not allowed."
        ),
        (incidents, "$filter", "serviceSource eq 'x'", 400, "Invalid filter clause"),
        (incidents, "$filter", "severity eq 'high' and status ne 'resolved'", 200, ""),
    ])
    func `alerts and incidents hold to their limits`(
        _ path: String,
        _ option: String,
        _ value: String,
        _ status: Int,
        _ message: String
    ) async throws {
        let lab = try await Lab.withItems {
            $0.tenants[0].feeds = [.alerts: .init(items: 1_100), .incidents: .init(items: 60)]
        }
        defer { lab.simulator.stop() }
        let answer = try await lab.get(Lab.graph(path, [(option, value)]), token: try await lab.graphToken())
        #expect(answer.status == status)
        #expect(answer.message ?? "" == message)
        if value == "5000" { #expect(answer.json["value"]?.arrayValue?.count == 1_000) }
    }

    @Test func `next links lead past what can be skipped`() async throws {
        let lab = try await Lab.withItems { $0.tenants[0].feeds[.alerts] = .init(items: 750) }
        defer { lab.simulator.stop() }
        let path = Lab.graph(Self.alerts, [("$top", "100"), ("$count", "true")])
        let pages = try await lab.pages(path, token: try await lab.graphToken())
        #expect(pages.count == 8)
        #expect(Set(Lab.ids(pages)).count == 750)
        #expect(pages[0].json["@odata.count"] == 750)
    }

    @Test func `an alert that changes comes again by its last update`() async throws {
        let lab = try await Lab.withItems {
            $0.tenants[0].feeds[.alerts] = .init(items: 30, newest: .hours(1))
        }
        defer { lab.simulator.stop() }
        let token = try await lab.graphToken()
        lab.time.advance(by: .minutes(5))
        await lab.simulator.touch(4, tenant: Lab.tenant, feed: .alerts)
        lab.time.advance(by: .minutes(5))
        let filter = "lastUpdateDateTime gt \(lab.moment(.minutes(-8)))"
        let answer = try await lab.get(
            Lab.graph(Self.alerts, [("$filter", filter), ("$orderby", "lastUpdateDateTime asc")]),
            token: token
        )
        let held = await lab.simulator.items(tenant: Lab.tenant, feed: .alerts)
        #expect(Lab.ids([answer]) == [held[4].id])
        #expect(answer.json["value"]?[0]?["status"] == "inProgress")
        #expect(held[4].updated == lab.simulator.clock.now - .minutes(5))
        let all = try await lab.get(
            Lab.graph(Self.alerts, [("$orderby", "lastUpdateDateTime desc")]),
            token: token
        )
        #expect(Lab.ids([all]).first == held[4].id)
    }

    @Test func `incidents bring their alerts, unless that is too much for the service`() async throws {
        let lab = try await Lab.withItems {
            $0.tenants[0].feeds = [.alerts: .init(items: 9), .incidents: .init(items: 3)]
        }
        defer { lab.simulator.stop() }
        let path = Lab.graph(Self.incidents, [("$expand", "alerts")])
        let answer = try await lab.get(path, token: try await lab.graphToken())
        #expect(
            (answer.json["value"]?.arrayValue ?? []).map { $0["alerts"]?.arrayValue?.count } == [3, 3, 3]
        )
        let broken = try await Lab.withItems {
            $0.tenants[0].feeds = [.alerts: .init(items: 9), .incidents: .init(items: 3)]
            $0.knobs.expandFails = true
        }
        defer { broken.simulator.stop() }
        let token = try await broken.graphToken()
        #expect(try await broken.get(path, token: token).status == 500)
        #expect(try await broken.get(Lab.graph(Self.incidents), token: token).status == 200)
    }

    @Test func `risk is counted a second and a tenant, and moves on`() async throws {
        let lab = try await Lab.withItems {
            $0.knobs.riskRequests = 1
            var plan = Scenario.FeedPlan(items: 30, newest: .hours(2))
            plan.changes = [.after(.minutes(5))]
            plan.changing = 30
            $0.tenants[0].feeds = [.riskDetections: plan, .riskyUsers: .init(items: 4)]
        }
        defer { lab.simulator.stop() }
        let token = try await lab.graphToken()
        let path = Lab.graph("v1.0/identityProtection/riskDetections")
        let first = try await lab.get(path, token: token)
        #expect(first.json["value"]?.arrayValue?.count == 20)
        let refused = try await lab.get(Lab.graph("v1.0/identityProtection/riskyUsers"), token: token)
        #expect(refused.status == 429)
        #expect(refused.header("Retry-After") == nil)
        lab.time.advance(by: .minutes(6))
        let filter = "lastUpdatedDateTime gt \(lab.moment(.minutes(-2)))"
        let changed = try await lab.get(
            Lab.graph("v1.0/identityProtection/riskDetections", [("$filter", filter)]),
            token: token
        )
        #expect((changed.json["value"]?.arrayValue ?? []).map { $0["riskState"] } == ["remediated"])
        await lab.simulator.setPlans(["AAD_PREMIUM"], tenant: Lab.tenant)
        lab.time.advance(by: .seconds(1))
        let users = try await lab.get(Lab.graph("v1.0/identityProtection/riskyUsers"), token: token)
        #expect(users.message == "Your tenant is not licensed for this feature.")
        lab.time.advance(by: .seconds(1))
        #expect(try await lab.get(path, token: token).status == 200)
    }
}
