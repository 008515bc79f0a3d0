// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import HTTPClient
import JSON
import TestSupport
import Testing

@Suite struct ReportTests {
    private static let signIns = Lab.graph("v1.0/auditLogs/signIns")

    @Test func `sign-ins come newest first, page by page, each of them once`() async throws {
        let lab = try await Lab.withItems { $0.tenants[0].feeds[.signIns] = .init(items: 250) }
        defer { lab.simulator.stop() }
        let pages = try await lab.pages(
            Lab.graph("v1.0/auditLogs/signIns", [("$top", "60")]),
            token: try await lab.graphToken()
        )
        #expect(pages.count == 5)
        let ids = Lab.ids(pages)
        #expect(ids == (await lab.held(.signIns)).reversed())
        #expect(Set(ids).count == 250)
        let link = try #require(pages[0].json["@odata.nextLink"]?.stringValue)
        #expect(link.hasPrefix(lab.base + "/graph/v1.0/auditLogs/signIns?$top=60&$skiptoken="))
        #expect(
            pages[0].json["@odata.context"]
                == .string("\(lab.base)/graph/v1.0/$metadata#auditLogs/signIns")
        )
        #expect(pages[0].header("Date") == lab.simulator.clock.now.httpDate)
    }

    @Test func `the simulator tells byte for byte what it served`() async throws {
        let lab = try await Lab.withItems { $0.tenants[0].feeds[.directoryAudits] = .init(items: 3) }
        defer { lab.simulator.stop() }
        let answer = try await lab.get(
            Lab.graph("v1.0/auditLogs/directoryAudits"),
            token: try await lab.graphToken()
        )
        for item in await lab.simulator.items(tenant: Lab.tenant, feed: .directoryAudits) {
            #expect(answer.text.contains(String(decoding: item.bytes, as: UTF8.self)))
        }
        #expect(answer.json["value"]?[0]?["id"]?.stringValue?.hasPrefix("Directory_") ?? false)
    }

    @Test func `times tell seven digits of a second, or none`() async throws {
        let lab = try await Lab.withItems { $0.tenants[0].feeds[.signIns] = .init(items: 100) }
        defer { lab.simulator.stop() }
        let answer = try await lab.get(Self.signIns, token: try await lab.graphToken())
        let times = (answer.json["value"]?.arrayValue ?? []).compactMap { $0["createdDateTime"]?.stringValue }
        let lengths = Set(times.map(\.utf8.count))
        #expect(lengths == ["2026-11-20T10:00:00Z".utf8.count, "2026-11-20T10:00:00.1234567Z".utf8.count])
    }

    @Test func `the same seed makes the same items, another seed others`() async throws {
        var texts: [String] = []
        for seed in [5, 5, 6] as [UInt64] {
            let lab = try await Lab.withItems {
                $0.seed = seed
                $0.tenants[0].feeds[.signIns] = .init(items: 20)
            }
            defer { lab.simulator.stop() }
            texts.append(
                try await lab.get(Self.signIns, token: try await lab.graphToken()).json["value"]?.text() ?? ""
            )
        }
        #expect(texts[0] == texts[1])
        #expect(texts[0] != texts[2])
    }

    @Test(arguments: [
        ("v1.0/auditLogs/signIns", "createdDateTime ge {-2h} and createdDateTime le {0}", true),
        ("v1.0/auditLogs/signIns", "createdDateTime gt {-2h}", true),
        ("v1.0/auditLogs/signIns", "createdDateTime lt {0}", false),
        ("v1.0/auditLogs/signIns", "createdDateTime ge '{-2h}'", false),
        ("v1.0/auditLogs/signIns", "activityDateTime ge {-2h}", false),
        ("v1.0/auditLogs/signIns", "createdDateTime ge {-2h} or createdDateTime le {0}", false),
        ("v1.0/auditLogs/signIns", "status/errorCode eq 0", true),
        ("v1.0/auditLogs/signIns", "startswith(userPrincipalName,'ada')", true),
        ("v1.0/auditLogs/signIns", "signInEventTypes/any(t: t eq 'servicePrincipal')", false),
        ("v1.0/auditLogs/directoryAudits", "activityDateTime ge {-2h} and activityDateTime lt {0}", true),
        ("v1.0/auditLogs/directoryAudits", "createdDateTime ge {-2h}", false),
        ("v1.0/auditLogs/directoryAudits", "targetResources/any(t: t/id eq 'x')", true),
        ("v1.0/auditLogs/provisioning", "activityDateTime gt {-2h} and activityDateTime lt {0}", true),
        ("v1.0/auditLogs/provisioning", "activityDateTime ge {-2h}", false),
    ])
    func `only the comparisons that are documented work`(_ path: String, _ filter: String, _ works: Bool)
        async throws
    {
        let lab = try await Lab.withItems {
            for feed in [Feed.signIns, .directoryAudits, .provisioning] {
                $0.tenants[0].feeds[feed] = .init(items: 48)
            }
        }
        defer { lab.simulator.stop() }
        let text = filter.replacing("{-2h}", with: lab.moment(.hours(-2))).replacing(
            "{0}",
            with: lab.moment(.zero)
        )
        let answer = try await lab.get(
            Lab.graph(path, [("$filter", text)]),
            token: try await lab.graphToken()
        )
        #expect(answer.status == (works ? 200 : 400), "\(answer.text.prefix(300))")
        guard !works else { return }
        #expect(answer.code == "BadRequest")
        let told = answer.message ?? ""
        #expect(told == "Invalid filter clause" || told.contains("Could not find a property"))
    }

    @Test func `a filter by time holds to its bounds`() async throws {
        let lab = try await Lab.withItems { $0.tenants[0].feeds[.signIns] = .init(items: 240) }
        defer { lab.simulator.stop() }
        let (from, to) = (lab.moment(.hours(-6)), lab.moment(.hours(-3)))
        let filter = "createdDateTime ge \(from) and createdDateTime le \(to)"
        let answer = try await lab.get(
            Lab.graph("v1.0/auditLogs/signIns", [("$filter", filter), ("$orderby", "createdDateTime")]),
            token: try await lab.graphToken()
        )
        let now = lab.simulator.clock.now
        let meant = await lab.simulator.items(tenant: Lab.tenant, feed: .signIns).filter {
            $0.created >= now - .hours(6) && $0.created <= now - .hours(3)
        }
        #expect(Lab.ids([answer]) == meant.map(\.id))
        #expect((25...35).contains(meant.count))
    }

    @Test(arguments: [
        ("nonInteractiveUser", Feed.nonInteractiveSignIns), ("servicePrincipal", .servicePrincipalSignIns),
        ("managedIdentity", .managedIdentitySignIns), ("interactiveUser", .signIns),
    ])
    func `the beta filter chooses the kind of sign-ins`(_ name: String, _ feed: Feed) async throws {
        let lab = try await Lab.withItems {
            for (count, feed) in [
                Feed.signIns, .nonInteractiveSignIns, .servicePrincipalSignIns,
                .managedIdentitySignIns,
            ].enumerated() {
                $0.tenants[0].feeds[feed] = .init(items: 10 + count)
            }
        }
        defer { lab.simulator.stop() }
        let token = try await lab.graphToken()
        let filter =
            "createdDateTime ge \(lab.moment(.days(-2))) and (signInEventTypes/any(t: t eq '\(name)'))"
        let answer = try await lab.get(
            Lab.graph("beta/auditLogs/signIns", [("$filter", filter)]),
            token: token
        )
        #expect(Lab.ids([answer]) == (await lab.held(feed)).reversed())
        #expect(answer.json["value"]?[0]?["signInEventTypes"]?[0] == .string(name))
        let plain = try await lab.get(Lab.graph("beta/auditLogs/signIns"), token: token)
        #expect(Lab.ids([plain]).count == 10)
        let both = "signInEventTypes/any(t: t eq 'managedIdentity' or t eq 'servicePrincipal')"
        let two = try await lab.pages(
            Lab.graph("beta/auditLogs/signIns", [("$filter", both), ("$top", "4")]),
            token: token
        )
        #expect(Set(Lab.ids(two)).count == 25)
    }

    @Test func `a premium license is needed for sign-ins, and may flap though it is there`() async throws {
        let lab = try await Lab.withItems {
            $0.tenants[0].feeds = [
                .signIns: .init(items: 4), .directoryAudits: .init(items: 60, spread: .days(12)),
            ]
            $0.tenants[0].plans = ["EXCHANGE_S_ENTERPRISE"]
        }
        defer { lab.simulator.stop() }
        let token = try await lab.graphToken()
        let free = try await lab.get(Self.signIns, token: token)
        #expect(free.status == 403)
        #expect(free.code == "Authentication_RequestFromNonPremiumTenantOrB2CTenant")
        // Audits need none, and are kept for a week only.
        let audits = try await lab.get(Lab.graph("v1.0/auditLogs/directoryAudits"), token: token)
        #expect((30...40).contains(Lab.ids([audits]).count))
        await lab.simulator.setPlans(["AAD_PREMIUM"], tenant: Lab.tenant)
        #expect(try await lab.get(Self.signIns, token: token).status == 200)
        #expect(
            Lab.ids([try await lab.get(Lab.graph("v1.0/auditLogs/directoryAudits"), token: token)]).count
                == 60
        )
        await lab.simulator.inject(Fault(.unlicensed, on: .init(.signIns), rhythm: "xx."))
        var seen: [Int] = []
        for _ in 0..<6 { seen.append(try await lab.get(Self.signIns, token: token).status) }
        #expect(seen == [403, 403, 200, 403, 403, 200])
    }

    @Test func `the sixth request in ten seconds is one too many`() async throws {
        let lab = try await Lab.withItems {
            $0.tenants[0].feeds[.signIns] = .init(items: 4)
            $0.knobs.reportRequests = 5
        }
        defer { lab.simulator.stop() }
        let token = try await lab.graphToken()
        for _ in 0..<5 { #expect(try await lab.get(Self.signIns, token: token).status == 200) }
        // Shared with the other reports.
        let refused = try await lab.get(Lab.graph("v1.0/auditLogs/directoryAudits"), token: token)
        #expect(refused.status == 429)
        #expect(refused.code == "UnknownError")
        #expect(refused.header("Retry-After") == "10")
        lab.time.advance(by: .seconds(10))
        #expect(try await lab.get(Self.signIns, token: token).status == 200)
    }

    @Test func `a page token dies where a fault says, and with time`() async throws {
        let lab = try await Lab.withItems { $0.tenants[0].feeds[.signIns] = .init(items: 100) }
        defer { lab.simulator.stop() }
        let token = try await lab.graphToken()
        await lab.simulator.inject(Fault(.lostPage, on: .init(.signIns, page: 7), id: "dies", times: 1))
        let path = Lab.graph("v1.0/auditLogs/signIns", [("$top", "5")])
        let six = try await lab.pages(path, token: token, atMost: 6)
        let seventh = try #require(six[5].json["@odata.nextLink"]?.stringValue)
        let lost = try await lab.get(seventh, token: token)
        #expect(lost.status == 400)
        #expect(lost.code == "UnknownError")
        #expect(lost.message == "Invalid Skip Token, skip token is null")
        #expect(await lab.simulator.acted("dies") == 1)
        #expect(try await lab.get(seventh, token: token).status == 200)
        lab.time.advance(by: .hours(25))
        let late = try await lab.graphToken()
        #expect(try await lab.get(seventh, token: late).message == "Invalid Skip Token, skip token is null")
        let forged = Lab.graph("v1.0/auditLogs/signIns", [("$skiptoken", "9177f2e3532fcd4c_1")])
        #expect(try await lab.get(forged, token: late).status == 400)
    }

    @Test func `a late sign-in appears among older ones`() async throws {
        let lab = try await Lab.withItems {
            var plan = Scenario.FeedPlan(items: 24, newest: .hours(2))
            plan.placed = [
                .init(
                    created: .after(.minutes(-5)),
                    visible: .after(.minutes(50)),
                    body: #"{"id":"late","createdDateTime":"2026-11-21T05:55:00Z"}"#
                )
            ]
            plan.late = .init(every: 12, by: .hours(3))
            $0.tenants[0].feeds[.signIns] = plan
        }
        defer { lab.simulator.stop() }
        let token = try await lab.graphToken()
        let first = Lab.ids([try await lab.get(Self.signIns, token: token)])
        #expect(!first.contains("late"))
        #expect(first.count < 24)
        lab.time.advance(by: .minutes(55))
        let second = Lab.ids([try await lab.get(Self.signIns, token: try await lab.graphToken())])
        #expect(second.first == "late")
        lab.time.advance(by: .hours(2))
        #expect(Lab.ids([try await lab.get(Self.signIns, token: try await lab.graphToken())]).count == 25)
    }

    @Test func `sign-ins come as time passes`() async throws {
        let lab = try await Lab.withItems {
            var plan = Scenario.FeedPlan()
            plan.live = .init(every: .minutes(10), events: 3)
            $0.tenants[0].feeds[.signIns] = plan
        }
        defer { lab.simulator.stop() }
        #expect(Lab.ids([try await lab.get(Self.signIns, token: try await lab.graphToken())]).isEmpty)
        lab.time.advance(by: .minutes(25))
        let filter =
            "createdDateTime ge \(lab.moment(.minutes(-25))) and createdDateTime le \(lab.moment(.zero))"
        let pages = try await lab.pages(
            Lab.graph("v1.0/auditLogs/signIns", [("$filter", filter), ("$top", "2")]),
            token: try await lab.graphToken()
        )
        #expect(Lab.ids(pages) == (await lab.held(.signIns)).reversed())
        #expect(Lab.ids(pages).count == 6)
    }

    @Test func `pages may be empty or short, or begin with what was seen`() async throws {
        let lab = try await Lab.withItems { $0.tenants[0].feeds[.signIns] = .init(items: 40) }
        defer { lab.simulator.stop() }
        await lab.simulator.inject(Fault(.emptyPage, on: .init(.signIns, page: 2), times: 1))
        await lab.simulator.inject(Fault(.shortPage, on: .init(.signIns, page: 3), times: 1))
        await lab.simulator.inject(Fault(.repeatedItem, on: .init(.signIns, page: 4), times: 1))
        let path = Lab.graph("v1.0/auditLogs/signIns", [("$top", "10")])
        let pages = try await lab.pages(path, token: try await lab.graphToken())
        #expect(pages.map { $0.json["value"]?.arrayValue?.count } == [10, 0, 5, 11, 10, 5])
        let ids = Lab.ids(pages)
        #expect(ids[14] == ids[15])
        #expect(Set(ids) == Set(await lab.held(.signIns)))
    }

    @Test func `only a small enough window escapes the timeout`() async throws {
        let lab = try await Lab.withItems { $0.tenants[0].feeds[.signIns] = .init(items: 40) }
        defer { lab.simulator.stop() }
        await lab.simulator.inject(Fault(.tooWide(.minutes(30)), on: .init(.signIns)))
        let token = try await lab.graphToken()
        for (minutes, status) in [(120, 504), (31, 504), (29, 200)] {
            let filter =
                "createdDateTime ge \(lab.moment(.minutes(-minutes))) and createdDateTime le \(lab.moment(.zero))"
            let answer = try await lab.get(
                Lab.graph("v1.0/auditLogs/signIns", [("$filter", filter)]),
                token: token
            )
            #expect(answer.status == status)
        }
        #expect(try await lab.get(Self.signIns, token: token).code == "GatewayTimeout")
    }

    @Test func `nothing older than thirty days can be asked for`() async throws {
        let lab = try await Lab.withItems()
        defer { lab.simulator.stop() }
        let filter = "activityDateTime ge \(lab.moment(.days(-31)))"
        let answer = try await lab.get(
            Lab.graph("v1.0/auditLogs/directoryAudits", [("$filter", filter)]),
            token: try await lab.graphToken()
        )
        #expect(answer.status == 400)
        #expect(
            answer.message
                == "Specified argument was out of the range of valid values. (Parameter 'Minimum allowed time for "
                + "activityDateTime is 10/22/2026 12:00:00 AM')"
        )
    }

    @Test(arguments: [
        ("$top", "0"), ("$top", "many"), ("$orderby", "appId"), ("$search", "x"), ("$skip", "5"),
    ])
    func `an option that is not known is refused`(_ option: (String, String)) async throws {
        let lab = try await Lab.withItems()
        defer { lab.simulator.stop() }
        let path = Lab.graph("v1.0/auditLogs/signIns", [option])
        let answer = try await lab.get(path, token: try await lab.graphToken())
        #expect(answer.status == 400)
        #expect(answer.code == "BadRequest")
    }
}
