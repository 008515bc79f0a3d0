// SPDX-License-Identifier: Apache-2.0
package import Basics
import Crypto
import HTTPServer
package import JSON

/// A faithful small cloud on loopback: token endpoints, the activity feed, and the faults of both.
///
/// It is written from the service's documented and observed behaviour alone and shares no knowledge with the client.
package final class Simulator: Sendable {
    /// One event that the cloud holds.
    package struct Event: Sendable, Equatable {
        /// Its id.
        package var id: String
        /// Its operation.
        package var operation: String
        /// Its record type.
        package var recordType: Int
        /// Its bytes as served.
        package var bytes: [UInt8]
    }

    /// One item that a feed holds, in one of its states.
    package struct HeldItem: Sendable, Equatable {
        /// Its place in the feed.
        package var index: Int
        /// Its id; empty where it tells none.
        package var id: String
        /// When it says it happened.
        package var created: Timestamp
        /// When it could first be listed.
        package var visible: Timestamp
        /// When it last changed.
        package var updated: Timestamp
        /// Its bytes as served.
        package var bytes: [UInt8]
    }

    /// The simulated clock.
    package let clock: SimulatedClock
    /// What was asked, of this cloud and of the foreign host beside it.
    package let log: RequestLog

    let cloud: Cloud
    let generator: EventGenerator
    /// What the cloud began with.
    package let scenario: Scenario
    private let running = Locked<(cloud: Server?, foreign: Server?, published: String?)>((nil, nil, nil))

    /// Prepares a cloud; nothing listens yet.
    package init(_ scenario: Scenario, time: any TimeSource = SystemTime()) throws(SimulatorFailure) {
        var profile = DistributionProfile.builtIn
        // A profile that is not there on this machine is equalled by the built-in one.
        if let path = scenario.profilePath, let bytes = try? LineFile.bytes(path) {
            guard let value = try? Value(parsing: bytes), let read = DistributionProfile(value) else {
                throw .file(path: path, reason: "it is no distribution profile")
            }
            profile = read
        }
        self.scenario = scenario
        clock = SimulatedClock(base: time, offset: scenario.clockOffset, frozen: scenario.frozenAt)
        log = RequestLog(limit: scenario.knobs.logLimit)
        generator = EventGenerator(seed: scenario.seed, profile: profile)
        cloud = Cloud(scenario, clock: clock, generator: generator)
        running.withLock { $0.published = scenario.publicBase }
    }

    /// Listens on loopback and answers the base URL; port 0 picks a free one.
    @discardableResult
    package func start(port: UInt16 = 0) async throws(SimulatorFailure) -> String {
        do throws(ServerFailure) {
            let server = try Server(port: port, bodyLimit: 16 << 20) { await self.answer($0) }
            let foreign = try Server { await self.answerAbroad($0) }
            running.withLock { ($0.cloud, $0.foreign) = (server, foreign) }
        } catch {
            throw .listening(reason: error.description)
        }
        await tellBases()
        return base
    }

    /// Stops listening.
    package func stop() {
        let servers = running.withLock { running in
            defer { (running.cloud, running.foreign) = (nil, nil) }
            return (running.cloud, running.foreign)
        }
        servers.0?.stop()
        servers.1?.stop()
    }

    /// The base URL of the cloud's own listener.
    package var base: String { "http://127.0.0.1:\(running.withLock { $0.cloud?.port ?? 0 })" }

    /// The base URL of a host that is none of the cloud's.
    package var foreign: String { "http://127.0.0.1:\(running.withLock { $0.foreign?.port ?? 0 })" }

    /// The base URL that links in answers carry.
    package var publicBase: String { running.withLock { $0.published } ?? base }

    /// Makes links in answers carry `base`, for a proxy in front; `nil` for the cloud's own.
    package func publish(at base: String?) async {
        running.withLock { $0.published = base }
        await tellBases()
    }

    private func tellBases() async { await cloud.set(own: base, published: publicBase, foreign: foreign) }

    /// The text of a `clouds.json` that leads the cloud called `lab` here.
    package var cloudsDocument: String {
        let base = publicBase
        let services = ["login", "manage", "graph", "exchange", "portal"].map {
            ($0, Value.string("\(base)/\($0)"))
        }
        let audiences = scenario.audiences.keys.sorted().map { service in
            (service, Value.string(scenario.audiences[service]?.first ?? ""))
        }
        let lab: Value = .object(Object(services + [("audiences", .object(Object(audiences)))]))
        return (["lab": lab] as Value).text(pretty: true)
    }

    // MARK: Changing it while it runs

    /// Puts a fault in force and answers its name.
    @discardableResult
    package func inject(_ fault: Fault) async -> String { await cloud.add(fault) }

    /// Takes a fault back, or all of them.
    package func heal(_ id: String? = nil) async { await cloud.heal(id) }

    /// How often a fault has acted.
    package func acted(_ id: String) async -> Int {
        await cloud.faults.rows.first { $0.fault.id == id }?.acted ?? 0
    }

    /// Switches a tenant's auditing; switching on works after `delay`, or as long as the scenario says.
    ///
    /// Switched off, it comes on by itself once `onAfterPolls` were told that it is off.
    package func setAuditing(
        tenant: String,
        on: Bool,
        answers: Scenario.AuditingChange.Silence = .errors,
        delay: Duration? = nil,
        onAfterPolls: Int? = nil
    ) async {
        await cloud.setAuditing(
            tenant.lowercased(),
            on: on,
            at: clock.now,
            answers: answers,
            delay: delay,
            onAfterPolls: onAfterPolls
        )
    }

    /// Changes who signs in for a tenant, or for none by name; codes given out before keep the one they had.
    package func setSignIn(_ person: Scenario.SignIn, tenant: String? = nil) async {
        await cloud.setSignIn(person, tenant: tenant?.lowercased())
    }

    /// Makes the person behind a user code, or behind every code, do this now; answers how many codes that were.
    @discardableResult
    package func decide(_ doing: Scenario.SignIn.Doing, userCode: String? = nil) async -> Int {
        await cloud.decide(doing, userCode: userCode)
    }

    /// Enables or disables an app's subscription, as an admin of the service would.
    package func setSubscription(tenant: String, type: ContentType, app: String, enabled: Bool) async {
        await cloud.setSubscription(tenant.lowercased(), type, app: app.lowercased(), enabled: enabled)
    }

    /// Adds or replaces an app.
    package func register(_ app: Scenario.App) async { await cloud.register(app, told: nil) }

    /// Puts a blob in a tenant's type and answers the content ids it got.
    @discardableResult
    package func place(_ blob: Scenario.PlacedBlob, tenant: String, type: ContentType) async -> [String] {
        await cloud.addBlob(blob, tenant: tenant.lowercased(), type)
    }

    /// Puts an item in a tenant's feed and answers its index.
    @discardableResult
    package func place(_ item: Scenario.PlacedItem, tenant: String, feed: Feed) async -> Int? {
        await cloud.addItem(item, tenant: tenant.lowercased(), feed)
    }

    /// Changes an item of a tenant's feed once more.
    package func touch(_ index: Int, tenant: String, feed: Feed) async {
        await cloud.touch(index, tenant: tenant.lowercased(), feed, at: clock.now)
    }

    /// Gives a tenant other service plans.
    package func setPlans(_ plans: [String], tenant: String) async {
        await cloud.setPlans(plans, tenant: tenant.lowercased())
    }

    /// Ends all tokens issued so far.
    package func endTokens() async { await cloud.endTokens() }

    // MARK: What it holds

    /// Every event of a tenant's type that can be listed now, those of repeated records once for each time.
    package func events(tenant: String, type: ContentType) async -> [Event] {
        var all: [Event] = []
        for body in await cloud.bodies(tenant.lowercased(), type) {
            var marks: [EventGenerator.Mark] = []
            let bytes = body.bytes(generator) { marks.append($0) }
            for mark in marks {
                all.append(
                    Event(
                        id: mark.id,
                        operation: mark.operation,
                        recordType: mark.recordType,
                        bytes: Array(bytes[mark.range])
                    )
                )
            }
        }
        return all
    }

    /// The applications, credentials, service principals, assignments and subscriptions of a tenant.
    ///
    /// With `made`, only those that did not come with the scenario; the members are those of `/control/directory`.
    package func directory(tenant: String, made: Bool = false) async -> Value {
        await cloud.holdings(tenant.lowercased(), made: made)
    }

    /// Every item of a tenant's feed that can be listed now, or every state in which one could be until now.
    package func items(tenant: String, feed: Feed, states: Bool = false) async -> [HeldItem] {
        await cloud.held(tenant.lowercased(), feed, states: states)
    }

    /// Writes every blob that can be listed now below `root`, for a web server to serve, and answers how many.
    package func writeBlobs(to root: String) async throws(SimulatorFailure) -> Int {
        var count = 0
        for tenant in scenario.tenants {
            for type in ContentType.allCases {
                for body in await cloud.bodies(tenant.id, type) {
                    guard let blob = body.parts.last else { continue }
                    let folder = "\(root)/manage/api/v1.0/\(tenant.id)/activity/feed/audit"
                    try LineFile.write(body.bytes(generator), to: "\(folder)/\(blob.id(type))")
                    count += 1
                }
            }
        }
        return count
    }
}
