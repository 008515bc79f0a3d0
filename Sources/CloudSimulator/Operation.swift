// SPDX-License-Identifier: Apache-2.0

/// What a request asks the simulated cloud for.
package enum Operation: String, Sendable, CaseIterable, Hashable {
    case token, discovery, start, stop, list, content, fetch, notifications, sensitiveTypes, graph, exchange,
        control
    case signIns, directoryAudits, provisioning, riskDetections, riskyUsers
    case healthOverviews, issues, messages, alerts, incidents
    case okta, github
    case deviceCode, devicePage, adminConsent
    case unknown

    /// Which service answers it.
    enum Service: Sendable { case login, manage, graph, exchange, okta, github, none }

    /// The service that answers it.
    var service: Service {
        switch self {
        case .token, .discovery, .deviceCode, .devicePage, .adminConsent: .login
        case .start, .stop, .list, .content, .fetch, .notifications, .sensitiveTypes: .manage
        case .graph, .signIns, .directoryAudits, .provisioning, .riskDetections, .riskyUsers,
            .healthOverviews, .issues, .messages, .alerts, .incidents:
            .graph
        case .exchange: .exchange
        case .okta: .okta
        case .github: .github
        case .control, .unknown: .none
        }
    }

    /// Whether it answers items page by page, leaving the activity feed aside.
    var listsItems: Bool {
        switch self {
        case .signIns, .directoryAudits, .provisioning, .riskDetections, .riskyUsers, .healthOverviews,
            .issues,
            .messages, .alerts, .incidents, .okta, .github:
            true
        default: false
        }
    }

    /// The name under which the service counts the request.
    var methodName: String {
        switch self {
        case .start: "StartSubscription"
        case .stop: "StopSubscription"
        case .list: "ListSubscriptions"
        case .content: "ListAvailableContent"
        case .fetch: "GetBlob"
        case .notifications: "ListNotifications"
        default: "GetResource"
        }
    }

    /// The operation behind a path of Graph, in lower case and without its version.
    static func graph(_ path: [String]) -> Operation {
        switch path.prefix(3).joined(separator: "/") {
        case "auditlogs/signins": .signIns
        case "auditlogs/directoryaudits": .directoryAudits
        case "auditlogs/provisioning": .provisioning
        case "identityprotection/riskdetections": .riskDetections
        case "identityprotection/riskyusers": .riskyUsers
        case "admin/serviceannouncement/healthoverviews": .healthOverviews
        case "admin/serviceannouncement/issues": .issues
        case "admin/serviceannouncement/messages": .messages
        case "security/alerts_v2": .alerts
        case "security/incidents": .incidents
        default: path.count == 3 ? graph(Array(path.dropLast())) : .graph
        }
    }
}
