// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import HTTPClient
import JSON
import Testing

extension Lab {
    /// Every permission that reading Graph's collections needs.
    static let readers = [
        "AuditLog.Read.All", "IdentityRiskEvent.Read.All", "IdentityRiskyUser.Read.All",
        "ServiceHealth.Read.All", "ServiceMessage.Read.All", "SecurityAlert.Read.All",
        "SecurityIncident.Read.All", "Organization.Read.All", "Application.Read.All",
    ]

    /// A cloud whose one tenant holds items, without quotas unless `change` sets them.
    static func withItems(_ change: (inout Scenario) -> Void = { _ in }) async throws -> Lab {
        try await Lab { scenario in
            scenario.apps[0].roles[Self.tenant] = readers
            scenario.knobs.reportRequests = 0
            scenario.knobs.riskRequests = 0
            change(&scenario)
        }
    }

    func graphToken() async throws -> String { try await token(service: "https://graph.microsoft.com") }

    /// An address of Graph with query options; spaces and quotation marks are escaped.
    static func graph(_ path: String, _ options: [(String, String)] = []) -> String {
        let query = options.map { name, value in
            let text = value.map { character in
                switch character {
                case " ": "%20"
                case "'": "%27"
                case ":": "%3A"
                default: String(character)
                }
            }
            return name + "=" + text.joined()
        }
        return "/graph/" + path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }

    /// All pages from an address on, following next links.
    func pages(_ path: String, token: String, atMost: Int = 60) async throws -> [Answer] {
        var pages: [Answer] = []
        var next: String? = path
        while let address = next, pages.count < atMost {
            let page = try await get(address, token: token)
            try #require(page.status == 200, "\(page.text.prefix(400))")
            pages.append(page)
            next = page.json["@odata.nextLink"]?.stringValue
        }
        return pages
    }

    /// The ids of everything on some pages.
    static func ids(_ pages: [Answer]) -> [String] {
        pages.flatMap { $0.json["value"]?.arrayValue ?? [] }.compactMap { $0["id"]?.stringValue }
    }

    /// An instant relative to now, as a filter tells it.
    func moment(_ distance: Duration) -> String { (simulator.clock.now + distance).millisecondsText }

    /// The ids that the simulator says it holds.
    func held(_ feed: Feed) async -> [String] {
        await simulator.items(tenant: Self.tenant, feed: feed).map(\.id)
    }
}
