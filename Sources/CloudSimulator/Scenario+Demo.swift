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
}
