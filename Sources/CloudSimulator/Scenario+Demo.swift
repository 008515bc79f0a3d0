// SPDX-License-Identifier: Apache-2.0
import Basics

extension Scenario {
    /// The cloud of the demonstration: six customers, one of them well and five with a trouble each.
    ///
    /// One app of the service provider is known in all tenants; customers differ in what is wrong around it.
    package static let demo: Scenario = {
        let app = "5f3c1b52-6a0e-4b7d-9c1f-2f60f1c7a001"
        let secret = "sim8Q~Lantern.Harbour_Willow-4f2b9c7d1e"
        var scenario = Scenario()
        scenario.seed = 20_261_121
        scenario.knobs.auditingDelay = .minutes(60)
        let full = ["ActivityFeed.Read", "ActivityFeed.ReadDlp", "ServiceHealth.Read"]
        let customers: [(id: String, name: String, number: Int, note: String)] = [
            ("contoso", "Contoso", 1, "all is well, content of a day and new content all the time"),
            ("fabrikam", "Fabrikam", 2, "the secret is wrong"),
            ("northwind", "Northwind Traders", 3, "auditing is switched off"),
            ("adventure", "Adventure Works", 4, "the permission for DLP.All is missing"),
            ("tailspin", "Tailspin Toys", 5, "subscribed long ago, answers slowly"),
            ("woodgrove", "Woodgrove Bank", 6, "never subscribed, first content comes after a while"),
        ]
        var registration = App(id: app, secret: secret)
        for customer in customers {
            let id = "c0ffee00-0000-4000-8000-00000000000\(customer.number)"
            var tenant = Tenant(id: id, domain: "\(customer.id).onmicrosoft.com")
            tenant.domains.append("\(customer.id).example")
            let live = Live(every: .seconds(5 + 2 * customer.number), events: 4)
            tenant.subscriptions = ContentType.allCases.map { Subscribed($0) }
            tenant.content = Scenario.content(
                events: 2_000,
                eventsPerBlob: 25,
                newest: .minutes(2),
                live: live
            )
            tenant.content[.dlp] = ContentPlan(blobs: 2, eventsPerBlob: 3)
            tenant.content[.dlp]?.live = Live(every: .seconds(45), events: 1)
            switch customer.id {
            case "contoso": tenant.feeds = demoFeeds
            case "northwind":
                tenant.auditing = [AuditingChange(on: false)]
                tenant.subscriptions = []
            case "tailspin": tenant.latency = .milliseconds(400)
            case "woodgrove":
                tenant.subscriptions = []
                tenant.firstContentDelay = .minutes(2)
            default: break
            }
            registration.roles[id] =
                customer.id == "adventure" ? ["ActivityFeed.Read", "ServiceHealth.Read"] : full
            // Only the healthy one let the app read more than the activity feed.
            if customer.id == "contoso" {
                registration.roles[id]? += [
                    "AuditLog.Read.All", "ServiceHealth.Read.All", "ServiceMessage.Read.All",
                    "Organization.Read.All",
                ]
            }
            scenario.tenants.append(tenant)
            scenario.customers.append(
                Customer(
                    id: customer.id,
                    name: customer.name,
                    tenant: id,
                    app: app,
                    secret: customer.id == "fabrikam" ? "sim8Q~Lantern.Harbour_Willow-000000000f" : secret,
                    note: customer.note
                )
            )
        }
        scenario.apps = [registration]
        return scenario
    }()

    /// What the healthy customer has besides the activity feed.
    private static var demoFeeds: [Feed: FeedPlan] {
        var feeds: [Feed: FeedPlan] = [:]
        let busy: [(feed: Feed, items: Int, every: Duration)] = [
            (.signIns, 600, .seconds(11)), (.nonInteractiveSignIns, 1_500, .seconds(5)),
            (.servicePrincipalSignIns, 300, .seconds(30)), (.managedIdentitySignIns, 100, .seconds(60)),
            (.directoryAudits, 120, .seconds(45)),
        ]
        for (feed, items, every) in busy {
            var plan = FeedPlan(items: items, newest: .minutes(2))
            plan.live = Live(every: every, events: 1)
            plan.late = Lateness(every: 50, by: .minutes(20))
            feeds[feed] = plan
        }
        var health = FeedPlan(items: ItemGenerator.serviceCount)
        health.changes = [.after(.minutes(4)), .after(.minutes(9))]
        health.changing = ItemGenerator.serviceCount
        feeds[.healthOverviews] = health
        var issues = FeedPlan(items: 6, spread: .days(5), newest: .hours(3))
        issues.changes = [.after(.minutes(4)), .after(.minutes(9))]
        issues.changing = 6
        feeds[.issues] = issues
        feeds[.messages] = FeedPlan(items: 40, spread: .days(30), newest: .hours(6))
        return feeds
    }
}
