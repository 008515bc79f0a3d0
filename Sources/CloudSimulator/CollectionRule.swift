// SPDX-License-Identifier: Apache-2.0

/// What a collection of Graph lets itself be asked.
struct CollectionRule: Sendable {
    /// What it holds; several where one address lists several feeds.
    var feeds: [Feed]
    /// Its address below the version.
    var address: String
    /// The permissions of which one is needed.
    var roles: [String]
    /// How it says that none was granted.
    var missing: Missing
    /// Items on a page where none are asked for, and the most that are given.
    var usual: Int
    var most: Int
    /// Whether asking for more is refused rather than answered with fewer.
    var refusesMore = false
    /// The query options it knows.
    var options: Set<String>
    /// How each property can be compared.
    var filters: [String: Set<Filter.Comparison>]
    /// The property that orders it, newest first.
    var time: String
    /// What can be asked for as its order besides `time`.
    var orders: Set<String> = []
    /// The largest `$skip`.
    var mostSkipped: Int?
    /// Whether its next page is named by `$skip`, not by a token.
    var linksBySkip = false
    /// How it is counted.
    var quota: Quota
    /// What must be licensed.
    var license: License = .none

    enum Missing: Sendable { case reports, scopes, directory, roles }
    enum Quota: Sendable { case reports, risk, announcements, security }
    enum License: Sendable { case none, premium, anyRisk, fullRisk }
}

extension CollectionRule {
    private static let moments: Set<Filter.Comparison> = [.eq, .gt, .ge, .lt, .le]
    private static let equals: Set<Filter.Comparison> = [.eq]
    private static let either: Set<Filter.Comparison> = [.eq, .ne]
    private static let texts: Set<Filter.Comparison> = [.eq, .startswith]
    private static let pages: Set<String> = ["$top", "$skiptoken", "$filter", "$orderby"]

    /// The rule of a listing; `nil` for what lists nothing of Graph.
    static func of(_ operation: Operation) -> CollectionRule? {
        switch operation {
        case .signIns: signIns
        case .directoryAudits: directoryAudits
        case .provisioning: provisioning
        case .riskDetections: risk(.riskDetections)
        case .riskyUsers: risk(.riskyUsers)
        case .healthOverviews: announcements(.healthOverviews)
        case .issues: announcements(.issues)
        case .messages: announcements(.messages)
        case .alerts: alerts
        case .incidents: incidents
        default: nil
        }
    }

    private static let signIns = CollectionRule(
        feeds: Feed.allSignIns,
        address: "auditLogs/signIns",
        roles: ["AuditLog.Read.All"],
        missing: .reports,
        usual: 1_000,
        most: 1_000,
        options: pages,
        filters: [
            "createdDateTime": [.eq, .ge, .le, .gt], "appId": equals, "userPrincipalName": texts,
            "ipAddress": texts, "status/errorCode": equals, "clientAppUsed": equals,
            "location/city": texts, "location/state": texts, "location/countryOrRegion": texts,
            "conditionalAccessStatus": equals, "riskState": equals, "correlationId": equals, "id": equals,
            "signInEventTypes": [.element],
        ],
        time: "createdDateTime",
        quota: .reports,
        license: .premium
    )

    private static let directoryAudits = CollectionRule(
        feeds: [.directoryAudits],
        address: "auditLogs/directoryAudits",
        roles: ["AuditLog.Read.All", "Directory.Read.All"],
        missing: .reports,
        usual: 1_000,
        most: 1_000,
        options: pages,
        filters: [
            "activityDateTime": [.eq, .ge, .le, .lt], "category": equals, "loggedByService": equals,
            "initiatedBy/user/id": equals, "initiatedBy/app/appId": equals, "targetResources": [.element],
            "correlationId": equals, "result": equals, "activityDisplayName": texts,
        ],
        time: "activityDateTime",
        quota: .reports
    )

    private static let provisioning = CollectionRule(
        feeds: [.provisioning],
        address: "auditLogs/provisioning",
        roles: ["AuditLog.Read.All", "ProvisioningLog.Read.All"],
        missing: .reports,
        usual: 1_000,
        most: 1_000,
        options: pages,
        filters: [
            "activityDateTime": [.eq, .gt, .lt], "id": [.eq, .contains], "jobId": [.eq, .contains],
            "cycleId": [.eq, .contains], "changeId": [.eq, .contains],
            "provisioningAction": [.eq, .contains],
        ],
        time: "activityDateTime",
        quota: .reports,
        license: .premium
    )

    private static func risk(_ feed: Feed) -> CollectionRule {
        let users = feed == .riskyUsers
        return CollectionRule(
            feeds: [feed],
            address: "identityProtection/\(feed.rawValue)",
            roles: [users ? "IdentityRiskyUser.Read.All" : "IdentityRiskEvent.Read.All"],
            missing: .scopes,
            usual: 20,
            most: 500,
            options: ["$top", "$skiptoken", "$filter", "$select"],
            filters: users
                ? [
                    "riskLastUpdatedDateTime": moments, "riskLevel": equals, "riskState": equals,
                    "id": equals,
                ]
                : [
                    "detectedDateTime": moments, "activityDateTime": moments, "lastUpdatedDateTime": moments,
                    "riskLevel": equals, "riskState": equals, "id": equals, "userId": equals,
                ],
            time: users ? "riskLastUpdatedDateTime" : "detectedDateTime",
            quota: .risk,
            license: users ? .fullRisk : .anyRisk
        )
    }

    private static func announcements(_ feed: Feed) -> CollectionRule {
        CollectionRule(
            feeds: [feed],
            address: "admin/serviceAnnouncement/\(feed.rawValue)",
            roles: [feed == .messages ? "ServiceMessage.Read.All" : "ServiceHealth.Read.All"],
            missing: .directory,
            usual: 100,
            most: 1_000,
            options: feed == .healthOverviews
                ? ["$top", "$skip", "$filter", "$count", "$select", "$expand"]
                : ["$top", "$skip", "$filter", "$count", "$select"],
            filters: feed == .healthOverviews
                ? [:]
                : ["lastModifiedDateTime": moments, "startDateTime": moments, "id": equals],
            time: "lastModifiedDateTime",
            linksBySkip: true,
            quota: .announcements
        )
    }

    private static let alerts = CollectionRule(
        feeds: [.alerts],
        address: "security/alerts_v2",
        roles: ["SecurityAlert.Read.All"],
        missing: .roles,
        usual: 100,
        most: 1_000,
        options: ["$count", "$filter", "$skip", "$top", "$orderby", "$skiptoken"],
        filters: [
            "assignedTo": either, "classification": either, "determination": either, "severity": either,
            "createdDateTime": moments, "lastUpdateDateTime": moments, "serviceSource": either,
            "status": either,
        ],
        time: "createdDateTime",
        orders: ["lastUpdateDateTime"],
        mostSkipped: 500,
        quota: .security
    )

    private static let incidents = CollectionRule(
        feeds: [.incidents],
        address: "security/incidents",
        roles: ["SecurityIncident.Read.All"],
        missing: .roles,
        usual: 50,
        most: 50,
        refusesMore: true,
        options: ["$count", "$filter", "$skip", "$top", "$orderby", "$skiptoken", "$expand"],
        filters: [
            "assignedTo": either, "classification": either, "determination": either, "severity": either,
            "createdDateTime": moments, "lastUpdateDateTime": moments, "status": either,
        ],
        time: "createdDateTime",
        orders: ["lastUpdateDateTime"],
        mostSkipped: 500,
        quota: .security
    )
}
