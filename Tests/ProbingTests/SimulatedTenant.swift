// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Connectors
import HTTPClient
import Identity
import JSON
import Probing
import Source
import Status
import TestSupport

/// A simulated tenant on loopback, and connection tests of it by a real client.
struct SimulatedTenant {
    static let id = "b86ab9d4-0000-4b11-8a06-7a8f91b47fbd"
    static let app = "7c1d2b7e-1111-4a8e-9a53-2f6b1e0c9a11"
    static let secret = "Zp8~correct.horse_battery-staple"
    static let start = Timestamp(iso8601: "2026-10-10T12:00:00Z") ?? Timestamp(seconds: 0)

    let time = ManualTime(start, runsAhead: true)
    let simulator: Simulator
    let shelf: Shelf
    private let folder = TemporaryFolder()

    /// Subscribed to everything for a month, with content of the last day, unless `change` says otherwise.
    init(_ change: (inout Scenario) -> Void = { _ in }) async throws {
        var scenario = Scenario()
        var tenant = Scenario.Tenant(id: Self.id, domain: "contoso.onmicrosoft.com")
        for type in ContentType.allCases {
            tenant.content[type] = Scenario.ContentPlan(
                blobs: 3,
                eventsPerBlob: 4,
                spread: .hours(20),
                newest: .hours(1)
            )
            tenant.subscriptions.append(Scenario.Subscribed(type))
        }
        scenario.tenants = [tenant]
        scenario.apps = [
            Scenario.App(
                id: Self.app,
                secret: Self.secret,
                roles: [Self.id: ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]]
            )
        ]
        change(&scenario)
        simulator = try Simulator(scenario, time: time)
        _ = try await simulator.start()
        folder.write(simulator.cloudsDocument, to: "clouds.json")
        shelf = try Shelf(shipped: Repository.connectors, home: nil, homeClouds: folder.file("clouds.json"))
    }

    /// Tests the connection as a person would have set it up.
    func test(
        secret: String = SimulatedTenant.secret,
        entered more: [String: String] = [:],
        streams: [String]? = nil,
        expiry: ProbeSubject.Expiry? = ProbeSubject.Expiry(kind: "secret", at: start + .days(300)),
        cloud: Cloud? = nil,
        clock offset: Duration = .zero,
        transport: (any Transport)? = nil,
        isPatient: Bool = false
    ) async throws -> ProbeReport {
        var entered = ["tenantId": Self.id, "clientKey": Self.app]
        entered.merge(more) { $1 }
        let client: any Transport = transport ?? Client()
        let clock: any TimeSource = offset == .zero ? time : ShiftedTime(time, by: offset)
        let definition = try shelf.definition("office365-management")
        let cloud = cloud ?? shelf.clouds["lab"]
        let fields = Object(entered.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
        let names = Names([
            "credentials": .object(fields),
            "connection": ["path": "contoso/o365", "customer": "contoso", "name": "o365"],
        ])
        let tenant = entered["tenantId"] ?? ""
        let demand = try TokenDemand(
            definition: definition,
            cloud: cloud,
            tenant: tenant,
            client: Self.app,
            credential: .secret(Secret(secret)),
            credentialVersion: 1,
            names: names,
            secrets: [:]
        )
        let session = try Session(
            definition: definition,
            cloud: cloud,
            owner: Session.Owner(connection: "contoso/o365", registration: "r1", tenant: tenant),
            names: names,
            authority: TokenAuthority(Tokens(transport: client, time: clock), demand),
            shared: Session.Shared(transport: client, time: clock)
        )
        let subject = ProbeSubject(
            key: ConnectionKey(customer: "contoso", connection: "o365"),
            streams: definition.streams.filter { streams?.contains($0.id) ?? true },
            entered: entered,
            expiry: expiry,
            credential: .secret(Secret(secret)),
            session: session
        )
        return try await Prober.run(subject, isPatient: isPatient)
    }

    /// Requests that did more than read, token requests left out.
    var changes: [RequestLog.Entry] {
        simulator.log.entries.filter { $0.method != "GET" && $0.operation != .token }
    }

    /// An answer of the sign-in service with an error, as a fault.
    static func refusal(_ code: Int, _ error: String) -> Fault.Action {
        let body: Value = [
            "error": .string(error), "error_description": .string("AADSTS\(code): refused. Trace ID: x"),
            "error_codes": [.int(code)],
        ]
        return .status(400, body: body.bytes(), headers: [("Content-Type", "application/json")])
    }
}
