// SPDX-License-Identifier: Apache-2.0

/// A collection of items beside the activity feed: logs that only grow, and states that change.
package enum Feed: String, Sendable, CaseIterable, Hashable {
    case signIns, nonInteractiveSignIns, servicePrincipalSignIns, managedIdentitySignIns
    case directoryAudits, provisioning
    case riskDetections, riskyUsers
    case healthOverviews, issues, messages
    case alerts, incidents
    case okta, github

    /// Whether its items stay as they came; those of the others change and may go.
    var isLog: Bool {
        switch self {
        case .riskDetections, .riskyUsers, .healthOverviews, .issues, .messages, .alerts, .incidents: false
        default: true
        }
    }

    /// What the beta sign-in filter calls it; `nil` for what holds no sign-ins.
    var signInEventType: String? {
        switch self {
        case .signIns: "interactiveUser"
        case .nonInteractiveSignIns: "nonInteractiveUser"
        case .servicePrincipalSignIns: "servicePrincipal"
        case .managedIdentitySignIns: "managedIdentity"
        default: nil
        }
    }

    /// The four kinds of sign-ins.
    static let allSignIns: [Feed] = allCases.filter { $0.signInEventType != nil }

    /// The nanoseconds in the smallest part of a second that its times tell.
    var tick: Int64 { self == .okta || self == .github ? 1_000_000 : 100 }

    /// The member that identifies an item.
    var key: String {
        switch self {
        case .okta: "uuid"
        case .github: "_document_id"
        default: "id"
        }
    }
}
