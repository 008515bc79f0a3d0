// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

/// What the simulated cloud knows of one tenant now.
struct TenantRecord: Sendable {
    /// One subscription of one app.
    struct Subscription: Sendable {
        var enabled: Bool
        /// From when content is kept for it.
        var since: Timestamp
        /// From when its content shows.
        var showsFrom: Timestamp
        var webhook: Webhook?
    }

    /// Where notifications would be sent.
    struct Webhook: Sendable, Equatable {
        var address: String
        var authID: String
        var expiration: Timestamp?

        func value(now: Timestamp) -> Value {
            let expired = expiration.map { $0 <= now } ?? false
            return [
                "status": expired ? "expired" : "enabled", "address": .string(address),
                "authId": .string(authID),
                "expiration": expiration.map { .string($0.millisecondsText) } ?? .null,
            ]
        }
    }

    /// From an instant on auditing is on or off.
    struct Auditing: Sendable {
        var from: Timestamp
        var on: Bool
        var answers: Scenario.AuditingChange.Silence
        /// When somebody chose so, which shows before it acts.
        var chosen: Timestamp
    }

    struct Key: Hashable, Sendable {
        var app: String
        var type: ContentType
    }

    let facts: Scenario.Tenant
    var auditing: [Auditing]
    /// How many more are told that auditing is off before it comes on by itself.
    var auditingPolls: Int?
    var subscriptions: [Key: Subscription] = [:]
    /// When a subscription was last asked to start; the type is left out where a tenant's types count together.
    var starts: [String: Timestamp] = [:]
    var series: [ContentType: BlobSeries] = [:]
    var feeds: [Feed: ItemSeries] = [:]
    /// What was made or changed here to stand for an app, by client id.
    var principals: [String: ServicePrincipal] = [:]
    /// The apps that nothing stands for here any more.
    var withoutPrincipal: Set<String> = []
    /// The service plans it holds, if they were changed.
    var changedPlans: [String]?
    /// Requests in the present minute of real time.
    var minute: Int64 = 0
    var requests = 0

    init(_ facts: Scenario.Tenant, start: Timestamp, knobs: Scenario.Knobs) {
        self.facts = facts
        auditing = []
        auditingPolls = facts.auditing.last?.onAfterPolls
        for change in facts.auditing {
            // Since ever needs no delay; a switch at an instant takes its time to work.
            guard let at = change.at?.instant(start: start) else {
                let ever = Timestamp(nanoseconds: .min)
                auditing.append(Auditing(from: ever, on: change.on, answers: change.answers, chosen: ever))
                continue
            }
            switchAuditing(change.on, at: at, answers: change.answers, delay: knobs.auditingDelay)
        }
    }

    /// The service plans it holds now.
    var plans: [String] { facts.licensed ? changedPlans ?? facts.plans : [] }

    /// How long sign-ins and directory audits are kept.
    var reportRetention: Duration {
        .days(plans.contains { $0 == "AAD_PREMIUM" || $0 == "AAD_PREMIUM_P2" } ? 30 : 7)
    }

    /// Switches auditing at an instant; what was switched before and would work only later never does.
    mutating func switchAuditing(
        _ on: Bool,
        at: Timestamp,
        answers: Scenario.AuditingChange.Silence,
        delay: Duration
    ) {
        auditing.removeAll { $0.from >= at }
        auditing.append(Auditing(from: on ? at + delay : at, on: on, answers: answers, chosen: at))
    }

    /// How auditing stands at `instant`; on if nothing is said.
    func auditing(at instant: Timestamp) -> Auditing {
        if let last = auditing.last(where: { $0.from <= instant }) { return last }
        // Before the first switch it stood the other way round.
        let ever = Timestamp(nanoseconds: .min)
        return Auditing(
            from: ever,
            on: auditing.first.map { !$0.on } ?? true,
            answers: .errors,
            chosen: ever
        )
    }

    /// Whether auditing is chosen to be on at `instant`, whether it acts already or not.
    func choosesAuditing(at instant: Timestamp) -> Bool {
        auditing.last { $0.chosen <= instant }?.on ?? auditing(at: instant).on
    }

    /// How auditing stands to one who asks for it; asking brings it on where the scenario counts that.
    mutating func askAuditing(at now: Timestamp) -> Auditing {
        let found = auditing(at: now)
        guard !found.on, let left = auditingPolls else { return found }
        guard left == 0 else {
            auditingPolls = left - 1
            return found
        }
        auditingPolls = nil
        switchAuditing(true, at: now, answers: found.answers, delay: .zero)
        return auditing(at: now)
    }

    /// The subscription of `app` to `type`, also one that the scenario gave to every app.
    func subscription(_ app: String, _ type: ContentType, start: Timestamp) -> Subscription? {
        if let own = subscriptions[Key(app: app, type: type)] { return own }
        guard
            let given = facts.subscriptions.first(where: {
                $0.type == type && ($0.app == nil || $0.app == app)
            })
        else { return nil }
        let since = given.since.instant(start: start)
        return Subscription(enabled: given.enabled, since: since, showsFrom: since, webhook: nil)
    }

    /// Counts a request and answers whether it is one too many.
    mutating func exceeds(_ limit: Int, real: Timestamp) -> Bool {
        let minute = real.seconds / 60
        if minute != self.minute { (self.minute, requests) = (minute, 0) }
        requests += 1
        return requests > limit
    }
}
