// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Collecting
import Connectors
import Delivering
import HTTPClient
import Host
import Identity
import JSON
import Source
import Status
import Store
import TestSupport

/// A home with one connection, a simulated cloud beside it, and a clock that both go by.
struct Rig {
    static let tenant = "b86ab9d4-0000-4b11-8a06-7a8f91b47fbd"
    static let app = "7c1d2b7e-1111-4a8e-9a53-2f6b1e0c9a11"
    static let secret = "Zp8~correct.horse_battery-staple"
    static let start = Timestamp(iso8601: "2026-10-10T12:00:00Z") ?? Timestamp(seconds: 0)

    let folder = TemporaryFolder()
    let time: ManualTime
    let simulator: Simulator
    let home: Home
    let ledger: SQLiteLedger
    let committer: Committer
    let station: Station
    let archive: Archive
    let log = CollectedLines()
    let connection = ConnectionKey(customer: "contoso", connection: "o365")
    let streams: [ContentType]
    /// Streams that are made of the others, by id.
    let derived: [String]

    /// A tenant with `plan` for each of `streams`, subscribed to for a month unless `subscribed` says otherwise.
    init(
        connector: String = "office365-management",
        streams: [ContentType] = [.general],
        derived: [String] = [],
        plan: Scenario.ContentPlan = Scenario.ContentPlan(blobs: 4, eventsPerBlob: 5, spread: .hours(20)),
        subscribed: Bool = true,
        roles: [String] = ["ActivityFeed.Read", "ActivityFeed.ReadDlp"],
        since: Duration = .hours(23),
        history: Duration? = nil,
        noChanges: Bool = false,
        clock offset: Duration = .zero,
        transport: (any Transport)? = nil,
        _ change: (inout Scenario) -> Void = { _ in }
    ) async throws {
        let time = ManualTime(Self.start, runsAhead: true)
        self.time = time
        self.streams = streams
        self.derived = derived
        var scenario = Scenario()
        var tenant = Scenario.Tenant(id: Self.tenant, domain: "contoso.onmicrosoft.com")
        for type in streams {
            tenant.content[type] = plan
            if subscribed { tenant.subscriptions.append(Scenario.Subscribed(type)) }
        }
        scenario.tenants = [tenant]
        scenario.apps = [Scenario.App(id: Self.app, secret: Self.secret, roles: [Self.tenant: roles])]
        change(&scenario)
        simulator = try Simulator(scenario, time: time)
        _ = try await simulator.start()
        folder.write(simulator.cloudsDocument, to: "home/clouds.json")
        home = try Home.open(folder.file("home"))
        let hostTime: any TimeSource = offset == .zero ? time : ShiftedTime(time, by: offset)
        let log = log.log(time: time)
        ledger = try SQLiteLedger(home: home, time: hostTime, log: log)
        committer = try await Committer(home: home, ledger: ledger, time: hostTime, log: log)
        let shelf = try Shelf(
            shipped: Repository.connectors,
            home: home.connectors,
            homeClouds: home.clouds
        )
        let client: any Transport = transport ?? Client()
        let maker = SessionMaker(
            shared: Session.Shared(transport: client, time: hostTime),
            tokens: Tokens(transport: client, time: hostTime),
            clouds: shelf.clouds,
            publisherID: "46b472a7-c68e-4adf-8ade-3db49497518e"
        )
        let credentials = Credentials { _, _ in Secret(Self.secret) }
        let ledger = ledger
        let home = home
        station = Station(
            home: home,
            ledger: ledger,
            committer: committer,
            quarantine: Quarantine(home, time: hostTime),
            shelf: shelf,
            sessions: Sessions(maker, credentials, ledger),
            time: hostTime,
            log: log,
            version: "test",
            backUp: { _ = try await ledger.backup(of: home, now: $0) }
        )
        archive = Archive(home: home, ledger: ledger, time: hostTime, log: log)
        try await setUp(
            connector,
            accepted: hostTime.now - since,
            history: history,
            noChanges: noChanges
        )
    }

    private func setUp(_ connector: String, accepted: Timestamp, history: Duration?, noChanges: Bool)
        async throws
    {
        let registration = Registration(
            id: "r1",
            cloud: "lab",
            tenant: Self.tenant,
            clientKey: Self.app,
            current: Store.Credential(kind: .secret, added: accepted),
            created: accepted
        )
        let connection = Store.Connection(
            key: connection,
            name: "Office 365",
            connector: connector,
            cloud: "lab",
            tenant: Self.tenant,
            identity: Self.tenant,
            registration: "r1",
            credentials: ["tenantId": .string(Self.tenant), "clientKey": .string(Self.app)],
            streams: (streams.map(\.rawValue) + derived).map { StreamChoice(stream: $0) },
            acceptedAt: accepted,
            noChanges: noChanges,
            created: accepted
        )
        var changes: [LedgerChange] = [
            .customer(Customer(id: "contoso", name: "Contoso", created: accepted)),
            .registration(registration),
            .connection(connection),
        ]
        for stream in streams.map(\.rawValue) + derived {
            var facts = StreamFacts()
            facts.acceptedAt = accepted
            if let history { facts.historyFrom = (accepted - history).rounded(downTo: .minutes(1)) }
            changes.append(.stream(key(stream), .facts(facts)))
        }
        try await ledger.write(changes)
    }

    func key(_ type: ContentType) -> StreamKey { key(type.rawValue) }

    func key(_ stream: String) -> StreamKey {
        StreamKey(customer: "contoso", connection: "o365", stream: stream)
    }

    /// One pass over everything that is due.
    @discardableResult
    func pass(wait: Duration = .seconds(60)) async throws -> OncePass.Summary {
        try await OncePass(station, archive: archive, wait: wait).run()
    }

    func facts(_ type: ContentType = .general) async throws -> StreamFacts {
        try await ledger.facts(of: key(type))
    }

    /// Every event in the journal's committed part, as the bytes between the envelope and the closing brace.
    func journal() throws -> [[UInt8]] {
        var events: [[UInt8]] = []
        for name in Self.names(in: home.journal) {
            for line in Self.lines(home.journal + "/" + name) { events.append(Self.event(of: line)) }
        }
        return events
    }

    /// Every event in the archive.
    func archived() throws -> [[UInt8]] {
        var events: [[UInt8]] = []
        for type in streams {
            let folder = home.archive + "/contoso/o365/" + type.rawValue
            for name in Self.names(in: folder) {
                for line in Self.lines(folder + "/" + name) { events.append(Self.event(of: line)) }
            }
        }
        return events
    }

    /// What the simulated cloud has for the tenant now.
    func expected() async -> [[UInt8]] {
        var events: [[UInt8]] = []
        for type in streams { events += await simulator.events(tenant: Self.tenant, type: type).map(\.bytes) }
        return events
    }

    /// Whether journal and archive hold every event of the cloud exactly once.
    func holdsEverythingOnce() async throws -> Bool {
        let wanted = await expected().sorted { $0.lexicographicallyPrecedes($1) }
        let stored = try journal().sorted { $0.lexicographicallyPrecedes($1) }
        let archived = try archived().sorted { $0.lexicographicallyPrecedes($1) }
        return stored == wanted && archived == wanted
    }

    /// Requests that carried a token to another host than the cloud's.
    var leakedTokens: Int { simulator.log.entries.count { $0.listener == .foreign && $0.authorized } }
}
