// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

/// Makes the bytes of items: the same ones for the same seed, tenant, feed and place.
struct ItemGenerator: Sendable {
    /// How an answer writes its items.
    struct Form: Sendable {
        /// With the members that only the newer version of Graph has.
        var beta = false
        /// With names of states as the older documentation writes them, `ServiceOperational`.
        var capitals = false
    }

    let tenant: String
    let domain: String
    /// The name of its organization at a service that is not Microsoft's.
    let organization: String
    var form = Form()

    init(_ tenant: Scenario.Tenant, form: Form = Form()) {
        self.tenant = tenant.id
        domain = tenant.domain
        organization = tenant.github?.name ?? String(tenant.domain.prefix { $0 != "." })
        self.form = form
    }

    /// The number of its organization.
    var organizationNumber: Int {
        var random = SeededRandom(seed: 0x6f72_6773, tenant)
        return 1_000_000 + random.below(9_000_000)
    }

    /// The bytes of an item: those given, or generated ones.
    func bytes(_ item: Item) -> [UInt8] {
        if let body = item.body { return body }
        return Array(text(item).utf8)
    }

    private func text(_ item: Item) -> String {
        var random = SeededRandom(seed: item.seed, "item", tenant, item.feed.rawValue, number: item.index)
        switch item.feed {
        case .signIns, .nonInteractiveSignIns, .servicePrincipalSignIns, .managedIdentitySignIns:
            return signIn(item, &random)
        case .directoryAudits: return directoryAudit(item, &random)
        case .provisioning: return provisioning(item, &random)
        case .riskDetections: return riskDetection(item, &random)
        case .riskyUsers: return riskyUser(item, &random)
        case .healthOverviews: return healthOverview(item)
        case .issues: return issue(item, &random)
        case .messages: return message(item, &random)
        case .alerts: return alert(item, &random)
        case .incidents: return incident(item, &random)
        case .okta: return oktaEvent(item, &random)
        case .github: return gitHubEvent(item, &random)
        }
    }

    /// A name of a state, as the form writes it.
    func state(_ name: String) -> String {
        form.capitals ? name.prefix(1).uppercased() + name.dropFirst() : name
    }

    /// One of the tenant's people.
    func person(_ random: inout SeededRandom) -> Person {
        let index = random.below(Self.people.count)
        let (first, last) = Self.people[index]
        var own = SeededRandom(seed: 0x7065_6f70, tenant, number: index)
        return Person(first: first, last: last, domain: domain, id: own.guid())
    }

    /// Somebody who signs in.
    struct Person {
        let first: String
        let last: String
        let domain: String
        let id: String
        var name: String { "\(first) \(last)" }
        var address: String { "\(first).\(last)@\(domain)".lowercased() }
    }

    static func pick<Element>(_ choices: [Element], _ random: inout SeededRandom) -> Element {
        choices[random.below(choices.count)]
    }

    /// A number of exactly so many digits.
    static func digits(_ count: Int, _ random: inout SeededRandom) -> String {
        (0..<count).reduce(into: "") { text, place in
            text += String(place == 0 ? 1 + random.below(9) : random.below(10))
        }
    }

    /// So many hexadecimal digits.
    static func hex(_ count: Int, _ random: inout SeededRandom) -> String {
        var text = ""
        while text.utf8.count < count { text += random.guid().filter { $0 != "-" } }
        return String(text.prefix(count))
    }

    static func address(_ random: inout SeededRandom) -> String {
        "\(pick(["198.51.100", "203.0.113", "192.0.2"], &random)).\(random.below(254) + 1)"
    }

    static let people: [(String, String)] = [
        ("Ada", "Berg"), ("Bilal", "Kaya"), ("Chiara", "Rossi"), ("Dmitri", "Volkov"), ("Emeka", "Obi"),
        ("Freya", "Lund"), ("Goro", "Tanaka"), ("Hana", "Novak"), ("Ines", "Moreau"), ("Jonas", "Keller"),
        ("Kavya", "Rao"), ("Liam", "Byrne"), ("Mei", "Chen"), ("Nadia", "Haddad"), ("Oskar", "Nowak"),
        ("Priya", "Nair"),
    ]

    static let places: [(city: String, state: String, country: String, north: String, east: String)] = [
        ("Oslo", "Oslo", "NO", "59.91273", "10.74609"), ("Utrecht", "Utrecht", "NL", "52.09083", "5.12222"),
        ("Porto", "Porto", "PT", "41.14961", "-8.61099"),
        ("Nairobi", "Nairobi", "KE", "-1.28333", "36.81667"),
        ("Austin", "Texas", "US", "30.26715", "-97.74306"), ("Osaka", "Osaka", "JP", "34.69374", "135.50218"),
    ]
}
