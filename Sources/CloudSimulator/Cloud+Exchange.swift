// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPServer
import JSON

/// Exchange: the one cmdlet that tells whether auditing is on.
extension Cloud {
    /// The directory roles that Exchange lets an app in with.
    private static let accepted: Set<String> = [
        "Compliance Administrator", "Exchange Administrator", "Exchange Recipient Administrator",
        "Global Administrator", "Global Reader", "Helpdesk Administrator", "Security Administrator",
        "Security Reader",
    ]

    /// Answers a cmdlet; a failure comes in a 200 where the scenario wants it so.
    func exchange(_ call: Call) throws(Refusal) -> Response {
        do throws(Refusal) {
            return try invoke(call)
        } catch {
            guard knobs.exchangeErrorsInside, error.response.status != 401 else { throw error }
            return Response(headers: error.response.headers, body: error.response.body)
        }
    }

    private func invoke(_ call: Call) throws(Refusal) -> Response {
        let token = try bearer(call, service: "exchange")
        guard token.tenant == call.tenant, let record = record(call.tenant),
            let app = registrations[token.app]
        else { throw .denied }
        let held = app.directoryRoles[call.tenant] ?? app.directoryRoles["*"] ?? []
        guard token.roles.contains("Exchange.ManageAsApp"), !Self.accepted.isDisjoint(with: held) else {
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
        // It tells what was chosen, which shows before it acts.
        let isOn = askAuditing(record).on || record.choosesAuditing(at: now)
        let all: Object = [
            "AdminAuditLogEnabled": true, "LogLevel": "None", "TestCmdletLoggingEnabled": false,
            "AdminAuditLogCmdlets": ["*"], "AdminAuditLogParameters": ["*"],
            "AdminAuditLogExcludedCmdlets": [], "AdminAuditLogAgeLimit": "90.00:00:00",
            "LoadBalancerCount": 3, "RefreshInterval": 10,
            "UnifiedAuditLogIngestionEnabled": .bool(isOn),
            "UnifiedAuditLogFirstOptInDate": "2021-04-13T15:16:51Z", "Name": "Admin Audit Log Settings",
            "Identity": "Admin Audit Log Settings", "IsValid": true, "ObjectState": "Changed",
        ]
        let wanted = call.query("$select").map { Set($0.split(separator: ",").map(String.init)) }
        let chosen = all.filter { wanted?.contains($0.key) ?? true }.map { ($0.key, $0.value) }
        let answer: Value = [
            "@odata.context": .string("\(bases.published)/exchange/adminapi/beta/\(call.tenant)/$metadata"),
            "@adminapi.warnings": [], "value": [.object(Object(chosen))],
        ]
        return Response(
            headers: [("Content-Type", "application/json;odata.metadata=minimal")],
            body: answer.bytes()
        )
    }
}
