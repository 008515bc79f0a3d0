// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import HTTPClient
import JSON
import TestSupport
import Testing

@Suite struct FeedFaultTests {
    /// One address of each service that lists items, with the operation behind it.
    struct Door: CustomTestStringConvertible, Sendable {
        var operation: Operation
        var path: String
        var testDescription: String { operation.rawValue }
    }

    static let doors: [Door] = [
        Door(operation: .signIns, path: "/graph/v1.0/auditLogs/signIns?$top=5"),
        Door(operation: .directoryAudits, path: "/graph/v1.0/auditLogs/directoryAudits?$top=5"),
        Door(operation: .provisioning, path: "/graph/v1.0/auditLogs/provisioning?$top=5"),
        Door(operation: .riskDetections, path: "/graph/v1.0/identityProtection/riskDetections?$top=5"),
        Door(operation: .riskyUsers, path: "/graph/v1.0/identityProtection/riskyUsers?$top=5"),
        Door(
            operation: .healthOverviews,
            path: "/graph/v1.0/admin/serviceAnnouncement/healthOverviews?$top=5"
        ),
        Door(operation: .issues, path: "/graph/v1.0/admin/serviceAnnouncement/issues?$top=5"),
        Door(operation: .messages, path: "/graph/v1.0/admin/serviceAnnouncement/messages?$top=5"),
        Door(operation: .alerts, path: "/graph/v1.0/security/alerts_v2?$top=5"),
        Door(operation: .incidents, path: "/graph/v1.0/security/incidents?$top=5"),
        Door(operation: .okta, path: "/okta/contoso/api/v1/logs?limit=5"),
        Door(operation: .github, path: "/github/orgs/contoso/audit-log?include=all&per_page=5"),
    ]

    private static func lab() async throws -> Lab {
        try await Lab.withItems { scenario in
            for feed in Feed.allCases { scenario.tenants[0].feeds[feed] = .init(items: 12) }
            scenario.tenants[0].okta = .init(name: "contoso", tokens: [.init("t")])
            scenario.tenants[0].github = .init(name: "contoso", tokens: [.init("t")])
        }
    }

    private static func get(_ lab: Lab, _ door: Door, _ address: String? = nil) async throws -> Lab.Answer {
        let value =
            switch door.operation {
            case .okta: "SSWS t"
            case .github: "Bearer t"
            default: "Bearer " + (try await lab.graphToken())
            }
        let headers = [Header("Authorization", value), Header("User-Agent", "tests")]
        return try await lab.get(address ?? door.path, headers: headers)
    }

    private static func count(_ answer: Lab.Answer) -> Int? {
        (answer.json.arrayValue ?? answer.json["value"]?.arrayValue)?.count
    }

    private static func next(_ answer: Lab.Answer) -> String? {
        if let link = answer.json["@odata.nextLink"]?.stringValue { return link }
        return answer.headers.headers.filter { $0.name.lowercased() == "link" }
            .flatMap { $0.value.split(separator: ", ") }.first { $0.hasSuffix("rel=\"next\"") }
            .map { String($0.dropFirst().prefix { $0 != ">" }) }
    }

    @Test(arguments: doors)
    func `every door answers, and pages to the end`(_ door: Door) async throws {
        let lab = try await Self.lab()
        defer { lab.simulator.stop() }
        var counts: [Int?] = []
        var address: String? = door.path
        while let there = address, counts.count < 3 {
            let answer = try await Self.get(lab, door, there)
            #expect(answer.status == 200, "\(answer.text.prefix(300))")
            counts.append(Self.count(answer))
            address = Self.next(answer)
        }
        #expect(counts == [5, 5, 2])
        // Only who polls Okta is always led on.
        #expect((address != nil) == (door.operation == .okta))
        let entry = try #require(lab.simulator.log.entries.last)
        #expect(entry.operation == door.operation)
        #expect(entry.tenant == Lab.tenant)
    }

    @Test(arguments: doors)
    func `an answer may be another, half, spoilt, dropped or too many`(_ door: Door) async throws {
        let lab = try await Self.lab()
        defer { lab.simulator.stop() }
        func with(_ action: Fault.Action) async throws -> Lab.Answer {
            await lab.simulator.inject(
                Fault(action, on: .init(door.operation, tenant: Lab.tenant), id: "one", times: 1)
            )
            return try await Self.get(lab, door)
        }
        #expect(try await with(.status(503, body: [], headers: [])).status == 503)
        let spoilt = try await with(.malformed)
        #expect(spoilt.status == 200)
        #expect(spoilt.json.isNull)
        let object = try await with(.object)
        #expect(object.json.objectValue != nil)
        #expect(Self.count(object) == nil)
        let many = try await with(.throttle(status: nil, retryAfter: nil))
        #expect(many.status == (door.operation == .github ? 403 : 429))
        #expect(try await with(.expiredToken).status == 401)
        // For ever, since a client may ask again by itself when a connection that it kept is dropped.
        for action in [Fault.Action.reset, .truncate(after: 20)] {
            await lab.simulator.inject(Fault(action, on: .init(door.operation), id: "drop"))
            await #expect(throws: (any Error).self) { _ = try await Self.get(lab, door) }
            await lab.simulator.heal("drop")
        }
        #expect(try await Self.get(lab, door).status == 200)
        #expect(await lab.simulator.acted("one") == 1)
    }

    @Test(arguments: doors)
    func `a next page may lead abroad or in a circle`(_ door: Door) async throws {
        let lab = try await Self.lab()
        defer { lab.simulator.stop() }
        await lab.simulator.inject(Fault(.foreignNextPage, on: .init(door.operation), id: "abroad", times: 1))
        let abroad = try #require(Self.next(try await Self.get(lab, door)))
        #expect(abroad.hasPrefix(lab.simulator.foreign + "/"))
        await lab.simulator.inject(Fault(.pageLoop, on: .init(door.operation), id: "circle"))
        let second = try #require(Self.next(try await Self.get(lab, door)))
        let answer = try await Self.get(lab, door, second)
        #expect(Self.next(answer) == second)
        #expect(Self.count(answer) == 5)
    }

    @Test(arguments: doors)
    func `a page may be empty and lead on`(_ door: Door) async throws {
        let lab = try await Self.lab()
        defer { lab.simulator.stop() }
        await lab.simulator.inject(Fault(.emptyPage, on: .init(door.operation), times: 1))
        let empty = try await Self.get(lab, door)
        #expect(Self.count(empty) == 0)
        let next = try #require(Self.next(empty))
        #expect(Self.count(try await Self.get(lab, door, next)) == 5)
    }

    @Test func `what a feed holds can be asked for and added to over the control path`() async throws {
        let lab = try await Self.lab()
        defer { lab.simulator.stop() }
        let list = "/control/items?tenant=\(Lab.tenant)&feed=alerts"
        #expect(try await lab.get(list).json.arrayValue?.count == 12)
        let item =
            #"{"tenant":"contoso.example","feed":"alerts","body":{"id":"new","createdDateTime":"2026-11-21T06:00:00Z"}}"#
        let added = try await lab.send("POST", "/control/item", body: item)
        let index = try #require(added.json["index"]?.int64)
        let held = try await lab.get(list)
        #expect(held.json.arrayValue?.count == 13)
        #expect(held.json.arrayValue?.last?["id"] == "new")
        let change = #"{"tenant":"contoso.example","feed":"alerts","index":\#(index)}"#
        lab.time.advance(by: .seconds(5))
        #expect(try await lab.send("POST", "/control/change", body: change).status == 200)
        #expect(try await lab.get(list + "&states=true").json.arrayValue?.count == 14)
        let wrong = try await lab.send(
            "POST",
            "/control/item",
            body: #"{"tenant":"contoso.example","feed":"x"}"#
        )
        #expect(wrong.status == 400)
    }
}
