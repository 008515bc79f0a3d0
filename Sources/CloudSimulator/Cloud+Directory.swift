// SPDX-License-Identifier: Apache-2.0
import Basics
import Crypto
import HTTPServer
import JSON

/// What Graph tells of the tenant itself: who it is, what it is licensed for, and what was granted in it.
extension Cloud {
    /// Answers Graph outside its collections.
    func directory(_ call: Call) throws(Refusal) -> Response {
        let (token, record) = try graphAccess(call)
        let path = call.graphPath
        let first = path.first?.lowercased() ?? ""
        switch (call.request.method, path.joined(separator: "/").lowercased()) {
        case ("GET", "organization"):
            try need(token, ["Organization.Read.All", "Directory.Read.All"], call)
            return graph(["value": [organization(record)]], call)
        case ("GET", "subscribedskus"):
            try need(
                token,
                ["LicenseAssignment.Read.All", "Organization.Read.All", "Directory.Read.All"],
                call
            )
            return graph(["value": .array(subscribed(record))], call)
        case ("POST", "security/auditlog/queries"):
            try need(token, ["AuditLogsQuery.Read.All"], call)
            return try search(call, record)
        case ("GET", _) where first.hasPrefix("serviceprincipals"):
            try need(token, ["Application.Read.All", "Directory.Read.All"], call)
            return try principals(call, record)
        default: throw notFound(call)
        }
    }

    private func need(_ token: AccessToken, _ roles: [String], _ call: Call) throws(Refusal) {
        if Set(roles).isDisjoint(with: token.roles) { throw deniedByGraph(call) }
    }

    private func organization(_ record: TenantRecord) -> Value {
        let facts = record.facts
        let domains: [Value] = facts.domains.enumerated().map { index, name in
            [
                "capabilities": "Email, OfficeCommunicationsOnline", "name": .string(name),
                "isInitial": .bool(index == 0), "isDefault": .bool(index == 0), "type": "Managed",
            ]
        }
        let plans: [Value] = record.plans.map { plan in
            [
                "assignedDateTime": "2024-02-01T00:00:00Z", "capabilityStatus": "Enabled",
                "service": plan.hasPrefix("AAD") ? "AADPremiumService" : "exchange",
                "servicePlanId": .string(Self.planID(plan)),
            ]
        }
        return [
            "id": .string(facts.id), "displayName": .string(facts.domain), "countryLetterCode": "NO",
            "tenantType": "AAD", "verifiedDomains": .array(domains), "assignedPlans": .array(plans),
        ]
    }

    private func subscribed(_ record: TenantRecord) -> [Value] {
        guard record.facts.licensed else { return [] }
        let plans: [Value] = record.plans.map { plan in
            [
                "servicePlanId": .string(Self.planID(plan)), "servicePlanName": .string(plan),
                "provisioningStatus": "Success", "appliesTo": "User",
            ]
        }
        var random = SeededRandom(seed: 0x736b_7573, "sku", record.facts.id)
        let sku = random.guid()
        return [
            [
                "id": .string("\(record.facts.id)_\(sku)"), "skuId": .string(sku), "skuPartNumber": "SPE_E5",
                "capabilityStatus": "Enabled", "appliesTo": "User", "consumedUnits": 14,
                "prepaidUnits": ["enabled": 25, "suspended": 0, "warning": 0, "lockedOut": 0],
                "servicePlans": .array(plans),
            ]
        ]
    }

    /// The id of a service plan.
    private static func planID(_ name: String) -> String {
        switch name {
        case "AAD_PREMIUM": return "41781fb2-bc02-4b7c-bd55-b576c07bb09d"
        case "AAD_PREMIUM_P2": return "eec0eb4f-6444-4f95-aba0-50c24d67f998"
        case "EXCHANGE_S_ENTERPRISE": return "efb87545-963c-4e0d-99df-69c6916d9eb0"
        default:
            var random = SeededRandom(seed: 0x706c_616e, name)
            return random.guid()
        }
    }

    /// The search over the audit log, whose error tells that auditing is off.
    private func search(_ call: Call, _ record: TenantRecord) throws(Refusal) -> Response {
        guard let body = try? Value(parsing: call.request.body), body.objectValue != nil else {
            throw badRequest("Unable to read JSON request payload.", call)
        }
        guard record.auditing(at: now).on else {
            let nested: Value = ["Status": "AuditingDisabledTenant"]
            throw graph(400, "UnknownError", nested.text(), call)
        }
        return graph(
            [
                "id": .string(guid()), "displayName": body["displayName"] ?? "",
                "filterStartDateTime": body["filterStartDateTime"] ?? .null,
                "filterEndDateTime": body["filterEndDateTime"] ?? .null,
                "recordTypeFilters": body["recordTypeFilters"] ?? [], "status": "notStarted",
            ],
            call,
            status: 201
        )
    }

    // MARK: Service principals

    /// A service principal of a tenant.
    private struct Principal {
        var id: String
        var app: String
        var name: String
        var offers: [AppRole] = []
        /// The permissions granted to it.
        var holds: [String] = []
        var isEnabled = true
    }

    private func principals(_ call: Call, _ record: TenantRecord) throws(Refusal) -> Response {
        let all = allPrincipals(record.facts)
        let path = call.graphPath
        let context = "\(bases.published)/graph/\(call.graphVersion)/$metadata#servicePrincipals"
        var chosen: String?
        if let open = path[0].firstIndex(of: "(") {
            let key = path[0][open...].dropFirst().prefix { $0 != ")" }
            guard key.lowercased().hasPrefix("appid='"), key.hasSuffix("'") else { throw notFound(call) }
            let app = key.dropFirst(7).dropLast().lowercased()
            chosen = all.first { $0.app == app }?.id ?? app
        } else if path.count > 1 {
            chosen = path[1].lowercased()
        }
        guard let chosen else {
            return graph(
                [
                    "@odata.context": .string(context),
                    "value": .array(try filtered(all, call).map { principal($0, call) }),
                ],
                call
            )
        }
        guard let found = all.first(where: { $0.id == chosen }) else {
            throw graph(
                404,
                "Request_ResourceNotFound",
                "Resource '\(chosen)' does not exist or one of its queried reference-property objects are not present.",
                call
            )
        }
        switch path.last?.lowercased() ?? "" {
        case "approleassignments":
            return graph(
                [
                    "@odata.context": .string("\(bases.published)/graph/v1.0/$metadata#appRoleAssignments"),
                    "value": .array(found.holds.compactMap { assignment($0, to: found, all) }),
                ],
                call
            )
        case let last where last == chosen || last.hasPrefix("serviceprincipals("):
            return graph(principal(found, call), call)
        default: throw notFound(call)
        }
    }

    private func filtered(_ all: [Principal], _ call: Call) throws(Refusal) -> [Principal] {
        guard let text = call.query("$filter") else { return all }
        guard let filter = Filter(text), filter.terms.allSatisfy({ $0.comparison == .eq && $0.quoted }) else {
            throw graph(400, "Request_UnsupportedQuery", "Unsupported or invalid query filter clause.", call)
        }
        return all.filter { filter.matches(["appId": .string($0.app), "id": .string($0.id)]) }
    }

    private func allPrincipals(_ tenant: Scenario.Tenant) -> [Principal] {
        var all: [Principal] = AppRole.resources
            .filter { $0.service != "manage" || tenant.hasService }
            .map { service, app, name in
                Principal(
                    id: principalID(app, tenant.id),
                    app: app,
                    name: name,
                    offers: AppRole.known.filter { $0.service == service },
                    isEnabled: service != "manage" || tenant.licensed
                )
            }
        for app in apps.values.sorted(by: { $0.id < $1.id }) {
            guard let granted = roles(app, tenant: tenant.id) else { continue }
            all.append(
                Principal(
                    id: principalID(app.id, tenant.id),
                    app: app.id,
                    name: "Collector \(app.id.prefix(8))",
                    holds: granted,
                    isEnabled: !app.disabled
                )
            )
        }
        return all
    }

    /// The object id that an app has in a tenant.
    func principalID(_ app: String, _ tenant: String) -> String {
        var random = SeededRandom(seed: scenario.seed, "principal", app, tenant)
        return random.guid()
    }

    private func principal(_ one: Principal, _ call: Call) -> Value {
        var object = Object([
            ("id", .string(one.id)), ("appId", .string(one.app)), ("displayName", .string(one.name)),
            ("accountEnabled", .bool(one.isEnabled)), ("servicePrincipalType", "Application"),
            ("appRoles", .array(one.offers.map(\.offered))),
        ])
        if let text = call.query("$select") {
            let wanted = Set(text.split(separator: ",").map(String.init))
            object = Object(object.filter { wanted.contains($0.key) }.map { ($0.key, $0.value) })
        }
        return .object(object)
    }

    private func assignment(_ role: String, to one: Principal, _ all: [Principal]) -> Value? {
        let service = Self.service(of: role)
        guard let app = AppRole.resources.first(where: { $0.service == service })?.app,
            let resource = all.first(where: { $0.app == app })
        else { return nil }
        let id = AppRole.id(of: role)
        return [
            "id": .string(Base64.encodeURL(Array(Digest.sha256(Array((one.id + id).utf8)).prefix(24)))),
            "deletedDateTime": .null, "appRoleId": .string(id),
            "createdDateTime": "2026-05-04T08:12:31.1130741Z",
            "principalDisplayName": .string(one.name), "principalId": .string(one.id),
            "principalType": "ServicePrincipal", "resourceDisplayName": .string(resource.name),
            "resourceId": .string(resource.id),
        ]
    }
}
