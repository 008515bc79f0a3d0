// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto
import HTTPServer
import JSON

/// The state of the simulated cloud, and what it answers.
///
/// Requests are decided one at a time; bodies are made and waits are waited outside, so neither holds others up.
actor Cloud {
    /// What is to be done for one request.
    struct Decision: Sendable {
        enum Answer: Sendable {
            case response(Response)
            case blob(BlobBody, type: String)
            case page(ItemPage)
        }
        var answer: Answer
        var delay: Duration
        var actions: [Fault.Action]
        var faults: [String]
        var tenant: String
        var app: String
    }

    let scenario: Scenario
    let knobs: Scenario.Knobs
    let clock: SimulatedClock
    /// When the simulator started, by its own clock; relative instants count from here.
    let start: Timestamp
    let tokenKey: [UInt8]
    let generator: EventGenerator
    var random: SeededRandom
    /// The registered applications, by client id.
    var registrations: [String: Registration] = [:]
    /// The bases that links carry and that assertions may be addressed to.
    var bases: (own: String, published: String, foreign: String) = ("", "", "")
    /// Tokens issued before this instant are no good any more.
    var tokensFrom = Timestamp(nanoseconds: .min)
    /// Who signs in, per tenant id; for the empty one where no tenant is named.
    var signIns: [String: Scenario.SignIn] = [:]
    /// The directory roles of those who signed in, by their object id.
    var people: [String: [String]] = [:]
    var devices = DeviceTable()
    var faults: FaultTable
    var quotas = QuotaTable()
    private var tenants: [String: TenantRecord] = [:]
    private var named: [String: Scenario.Tenant] = [:]

    init(_ scenario: Scenario, clock: SimulatedClock, generator: EventGenerator) {
        self.scenario = scenario
        knobs = scenario.knobs
        self.clock = clock
        start = clock.now
        self.generator = generator
        random = SeededRandom(seed: scenario.seed, "cloud")
        tokenKey = Digest.sha256(Array("token key \(scenario.seed)".utf8))
        faults = FaultTable(scenario.faults)
        for app in scenario.apps {
            registrations[app.id] = Registration(app, seed: scenario.seed, start: start)
        }
        signIns[""] = scenario.signIn
        for tenant in scenario.tenants {
            signIns[tenant.id] = tenant.signIn
            named[tenant.id] = tenant
            for domain in tenant.domains { named[domain.lowercased()] = tenant }
        }
    }

    var now: Timestamp { clock.now }

    // MARK: Tenants

    /// The tenant that a GUID or a domain names.
    func tenant(_ name: String) -> Scenario.Tenant? { named[name] ?? scenario.fleet?.tenant(name) }

    /// The record of the tenant with this GUID, made when it is first asked for.
    func record(_ id: String) -> TenantRecord? {
        if let record = tenants[id] { return record }
        guard let facts = tenant(id), facts.id == id else { return nil }
        return TenantRecord(facts, start: start, knobs: knobs)
    }

    /// Changes the record of a tenant.
    func change<Result>(_ id: String, _ body: (inout TenantRecord) -> Result) -> Result? {
        guard var record = record(id) else { return nil }
        let result = body(&record)
        tenants[id] = record
        return result
    }

    /// The record of a tenant where one is kept; of idle tenants none is.
    func changed(_ id: String) -> TenantRecord? { tenants[id] }

    /// Changes every record that is kept.
    func changeAll(_ body: (String, inout TenantRecord) -> Void) {
        for id in tenants.keys.sorted() {
            guard var record = tenants[id] else { continue }
            body(id, &record)
            tenants[id] = record
        }
    }

    /// The blobs of one type of a tenant.
    func series(_ id: String, _ type: ContentType) -> BlobSeries? {
        if let series = tenants[id]?.series[type] { return series }
        // Nothing is kept for what holds nothing: idle tenants may be many.
        if let record = record(id), record.facts.content[type] == nil {
            return BlobSeries(
                Scenario.ContentPlan(),
                type: type,
                tenant: id,
                seed: scenario.seed,
                start: start
            )
        }
        return change(id) { record in
            let plan = record.facts.content[type] ?? Scenario.ContentPlan()
            var series = BlobSeries(plan, type: type, tenant: id, seed: scenario.seed, start: start)
            for placed in plan.placed { series.place(placed, start: start) }
            record.series[type] = series
            return series
        }
    }

    /// The items of one feed of a tenant; `nil` where it has none.
    func series(_ id: String, _ feed: Feed) -> ItemSeries? {
        if let series = tenants[id]?.feeds[feed] { return series }
        guard let plan = record(id)?.facts.feeds[feed] else { return nil }
        let series = ItemSeries(plan, feed: feed, tenant: id, seed: scenario.seed, start: start)
        _ = change(id) { $0.feeds[feed] = series }
        return series
    }

    /// The tenant that a request is for: by its path, by its token, or by the organization it names.
    func owner(of call: Call) -> Scenario.Tenant? {
        switch call.operation.service {
        case .graph:
            return call.token.flatMap { AccessToken($0, key: tokenKey) }.flatMap { tenant($0.tenant) }
        case .okta:
            if !call.tenant.isEmpty { return scenario.tenants.first { $0.okta?.name == call.tenant } }
            guard let given = call.token(scheme: "SSWS") else { return nil }
            return scenario.tenants.first { $0.okta?.tokens.contains { $0.value == given } ?? false }
        case .github:
            let parts = call.rest.split(separator: "/").map { Request.decoded($0).lowercased() }
            guard parts.count > 1 else { return nil }
            return scenario.tenants.first { tenant in
                guard let organization = tenant.github else { return false }
                return parts[0] == "orgs"
                    ? organization.name == parts[1]
                    : String(ItemGenerator(tenant).organizationNumber) == parts[1]
            }
        default: return tenant(call.tenant)
        }
    }

    /// The roles that the scenario granted an app in a tenant; `nil` if the tenant does not know the app.
    func roles(_ registration: Registration, tenant: String) -> [String]? {
        if let own = registration.roles[tenant] ?? registration.roles["*"] { return own }
        guard let fleet = scenario.fleet, fleet.app == registration.app, fleet.tenant(tenant) != nil else {
            return nil
        }
        return fleet.roles
    }

    /// What must be known to make the body of a blob.
    func body(_ blob: Blob, _ type: ContentType, _ tenant: Scenario.Tenant) -> BlobBody {
        var parts = [blob]
        if case .generated(_, let again?) = blob.content, let earlier = series(tenant.id, type)?.blob(again) {
            parts.insert(earlier, at: 0)
        }
        return BlobBody(parts: parts, type: type, tenant: tenant.id, domain: tenant.domain)
    }

    // MARK: Requests

    /// Decides a request.
    func decide(_ call: Call) -> Decision {
        let facts = owner(of: call)
        let app = app(of: call)
        var decision = Decision(
            answer: .response(Response(status: 404)),
            delay: delay(call, facts),
            actions: [],
            faults: [],
            tenant: facts?.id ?? call.tenant,
            app: app
        )
        let acting = faults.take(
            call,
            FaultTable.Circumstances(
                tenant: facts,
                app: app,
                blob: blob(of: call),
                page: page(of: call),
                now: now,
                start: start
            )
        )
        decision.faults = acting.map(\.id)
        decision.actions = acting.map(\.action)
        for action in decision.actions {
            if case .delay(let duration) = action { decision.delay += duration }
        }
        do throws(Refusal) {
            for action in decision.actions { try replace(action, call, app) }
            decision.answer = try answer(call, acting)
        } catch {
            decision.answer = .response(error.response)
        }
        return decision
    }

    private func answer(_ call: Call, _ acting: [Fault]) throws(Refusal) -> Decision.Answer {
        switch call.operation {
        case .token: .response(try token(call))
        case .discovery: .response(try discovery(call))
        case .deviceCode: .response(try deviceCode(call))
        case .devicePage: .response(devicePage(call))
        case .adminConsent: .response(try adminConsent(call))
        case .graph: .response(try directory(call))
        case .signIns, .directoryAudits, .provisioning: try report(call, acting)
        case .riskDetections, .riskyUsers, .healthOverviews, .issues, .messages, .alerts, .incidents:
            try collection(call, acting)
        case .okta: try oktaLog(call, acting)
        case .github: try gitHubLog(call, acting)
        case .exchange: .response(try exchange(call))
        case .start, .stop, .list, .content, .fetch, .notifications, .sensitiveTypes: try feed(call, acting)
        case .control, .unknown: throw unknown(call)
        }
    }

    /// The client id that a request tells, believed without proof.
    private func app(of call: Call) -> String {
        switch call.operation {
        case .token, .deviceCode: return (call.field("client_id") ?? "").lowercased()
        case .adminConsent: return (call.query("client_id") ?? "").lowercased()
        default: break
        }
        return call.token.flatMap { AccessToken($0, key: tokenKey)?.app } ?? ""
    }

    private func blob(of call: Call) -> (index: Int, created: Timestamp)? {
        guard call.operation == .fetch, let parts = Blob.parts(ofID: call.rest),
            let blob = series(call.tenant, parts.type)?.blob(parts.index)
        else { return nil }
        return (blob.index, blob.created)
    }

    private func delay(_ call: Call, _ tenant: Scenario.Tenant?) -> Duration {
        if let own = tenant?.latency { return own }
        return call.operation == .fetch && knobs.blobLatency > .zero ? knobs.blobLatency : knobs.latency
    }

    private func unknown(_ call: Call) -> Refusal {
        Refusal(
            response: .feed(
                [
                    "Message": .string(
                        "No HTTP resource was found that matches the request URI '\(call.request.path)'."
                    )
                ],
                status: 404
            )
        )
    }

    func guid() -> String { random.guid() }
}

/// What requests without a publisher count for.
let noPublisher = "00000000-0000-0000-0000-000000000000"

extension BlobSeries {
    /// Puts what a scenario or a control names at its place; a file becomes as many blobs as it takes.
    @discardableResult
    mutating func place(_ placed: Scenario.PlacedBlob, start: Timestamp) -> [Int] {
        let created = placed.created.instant(start: start)
        let visible = placed.visible?.instant(start: start)
        switch placed.content {
        case .generated(let count):
            return [place(created: created, visible: visible, .generated(count: count, again: nil))]
        case .lines(let lines): return [place(created: created, visible: visible, .lines(lines))]
        case .body(let bytes): return [place(created: created, visible: visible, .body(bytes))]
        case .file(let path, let perBlob, let every):
            let lines = (try? LineFile.lines(path)) ?? []
            return stride(from: 0, to: lines.count, by: max(1, perBlob)).enumerated().map { number, first in
                let part = Array(lines[first..<min(first + max(1, perBlob), lines.count)])
                return place(created: created + every * number, visible: visible, .lines(part))
            }
        }
    }
}
