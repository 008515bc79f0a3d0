// SPDX-License-Identifier: Apache-2.0
import Basics

extension Scenario {
    /// A tenant with its state and its content.
    package struct Tenant: Sendable {
        /// Its GUID.
        package var id: String
        /// Its domains, the first being its main one.
        package var domains: [String]
        /// Whether auditing is on, and when that changes; sorted by time, the first holding since ever.
        package var auditing: [AuditingChange] = [AuditingChange(on: true)]
        /// Whether it holds a license; without one no token for the feed is issued.
        package var licensed = true
        /// Whether the feed's service is known in it.
        package var hasService = true
        /// Its subscriptions at the start.
        package var subscriptions: [Subscribed] = []
        /// What each type holds.
        package var content: [ContentType: ContentPlan] = [:]
        /// The service plans it holds while licensed.
        package var plans = ["EXCHANGE_S_ENTERPRISE", "AAD_PREMIUM", "AAD_PREMIUM_P2"]
        /// What its feeds hold.
        package var feeds: [Feed: FeedPlan] = [:]
        /// Who signs in when a client asks them to.
        package var signIn: SignIn?
        /// Its organization at Okta.
        package var okta: Organization?
        /// Its organization at GitHub.
        package var github: Organization?
        /// How long after a start its first content shows, if not as everywhere.
        package var firstContentDelay: Duration?
        /// How long each of its answers takes, if not as everywhere.
        package var latency: Duration?
        /// Requests it may make in a minute, if not as everywhere.
        package var requestsPerMinute: Int?

        /// A tenant without subscriptions or content.
        package init(id: String, domain: String) {
            self.id = id.lowercased()
            domains = [domain]
        }

        /// Its main domain.
        package var domain: String { domains.first ?? id }
    }

    /// From an instant on auditing is on, or off in one of two ways.
    package struct AuditingChange: Sendable {
        /// What a tenant without auditing answers.
        package enum Silence: String, Sendable, CaseIterable { case errors, empty }
        /// Since when; `nil` is since ever.
        package var at: Moment?
        /// Whether it is on.
        package var on: Bool
        /// What is answered while off.
        package var answers: Silence
        /// While off: how many are told so before it is on after all.
        package var onAfterPolls: Int?

        /// A change at `at`.
        package init(at: Moment? = nil, on: Bool, answers: Silence = .errors, onAfterPolls: Int? = nil) {
            self.at = at
            self.on = on
            self.answers = answers
            self.onAfterPolls = onAfterPolls
        }
    }

    /// A subscription that is there at the start.
    package struct Subscribed: Sendable {
        /// The type.
        package var type: ContentType
        /// Whether it is enabled.
        package var enabled: Bool
        /// Since when.
        package var since: Moment
        /// Of which app; `nil` is every app.
        package var app: String?

        /// A subscription since a month ago unless told otherwise.
        package init(
            _ type: ContentType,
            enabled: Bool = true,
            since: Moment = .after(.days(-30)),
            app: String? = nil
        ) {
            self.type = type
            self.enabled = enabled
            self.since = since
            self.app = app
        }
    }

    /// What one type of one tenant holds.
    package struct ContentPlan: Sendable {
        /// Generated blobs.
        package var blobs: Int
        /// Events in each.
        package var eventsPerBlob: Int
        /// Over how long before the newest they were created.
        package var spread: Duration
        /// How long before the start the newest was created.
        package var newest: Duration
        /// Each so-many-th blob brings all records of the one before it again; 0 for never.
        package var repeatEvery = 0
        /// New blobs as time passes.
        package var live: Live?
        /// Blobs put at exact places.
        package var placed: [PlacedBlob] = []

        /// Generated blobs over the past.
        package init(
            blobs: Int = 0,
            eventsPerBlob: Int = 100,
            spread: Duration = .days(1),
            newest: Duration = .zero
        ) {
            self.blobs = blobs
            self.eventsPerBlob = eventsPerBlob
            self.spread = spread
            self.newest = newest
        }
    }

    /// New blobs as time passes.
    package struct Live: Sendable {
        /// The time between two.
        package var every: Duration
        /// Events in each.
        package var events: Int

        /// A blob of `events` every `every`.
        package init(every: Duration, events: Int) {
            self.every = every
            self.events = events
        }
    }

    /// A blob at an exact place.
    package struct PlacedBlob: Sendable {
        /// What it holds.
        package enum Content: Sendable {
            /// So many generated events.
            case generated(Int)
            /// These events, byte for byte.
            case lines([[UInt8]])
            /// This body, byte for byte.
            case body([UInt8])
            /// The lines of an NDJSON file, `perBlob` in each of as many blobs as it takes, `every` apart.
            case file(path: String, perBlob: Int, every: Duration)
        }
        /// When it says it was created.
        package var created: Moment
        /// When it can first be seen, if later.
        package var visible: Moment?
        /// What it holds.
        package var content: Content

        /// A blob created at `created`.
        package init(created: Moment, visible: Moment? = nil, _ content: Content) {
            self.created = created
            self.visible = visible
            self.content = content
        }
    }

    /// Many alike tenants, made as they are asked for.
    package struct Fleet: Sendable {
        /// How many.
        package var count: Int
        /// What their domains begin with.
        package var prefix: String
        /// The app they all consented to.
        package var app: String
        /// The roles it has there.
        package var roles: [String]
        /// The types they are subscribed to.
        package var subscriptions: [ContentType]
        /// What each holds.
        package var content: [ContentType: ContentPlan] = [:]

        /// A fleet of tenants that are subscribed to everything and hold nothing.
        package init(
            count: Int,
            prefix: String,
            app: String,
            roles: [String] = ["ActivityFeed.Read", "ActivityFeed.ReadDlp"],
            subscriptions: [ContentType] = ContentType.allCases
        ) {
            self.count = count
            self.prefix = prefix
            self.app = app.lowercased()
            self.roles = roles
            self.subscriptions = subscriptions
        }

        /// The GUID of the tenant at `index`.
        package func id(_ index: Int) -> String {
            let hex = String(index, radix: 16)
            return "f1ee7000-0000-4000-8000-" + String(repeating: "0", count: max(0, 12 - hex.count)) + hex
        }

        /// The domain of the tenant at `index`.
        package func domain(_ index: Int) -> String { "\(prefix)\(index).example" }

        /// The tenant that a GUID or a domain names.
        func tenant(_ name: String) -> Tenant? {
            var index: Int?
            if name.hasPrefix("f1ee7000-0000-4000-8000-") {
                index = Int(name.dropFirst(24), radix: 16)
            } else if name.hasPrefix(prefix), name.hasSuffix(".example") {
                index = Int(name.dropFirst(prefix.count).dropLast(8))
            }
            guard let index, (0..<count).contains(index) else { return nil }
            var tenant = Tenant(id: id(index), domain: domain(index))
            tenant.subscriptions = subscriptions.map { Subscribed($0) }
            tenant.content = content
            return tenant
        }
    }
}
