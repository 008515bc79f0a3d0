// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPServer
import JSON

/// What all of Graph has in common: tokens, errors, headers, quotas and licenses.
extension Cloud {
    /// The token of a request and the tenant it is for.
    func graphAccess(_ call: Call) throws(Refusal) -> (token: AccessToken, record: TenantRecord) {
        let code = "InvalidAuthenticationToken"
        guard let text = call.token, !text.isEmpty else {
            throw graph(401, code, "Access token is empty.", call)
        }
        guard let token = AccessToken(text, key: tokenKey), let record = record(token.tenant) else {
            throw graph(401, code, "Access token validation failure.", call)
        }
        guard scenario.audiences["graph"]?.contains(token.audience) ?? false else {
            throw graph(401, code, "Access token validation failure. Invalid audience.", call)
        }
        guard token.expires > now, token.issued >= tokensFrom else { throw expiredGraphToken(call) }
        return (token, record)
    }

    func expiredGraphToken(_ call: Call) -> Refusal {
        graph(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.", call)
    }

    /// An error of Graph.
    func graph(
        _ status: Int,
        _ code: String,
        _ message: String,
        _ call: Call,
        _ more: [(name: String, value: String)] = []
    ) -> Refusal {
        let headers = graphHeaders(call)
        let id = headers.first { $0.name == "request-id" }?.value ?? ""
        let client = headers.first { $0.name == "client-request-id" }?.value ?? id
        let body: Value = [
            "error": [
                "code": .string(code), "message": .string(message),
                "innerError": [
                    "date": .string(now.secondsText), "request-id": .string(id),
                    "client-request-id": .string(client),
                ],
            ]
        ]
        return Refusal(response: Response(status: status, headers: headers + more, body: body.bytes()))
    }

    /// The headers of every answer of Graph.
    func graphHeaders(_ call: Call) -> [(name: String, value: String)] {
        let id = guid()
        let client = call.request.header("client-request-id").flatMap { isGUID($0) ? $0 : nil } ?? id
        let server: Value = [
            "DataCenter": "West Europe", "Slice": "E", "Ring": "5", "ScaleUnit": "003",
            "RoleInstance": "AM1PEPF000278C6",
        ]
        return [
            ("Cache-Control", "no-cache"),
            ("Content-Type", "application/json;odata.metadata=minimal;odata.streaming=true;charset=utf-8"),
            ("request-id", id), ("client-request-id", client),
            ("x-ms-ags-diagnostic", (["ServerInfo": server] as Value).text()),
        ]
    }

    /// A whole answer of Graph.
    func graph(_ value: Value, _ call: Call, status: Int = 200) -> Response {
        Response(status: status, headers: graphHeaders(call), body: value.bytes())
    }

    // MARK: Who may ask, and how often

    /// Lets a request to a collection in: quota, permission and license, in this order.
    func admit(
        _ call: Call,
        _ rule: CollectionRule,
        _ token: AccessToken,
        _ record: TenantRecord
    ) throws(Refusal) {
        guard call.request.method == "GET" else {
            throw graph(405, "Request_BadRequest", "Specified HTTP method is not allowed.", call)
        }
        guard call.graphVersion == "v1.0" || call.graphVersion == "beta" else { throw notFound(call) }
        try count(call, rule, token)
        if Set(rule.roles).isDisjoint(with: token.roles) { throw missing(rule, token, call) }
        let plans = Set(record.plans)
        let isPremium = !plans.isDisjoint(with: ["AAD_PREMIUM", "AAD_PREMIUM_P2"])
        switch rule.license {
        case .none: return
        case .premium: if !isPremium { throw unlicensed(call) }
        case .anyRisk: if !isPremium { throw unlicensed(call) }
        case .fullRisk: if !plans.contains("AAD_PREMIUM_P2") { throw unlicensed(call) }
        }
    }

    /// What a tenant without a premium license answers.
    func unlicensed(_ call: Call) -> Refusal {
        if call.operation == .riskDetections || call.operation == .riskyUsers {
            return graph(403, "Forbidden", "Your tenant is not licensed for this feature.", call)
        }
        return graph(
            403,
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
            "Neither tenant is B2C or tenant doesn't have premium license",
            call
        )
    }

    private func missing(_ rule: CollectionRule, _ token: AccessToken, _ call: Call) -> Refusal {
        switch rule.missing {
        case .reports:
            graph(
                403,
                "Authentication_MSGraphPermissionMissing",
                "Calling principal does not have required MSGraph permissions \(rule.roles[0])",
                call
            )
        case .scopes:
            graph(
                403,
                "Forbidden",
                "You cannot perform the requested operation, required scopes are missing in the token.",
                call
            )
        case .directory: deniedByGraph(call)
        case .roles:
            graph(
                403,
                "Forbidden",
                "Missing application roles. API required roles: \(rule.roles.joined(separator: ",")), application "
                    + "roles: \(token.roles.joined(separator: ",")).",
                call
            )
        }
    }

    func deniedByGraph(_ call: Call) -> Refusal {
        graph(
            403,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
            call
        )
    }

    func notFound(_ call: Call) -> Refusal {
        let last = call.graphPath.last ?? ""
        return graph(404, "ResourceNotFound", "Resource not found for the segment '\(last)'.", call)
    }

    private func count(_ call: Call, _ rule: CollectionRule, _ token: AccessToken) throws(Refusal) {
        let both = "\(token.app) \(token.tenant)"
        let limits: [(key: String, limit: Int, per: Duration)] =
            switch rule.quota {
            case .reports: [("reports \(both)", knobs.reportRequests, .seconds(10))]
            case .risk: [("risk \(token.tenant)", knobs.riskRequests, .seconds(1))]
            case .announcements:
                [
                    ("announcements \(both)", knobs.announcementRequests, .minutes(1)),
                    ("announcements an hour \(both)", knobs.announcementRequests * 10 / 3, .hours(1)),
                ]
            case .security: [("security \(both)", knobs.securityRequests, .minutes(1))]
            }
        for (key, limit, per) in limits {
            guard let wait = quotas.wait(key, limit, per: per, at: clock.real) else { continue }
            let seconds = max(1, Int((wait.wholeNanoseconds + 999_999_999) / 1_000_000_000))
            throw tooMany(call, status: 429, retryAfter: rule.quota == .risk ? nil : seconds)
        }
    }

    /// Too many requests, as Graph says it.
    func tooMany(_ call: Call, status: Int, retryAfter: Int?) -> Refusal {
        let isReport =
            switch call.operation {
            case .signIns, .directoryAudits, .provisioning: true
            default: false
            }
        let told =
            "This request is throttled. Please try again after the value specified in the Retry-After header."
        return graph(
            status,
            isReport ? "UnknownError" : "TooManyRequests",
            isReport ? "\(told) CorrelationId: \(guid())" : "Too many requests.",
            call,
            retryAfter.map { [("Retry-After", String($0))] } ?? []
        )
    }
}
