// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPServer
import JSON

/// What Graph tells of the tenant itself: who it is, what it is licensed for, and what was granted in it.
extension Cloud {
    /// Answers Graph outside its collections.
    func directory(_ call: Call) throws(Refusal) -> Response {
        let (token, record) = try graphAccess(call)
        let path = call.graphPath
        switch path.first?.prefix(while: { $0 != "(" }).lowercased() {
        case "applications": return try applications(call, token, record)
        case "serviceprincipals": return try principals(call, token, record)
        default: break
        }
        switch (call.request.method, path.joined(separator: "/").lowercased()) {
        case ("GET", "organization"):
            // One who signed in may see the basics of their own tenant.
            try need(token, ["Organization.Read.All", "Directory.Read.All", "User.Read"], call)
            guard case .object(let found) = organization(record) else { throw notFound(call) }
            return listed([found], "organization", call)
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
        default: throw notFound(call)
        }
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
        let body = try body(call)
        guard askAuditing(record).on else {
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

    // MARK: Whatever is listed

    /// The body of a request, which must be an object.
    func body(_ call: Call) throws(Refusal) -> Object {
        guard let body = (try? Value(parsing: call.request.body))?.objectValue else {
            throw badRequest("Unable to read JSON request payload.", call)
        }
        return body
    }

    /// Those of some objects that the filter of a request lets through.
    func filtered(_ all: [Object], _ call: Call) throws(Refusal) -> [Object] {
        guard let text = call.query("$filter") else { return all }
        let known = ["appId", "id", "displayName", "tags"]
        guard let filter = Filter(text),
            filter.terms.allSatisfy({ term in
                let fits = term.property == "tags" ? term.comparison == .element : term.comparison != .element
                return fits && term.quoted && known.contains(term.property)
            })
        else {
            throw graph(400, "Request_UnsupportedQuery", "Unsupported or invalid query filter clause.", call)
        }
        return all.filter { filter.matches(.object($0)) }
    }

    /// An object with no more than the members that a request selects.
    func selected(_ object: Object, _ call: Call) -> Value {
        guard let text = call.query("$select") else { return .object(object) }
        let wanted = Set(text.split(separator: ",").map { $0.filter { $0 != " " } })
        return .object(Object(object.filter { wanted.contains($0.key) }.map { ($0.key, $0.value) }))
    }

    /// A collection as Graph answers it.
    func listed(_ all: [Object], _ name: String, _ call: Call) -> Response {
        let most = call.query("$top").flatMap { Int($0) } ?? all.count
        let context = "\(bases.published)/graph/\(call.graphVersion)/$metadata#\(name)"
        return graph(
            [
                "@odata.context": .string(context),
                "value": .array(all.prefix(max(0, most)).map { selected($0, call) }),
            ],
            call
        )
    }

    /// What Graph answers for an object that is not there.
    func absent(_ id: String, _ call: Call) -> Refusal {
        graph(
            404,
            "Request_ResourceNotFound",
            "Resource '\(id)' does not exist or one of its queried reference-property objects are not present.",
            call
        )
    }

    /// What Graph answers where something was done and there is nothing to say.
    func done(_ call: Call) -> Response {
        Response(status: 204, headers: graphHeaders(call).filter { $0.name != "Content-Type" })
    }
}
