// SPDX-License-Identifier: Apache-2.0
import Basics

extension ItemGenerator {
    private static let services: [(id: String, name: String, prefix: String)] = [
        ("Exchange", "Exchange Online", "EX"), ("SharePoint", "SharePoint Online", "SP"),
        ("microsoftteams", "Microsoft Teams", "TM"), ("OrgLiveID", "Identity Service", "ID"),
        ("OSDPPlatform", "Microsoft 365 suite", "MO"), ("Intune", "Microsoft Intune", "IT"),
        ("OneDriveForBusiness", "OneDrive for Business", "OD"), ("yammer", "Viva Engage", "YA"),
    ]

    /// How many services there are.
    static let serviceCount = services.count

    /// The health of a service: well, troubled after one change, well again after two.
    func healthOverview(_ item: Item) -> String {
        let service = Self.services[item.index % Self.services.count]
        let round = item.index < Self.services.count ? "" : String(item.index)
        let status = state(item.version % 2 == 0 ? "serviceOperational" : "serviceDegradation")
        return
            #"{"service":"\#(service.name)\#(round)","status":"\#(status)","id":"\#(service.id)\#(round)"}"#
    }

    /// A service issue that moves on with each change, with one more post each time.
    func issue(_ item: Item, _ random: inout SeededRandom) -> String {
        let service = Self.pick(Self.services, &random)
        let id = service.prefix + String(100_000 + item.index % 900_000)
        let status = Self.stages(["investigating", "serviceDegradation", "serviceRestored"], item.version)
        let isOver = item.version >= 2
        let kind = state(random.below(3) == 0 ? "incident" : "advisory")
        let posts = (0...item.version).map { number in
            #"""
            {"createdDateTime":"\#((number == 0 ? item.created : item.updated).ticksText)",\#
            "postType":"\#(state("regular"))","description":{"contentType":"html",\#
            "content":"<p>Update \#(number): engineers look at the service.</p>"}}
            """#
        }
        return #"""
            {"startDateTime":"\#(item.created.ticksText)","endDateTime":\#(isOver ? #""\#(item.updated.ticksText)""# : "null"),\#
            "lastModifiedDateTime":"\#(item.updated.ticksText)","title":"Some users cannot reach \#(service.name)",\#
            "id":"\#(id)","impactDescription":"Some users are affected.","classification":"\#(kind)",\#
            "origin":"\#(state("microsoft"))","status":"\#(state(status))","service":"\#(service.name)",\#
            "feature":"Access","featureGroup":"Access","isResolved":\#(isOver),"highImpact":null,\#
            "details":[{"name":"NotifyInApp","value":"True"}],"posts":[\#(posts.joined(separator: ","))]}
            """#
    }

    /// A message of the message centre.
    func message(_ item: Item, _ random: inout SeededRandom) -> String {
        let service = Self.pick(Self.services, &random)
        let category = state(Self.pick(["stayInformed", "planForChange", "preventOrFixIssue"], &random))
        let title = "\(item.version == 0 ? "" : "(Updated) ")Changes to \(service.name)"
        let end = item.created + .days(90)
        return #"""
            {"startDateTime":"\#(item.created.ticksText)","endDateTime":"\#(end.ticksText)",\#
            "lastModifiedDateTime":"\#(item.updated.ticksText)","title":"\#(title)",\#
            "id":"MC\#(100_000 + item.index % 900_000)","category":"\#(category)","severity":"\#(state("normal"))",\#
            "tags":[\#(item.version == 0 ? "" : #""Updated message""#)],"isMajorChange":\#(random.below(4) == 0),\#
            "actionRequiredByDateTime":null,"services":["\#(service.name)"],"hasAttachments":false,\#
            "expiryDateTime":null,"details":[{"name":"ExternalLink","value":"https://support.example/\#(item.index)"}],\#
            "body":{"contentType":"html","content":"<p>Version \#(item.version) of a notice.</p>"},"viewPoint":null}
            """#
    }

    /// The id of the incident at a place, to which three alerts each belong.
    static func incidentID(_ index: Int) -> String { String(2_900_000 + index) }

    /// A Defender alert.
    func alert(_ item: Item, _ random: inout SeededRandom) -> String {
        let id = "da\(Self.digits(18, &random))_-\(Self.digits(9, &random))"
        let status = Self.stages(["new", "inProgress", "resolved"], item.version)
        let severity = Self.pick(["informational", "low", "medium", "high"], &random)
        let over = item.version >= 2 ? #""\#(item.updated.ticksText)""# : "null"
        let category = Self.pick(["DefenseEvasion", "InitialAccess", "Exfiltration"], &random)
        let first = item.created - .seconds(30 + random.below(6_000))
        return #"""
            {"id":"\#(id)","providerAlertId":"\#(id)","incidentId":"\#(Self.incidentID(item.index / 3))",\#
            "status":"\#(status)","severity":"\#(severity)","classification":null,"determination":null,\#
            "serviceSource":"microsoftDefenderForEndpoint","detectionSource":"antivirus",\#
            "productName":"Microsoft Defender for Endpoint","detectorId":"\#(random.guid())","tenantId":"\#(tenant)",\#
            "title":"Suspicious execution of hidden file","description":"A hidden file was started.",\#
            "recommendedActions":"Look at the device.","category":"\#(category)","assignedTo":null,\#
            "alertWebUrl":"https://security.microsoft.com/alerts/\#(id)?tid=\#(tenant)",\#
            "incidentWebUrl":"https://security.microsoft.com/incidents/\#(Self.incidentID(item.index / 3))?tid=\#(tenant)",\#
            "actorDisplayName":null,"threatDisplayName":null,"threatFamilyName":null,\#
            "mitreTechniques":["T1564.001"],"createdDateTime":"\#(item.created.ticksText)",\#
            "lastUpdateDateTime":"\#(item.updated.ticksText)","resolvedDateTime":\#(over),\#
            "firstActivityDateTime":"\#(first.ticksText)","lastActivityDateTime":"\#(item.created.ticksText)",\#
            "comments":[],"systemTags":[],"evidence":[{"@odata.type":"#microsoft.graph.security.deviceEvidence",\#
            "createdDateTime":"\#(item.created.ticksText)","verdict":"unknown","remediationStatus":"none",\#
            "deviceDnsName":"host\#(random.below(40))","osPlatform":"Windows10","roles":["compromised"]}]}
            """#
    }

    /// A Defender incident.
    func incident(_ item: Item, _ random: inout SeededRandom) -> String {
        let id = Self.incidentID(item.index)
        let status = Self.stages(["active", "inProgress", "resolved"], item.version)
        let severity = Self.pick(["low", "medium", "high"], &random)
        return #"""
            {"id":"\#(id)","incidentWebUrl":"https://security.microsoft.com/incidents/\#(id)?tid=\#(tenant)",\#
            "redirectIncidentId":null,"tenantId":"\#(tenant)","displayName":"Multi-stage incident \#(id)",\#
            "createdDateTime":"\#(item.created.ticksText)","lastUpdateDateTime":"\#(item.updated.ticksText)",\#
            "assignedTo":null,"classification":"unknown","determination":"unknown","status":"\#(status)",\#
            "severity":"\#(severity)","priorityScore":null,"customTags":[],"systemTags":[],"comments":[],\#
            "description":null,"lastModifiedBy":null,"resolvingComment":null,"summary":null}
            """#
    }

    /// An event of Okta's System Log.
    func oktaEvent(_ item: Item, _ random: inout SeededRandom) -> String {
        let person = person(&random)
        let place = Self.pick(Self.places, &random)
        let kinds = [
            ("user.session.start", "User login to Okta"),
            ("user.authentication.sso", "User single sign on to app"),
            ("user.account.update_password", "User update password for Okta"),
            ("policy.evaluate_sign_on", "Evaluation of sign-on policy"),
        ]
        let (kind, told) = Self.pick(kinds, &random)
        let failed = random.below(10) == 0
        let address = Self.address(&random)
        let spot = #"""
            {"city":"\#(place.city)","state":"\#(place.state)","country":"\#(place.country)","postalCode":null,\#
            "geolocation":{"lat":\#(place.north),"lon":\#(place.east)}}
            """#
        return #"""
            {"actor":{"id":"00u\#(Self.hex(17, &random))","type":"User","alternateId":"\#(person.address)",\#
            "displayName":"\#(person.name)","detailEntry":null},"client":{"userAgent":{"rawUserAgent":"Mozilla/5.0",\#
            "os":"Windows 10","browser":"CHROME"},"zone":"null","device":"Computer","id":null,\#
            "ipAddress":"\#(address)","geographicalContext":\#(spot)},"device":null,\#
            "authenticationContext":{"authenticationProvider":null,"credentialProvider":null,"credentialType":null,\#
            "issuer":null,"interface":null,"authenticationStep":0,"externalSessionId":"\#(Self.hex(25, &random))"},\#
            "displayMessage":"\#(told)","eventType":"\#(kind)","outcome":{"result":"\#(failed ? "FAILURE" : "SUCCESS")",\#
            "reason":\#(failed ? #""INVALID_CREDENTIALS""# : "null")},"published":"\#(item.created.millisecondsText)",\#
            "securityContext":{"asNumber":\#(64_496 + random.below(15)),"asOrg":"example net","isp":"example",\#
            "domain":"example.net","isProxy":false},"severity":"\#(failed ? "WARN" : "INFO")",\#
            "debugContext":{"debugData":{"requestUri":"/api/v1/authn"}},"legacyEventType":null,\#
            "transaction":{"type":"WEB","id":"\#(Self.hex(27, &random))","detail":{}},"uuid":"\#(random.guid())",\#
            "version":"0","request":{"ipChain":[{"ip":"\#(address)","geographicalContext":\#(spot),\#
            "version":"V4","source":null}]},"target":[]}
            """#
    }

    /// Whether the GitHub event at a place is one of Git's own.
    static func isGit(_ item: Item) -> Bool { item.body == nil && item.index % 5 == 4 }

    /// An event of GitHub's audit log; every fifth is one of Git's own.
    func gitHubEvent(_ item: Item, _ random: inout SeededRandom) -> String {
        let person = person(&random)
        let org = organization
        let place = Self.pick(Self.places, &random)
        let repository = "\(org)/\(Self.pick(["site", "api", "infra", "tools"], &random))"
        let login = "\(person.first)-\(person.last)".lowercased()
        let time = item.created.milliseconds
        let isGit = Self.isGit(item)
        let action = Self.pick(
            isGit
                ? ["git.clone", "git.push", "git.fetch"]
                : [
                    "repo.create", "org.add_member", "team.add_repository",
                    "protected_branch.policy_override",
                ],
            &random
        )
        let more =
            isGit
            ? #""transport_protocol":1,"transport_protocol_name":"http","#
            : #""operation_type":"\#(Self.pick(["create", "modify", "remove"], &random))","#
        return #"""
            {"@timestamp":\#(time),"_document_id":"\#(Self.hex(22, &random))","action":"\#(action)",\#
            "actor":"\#(login)","actor_id":\#(10_000 + random.below(90_000)),\#
            "actor_location":{"country_code":"\#(place.country)"},"business":"\#(org)-inc","business_id":41,\#
            "created_at":\#(time),\#(more)"org":"\#(org)","org_id":\#(organizationNumber),"public_repo":false,\#
            "repo":"\#(repository)","repository":"\#(repository)","user_agent":"git/2.47.0"}
            """#
    }
}
