// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPServer
import JSON

/// The little that stands of the services beside the feed.
extension Cloud {
    /// Exchange: the one cmdlet that tells whether auditing is on.
    func exchange(_ call: Call) throws(Refusal) -> Response {
        let token = try bearer(call, service: "exchange")
        guard token.tenant == call.tenant, let record = record(call.tenant) else { throw .denied }
        guard token.roles.contains("Exchange.ManageAsApp") else {
            throw .odata(
                403,
                "UnauthorizedAccess",
                "The role assigned to application isn't supported in this scenario."
            )
        }
        let body = (try? Value(parsing: call.request.body)) ?? .null
        guard call.request.method == "POST", call.rest.lowercased() == "invokecommand",
            body["CmdletInput"]?["CmdletName"]?.stringValue?.lowercased() == "get-adminauditlogconfig"
        else { throw .odata(404, "NotFound", "The cmdlet is not part of the simulated cloud.") }
        let answer: Value = [
            "@odata.context": .string("\(bases.published)/exchange/adminapi/beta/\(call.tenant)/$metadata"),
            "@adminapi.warnings": [],
            "value": [
                [
                    "AdminAuditLogEnabled": true,
                    "UnifiedAuditLogIngestionEnabled": .bool(record.auditing(at: now).on),
                    "UnifiedAuditLogFirstOptInDate": "2021-04-13T15:16:51Z",
                    "Name": "Admin Audit Log Settings",
                    "Identity": "Admin Audit Log Settings", "IsValid": true, "ObjectState": "Changed",
                ]
            ],
        ]
        return odata(answer)
    }

    /// Graph: who the tenant is, what it is licensed for, and the audit search's telling error.
    func graph(_ call: Call) throws(Refusal) -> Response {
        guard let token = try? bearer(call, service: "graph"), let record = record(token.tenant) else {
            throw .odata(401, "InvalidAuthenticationToken", "Access token is empty or not valid.")
        }
        let facts = record.facts
        switch (
            call.request.method,
            call.rest.split(separator: "/").dropFirst().joined(separator: "/").lowercased()
        ) {
        case ("GET", "organization"):
            try need(token, ["Organization.Read.All", "Directory.Read.All"])
            let domains: [Value] = facts.domains.enumerated().map { index, name in
                [
                    "name": .string(name), "isInitial": .bool(index == 0), "isDefault": .bool(index == 0),
                    "type": "Managed",
                ]
            }
            let plan: Value = ["capabilityStatus": "Enabled", "service": "exchange"]
            return odata([
                "value": [
                    [
                        "id": .string(facts.id), "displayName": .string(facts.domain),
                        "verifiedDomains": .array(domains), "assignedPlans": facts.licensed ? [plan] : [],
                    ]
                ]
            ])
        case ("GET", "subscribedskus"):
            try need(token, ["Organization.Read.All", "Directory.Read.All"])
            let plans: Value = [
                ["servicePlanName": "EXCHANGE_S_ENTERPRISE", "provisioningStatus": "Success"]
            ]
            let sku: Value = [
                "skuPartNumber": "SPE_E5", "capabilityStatus": "Enabled", "servicePlans": plans,
            ]
            return odata(["value": facts.licensed ? [sku] : []])
        case ("POST", "security/auditlog/queries"):
            try need(token, ["AuditLogsQuery.Read.All"])
            guard record.auditing(at: now).on else {
                let nested: Value = ["Status": "AuditingDisabledTenant"]
                throw .odata(400, "UnknownError", nested.text())
            }
            return odata(["id": .string(guid()), "status": "notStarted"], status: 201)
        default: throw .odata(404, "NotFound", "Resource not found for the segment in the simulated cloud.")
        }
    }

    private func need(_ token: AccessToken, _ roles: [String]) throws(Refusal) {
        guard Set(roles).isDisjoint(with: token.roles) else { return }
        throw .odata(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    }

    private func odata(_ value: Value, status: Int = 200) -> Response {
        Response(
            status: status,
            headers: [("Content-Type", "application/json;odata.metadata=minimal")],
            body: value.bytes()
        )
    }
}
