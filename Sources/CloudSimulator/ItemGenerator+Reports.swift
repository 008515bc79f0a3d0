// SPDX-License-Identifier: Apache-2.0
import Basics

extension ItemGenerator {
    private static let apps: [(id: String, name: String)] = [
        ("00000002-0000-0ff1-ce00-000000000000", "Office 365 Exchange Online"),
        ("1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Microsoft Teams"),
        ("4765445b-32c6-49b0-83e6-1d93765276ca", "OfficeHome"),
        ("c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "Azure Portal"),
    ]
    private static let failures: [(code: Int, reason: String)] = [
        (50_126, "Error validating credentials due to invalid username or password."),
        (50_074, "Strong Authentication is required."), (53_003, "Access has been blocked by policies."),
    ]
    private static let agents: [(system: String, browser: String, text: String)] = [
        ("Windows10", "Edge 131.0.2903", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/131.0.2903.86"),
        (
            "MacOs", "Safari 18.1",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1.15"
        ),
        ("Android", "Chrome Mobile 131.0", "Mozilla/5.0 (Linux; Android 15) Chrome/131.0.6778.81 Mobile"),
    ]

    /// A sign-in of any of the four kinds.
    func signIn(_ item: Item, _ random: inout SeededRandom) -> String {
        let id = random.guid()
        let person = person(&random)
        let app = Self.pick(Self.apps, &random)
        let agent = Self.pick(Self.agents, &random)
        let place = Self.pick(Self.places, &random)
        let failure = random.below(12) == 0 ? Self.pick(Self.failures, &random) : nil
        let isPerson = item.feed == .signIns || item.feed == .nonInteractiveSignIns
        let principal = isPerson ? "" : random.guid()
        let service = isPerson ? "" : "automation-\(random.below(5))"
        let user =
            isPerson
            ? #""userDisplayName":"\#(person.name)","userPrincipalName":"\#(person.address)","userId":"\#(person.id)","#
            : #""userDisplayName":"","userPrincipalName":"","userId":"","#
        let risk = random.below(20) == 0 ? "medium" : "none"
        return #"""
            {"id":"\#(id)","createdDateTime":"\#(item.created.ticksText)",\#(user)\#
            "appId":"\#(app.id)","appDisplayName":"\#(app.name)","ipAddress":"\#(Self.address(&random))",\#
            "clientAppUsed":"\#(isPerson ? "Browser" : "")","userAgent":"\#(isPerson ? agent.text : "")",\#
            "correlationId":"\#(random.guid())","conditionalAccessStatus":"\#(failure == nil ? "success" : "failure")",\#
            "isInteractive":\#(item.feed == .signIns),"riskDetail":"none","riskLevelAggregated":"\#(risk)",\#
            "riskLevelDuringSignIn":"\#(risk)","riskState":"\#(risk == "none" ? "none" : "atRisk")",\#
            "riskEventTypes":[],"riskEventTypes_v2":[],"resourceDisplayName":"Microsoft Graph",\#
            "resourceId":"00000003-0000-0000-c000-000000000000","homeTenantId":"\#(tenant)",\#
            "resourceTenantId":"\#(tenant)","servicePrincipalId":"\#(principal)","servicePrincipalName":"\#(service)",\#
            "status":{"errorCode":\#(failure?.code ?? 0),"failureReason":"\#(failure?.reason ?? "Other.")",\#
            "additionalDetails":null},"deviceDetail":{"deviceId":"","displayName":null,\#
            "operatingSystem":"\#(isPerson ? agent.system : "")","browser":"\#(isPerson ? agent.browser : "")",\#
            "isCompliant":null,"isManaged":null,"trustType":null},"location":{"city":"\#(place.city)",\#
            "state":"\#(place.state)","countryOrRegion":"\#(place.country)","geoCoordinates":{"altitude":null,\#
            "latitude":\#(place.north),"longitude":\#(place.east)}},"appliedConditionalAccessPolicies":[]\#
            \#(form.beta ? newer(item, id, &random) : "")}
            """#
    }

    /// What only the beta version tells of a sign-in.
    private func newer(_ item: Item, _ id: String, _ random: inout SeededRandom) -> String {
        let credential = item.feed == .servicePrincipalSignIns ? "clientSecret" : "none"
        let requirement = random.below(3) == 0 ? "multiFactorAuthentication" : "singleFactorAuthentication"
        return #"""
            ,"signInEventTypes":["\#(item.feed.signInEventType ?? "")"],"authenticationRequirement":"\#(requirement)",\#
            "authenticationProtocol":"none","autonomousSystemNumber":\#(64_496 + random.below(15)),\#
            "clientCredentialType":"\#(credential)","crossTenantAccessType":"none","incomingTokenType":"none",\#
            "originalRequestId":"\#(id)","processingTimeInMilliseconds":\#(20 + random.below(400)),\#
            "tokenIssuerType":"AzureAD","uniqueTokenIdentifier":"\#(Self.hex(22, &random))","userType":"member",\#
            "authenticationDetails":[],"sessionLifetimePolicies":[]
            """#
    }

    /// A directory audit.
    func directoryAudit(_ item: Item, _ random: inout SeededRandom) -> String {
        let correlation = random.guid()
        let person = person(&random)
        let target = self.person(&random)
        let activities = [
            ("GroupManagement", "Add member to group", "Assign"), ("UserManagement", "Update user", "Update"),
            ("RoleManagement", "Add member to role", "Assign"),
            ("ApplicationManagement", "Consent to application", "Assign"),
        ]
        let (category, activity, kind) = Self.pick(activities, &random)
        let tail = "\(Self.hex(5, &random).uppercased())_\(Self.digits(8, &random))"
        let failed = random.below(15) == 0
        return #"""
            {"id":"Directory_\#(correlation)_\#(tail)","category":"\#(category)","correlationId":"\#(correlation)",\#
            "result":"\#(failed ? "failure" : "success")","resultReason":"\#(failed ? "Authorization_RequestDenied" : "")",\#
            "activityDisplayName":"\#(activity)","activityDateTime":"\#(item.created.ticksText)",\#
            "loggedByService":"Core Directory","operationType":"\#(kind)","initiatedBy":{"app":null,"user":\#
            {"id":"\#(person.id)","displayName":null,"userPrincipalName":"\#(person.address)",\#
            "ipAddress":"\#(Self.address(&random))","userType":null,"homeTenantId":null,"homeTenantName":null}},\#
            "targetResources":[{"id":"\#(target.id)","displayName":"\#(target.name)","type":"User",\#
            "userPrincipalName":"\#(target.address)","groupType":null,"modifiedProperties":[\#
            {"displayName":"Group.DisplayName","oldValue":null,"newValue":"\"Finance\""}]}],\#
            "additionalDetails":[{"key":"User-Agent","value":"EvoSTS"}]}
            """#
    }

    /// A provisioning step.
    func provisioning(_ item: Item, _ random: inout SeededRandom) -> String {
        let person = person(&random)
        let action = Self.pick(["create", "update", "delete", "disable"], &random)
        let status = Self.pick(["success", "success", "success", "skipped", "failure"], &random)
        let job = "scim.\(tenant.filter { $0 != "-" }).\(Self.hex(8, &random))"
        let error =
            #"{"errorCode":"SystemForCrossDomainIdentityManagementServiceIncompatible","reason":"refused"}"#
        return #"""
            {"id":"\#(random.guid())","activityDateTime":"\#(item.created.ticksText)","tenantId":"\#(tenant)",\#
            "jobId":"\#(job)","cycleId":"\#(random.guid())","changeId":"\#(random.guid())",\#
            "provisioningAction":"\#(action)","durationInMilliseconds":\#(100 + random.below(4_000)),\#
            "provisioningStatusInfo":{"status":"\#(status)","errorInformation":\#(status == "failure" ? error : "null")},\#
            "provisioningSteps":[{"name":"EntryImport","provisioningStepType":"import","status":"success",\#
            "description":"Received User '\#(person.address)'","details":{}}],"modifiedProperties":[],\#
            "servicePrincipal":{"id":"\#(random.guid())","displayName":"Expenses"},\#
            "sourceSystem":{"id":"\#(random.guid())","displayName":"Microsoft Entra ID","details":{}},\#
            "targetSystem":{"id":"\#(random.guid())","displayName":"Expenses","details":{}},\#
            "sourceIdentity":{"id":"\#(person.id)","displayName":"\#(person.name)","identityType":"User","details":{}},\#
            "targetIdentity":{"id":"","displayName":"","identityType":"User","details":{}},\#
            "initiatedBy":{"id":"","displayName":"Azure AD Provisioning Service","initiatorType":"system"}}
            """#
    }

    /// A risk detection, whose state moves on when it changes.
    func riskDetection(_ item: Item, _ random: inout SeededRandom) -> String {
        let id = Self.hex(64, &random)
        let person = person(&random)
        let place = Self.pick(Self.places, &random)
        let kind = Self.pick(["unfamiliarFeatures", "anonymizedIPAddress", "leakedCredentials"], &random)
        let detected = item.created + .seconds(60 + random.below(3_600))
        let updated = item.version == 0 ? detected : max(detected, item.updated)
        let state = Self.stages(["atRisk", "remediated", "dismissed"], item.version)
        let detail = Self.stages(
            ["none", "userPerformedSecuredPasswordReset", "adminDismissedAllRiskForUser"],
            item.version
        )
        return #"""
            {"id":"\#(id)","requestId":"\#(random.guid())","correlationId":"\#(random.guid())",\#
            "riskEventType":"\#(kind)","riskState":"\#(state)","riskLevel":"\#(Self.pick(["low", "medium", "high"], &random))",\#
            "riskDetail":"\#(detail)","source":"IdentityProtection","detectionTimingType":"realtime",\#
            "activity":"signin","tokenIssuerType":"AzureAD","ipAddress":"\#(Self.address(&random))",\#
            "location":{"city":"\#(place.city)","state":"\#(place.state)","countryOrRegion":"\#(place.country)",\#
            "geoCoordinates":null},"activityDateTime":"\#(item.created.ticksText)",\#
            "detectedDateTime":"\#(detected.ticksText)","lastUpdatedDateTime":"\#(updated.ticksText)",\#
            "userId":"\#(person.id)","userDisplayName":"\#(person.name)","userPrincipalName":"\#(person.address)",\#
            "additionalInfo":"[{\"Key\":\"userAgent\",\"Value\":\"Mozilla/5.0\"}]"}
            """#
    }

    /// A user at risk; each place of the feed is another person.
    func riskyUser(_ item: Item, _ random: inout SeededRandom) -> String {
        let (first, last) = Self.people[item.index % Self.people.count]
        let id = random.guid()
        let state = Self.stages(["atRisk", "confirmedCompromised", "remediated"], item.version)
        let name = "\(first) \(last)"
        return #"""
            {"id":"\#(id)","isDeleted":false,"isProcessing":false,"riskLevel":"\#(item.version > 1 ? "none" : "medium")",\#
            "riskState":"\#(state)","riskDetail":"none","riskLastUpdatedDateTime":"\#(item.updated.ticksText)",\#
            "userDisplayName":"\#(name)","userPrincipalName":"\#(first.lowercased()).\#(item.index)@\#(domain)"}
            """#
    }

    /// The stage of a version; the last one stays.
    static func stages(_ stages: [String], _ version: Int) -> String {
        stages[min(version, stages.count - 1)]
    }
}
