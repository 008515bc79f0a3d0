// SPDX-License-Identifier: Apache-2.0

extension EventTemplate {
    /// The template of each record type, shaped as the service's records are.
    static let table: [Int: EventTemplate] = [
        1: EventTemplate(
            head(1, "Exchange", user: 3),
            #""ResultStatus":"True","ObjectId":"EURPR05A001.PROD.OUTLOOK.COM\/"#,
            #"«domain»\/«user»","UserId":"NT AUTHORITY\\SYSTEM (Microsoft.Exchange)","#,
            #""AppId":"","ClientAppId":"","ExternalAccess":true,"OrganizationName":"«domain»","#,
            #""OriginatingServer":"AM0PR05MB4803 (15.20.8000.000)","Parameters":["#,
            #"{"Name":"Identity","Value":"«guid»"},{"Name":"Value","Value":"«fill»"}]}"#,
            operations: [
                ("Set-Mailbox", 1_562), ("Set-MailboxPlan", 1_269), ("Set-TransportConfig", 141),
                ("Set-User", 78),
                ("Add-MailboxPermission", 51), ("Set-RecipientEnforcementProvisioningPolicy", 48),
                ("Set-OwaMailboxPolicy", 47), ("Set-ExchangeAssistanceConfig", 47),
                ("Set-TenantObjectVersion", 47), ("Enable-AddressListPaging", 47),
                ("New-ExchangeAssistanceConfig", 47), ("Install-DataClassificationConfig", 47),
                ("Install-DefaultSharingPolicy", 47), ("Install-ResourceConfig", 47), ("New-Mailbox", 19),
                ("New-InboxRule", 6),
            ]
        ),
        2: EventTemplate(
            head(2, "Exchange", user: 0),
            mailbox,
            #""Item":{"Id":"«fill»","InternetMessageId":"<«hex»@«domain»>","ParentFolder":{"Id":"«hex»","#,
            #""Path":"\\Inbox"},"SizeInBytes":24515,"Subject":"Réunion – 会議"}}"#,
            operations: [("Send", 25), ("Create", 14), ("Update", 12), ("SendAs", 4)]
        ),
        3: EventTemplate(
            head(3, "Exchange", user: 0),
            mailbox,
            #""AffectedItems":[{"Id":"«fill»","InternetMessageId":"<«hex»@«domain»>","Subject":"Invoice"}],"#,
            #""Folder":{"Id":"«hex»","Path":"\\Inbox"},"DestFolder":{"Id":"«hex»","Path":"\\Deleted Items"}}"#,
            operations: [("MoveToDeletedItems", 4), ("SoftDelete", 2), ("HardDelete", 1)]
        ),
        50: EventTemplate(
            head(50, "Exchange", user: 0),
            mailbox,
            #""OperationProperties":[{"Name":"MailAccessType","Value":"Bind"},{"Name":"IsThrottled","#,
            #""Value":"False"}],"Folders":[{"FolderItems":[{"InternetMessageId":"<«fill»@«domain»>"}],"#,
            #""Id":"«hex»","Path":"\\Inbox"}],"OperationCount":1}"#,
            operations: [("MailItemsAccessed", 1)]
        ),
        8: EventTemplate(
            head(8, "AzureActiveDirectory", user: 0),
            entra,
            #""ModifiedProperties":[{"Name":"AppAddress","NewValue":"[\r\n  {\r\n    \"Address\": "#,
            #"\"https://app.«domain»/\"\r\n  }\r\n]","OldValue":"[]"},{"Name":"Included Updated "#,
            #"Properties","NewValue":"«fill»","OldValue":""}],"ObjectId":"«guid»","#,
            #""SupportTicketId":"","Target":[{"ID":"ServicePrincipal_«guid»","Type":2},{"ID":"«guid»","Type":2}],"#,
            #""TargetContextId":"«tenant»"}"#,
            operations: [
                ("Add service principal.", 67), ("Update service principal.", 47),
                ("Update application.", 38),
                ("Add member to role.", 37), ("Add delegated permission grant.", 32),
                ("Consent to application.", 30),
                ("Add app role assignment grant to user.", 27), ("Add application.", 22),
                ("Update user.", 16),
                ("Add user.", 4),
            ]
        ),
        15: EventTemplate(
            head(15, "AzureActiveDirectory", user: 0),
            entra,
            #""ObjectId":"00000002-0000-0ff1-ce00-000000000000","ModifiedProperties":[],"#,
            #""Target":[{"ID":"00000002-0000-0ff1-ce00-000000000000","Type":0}],"#,
            #""TargetContextId":"«tenant»","ApplicationId":"«guid»","DeviceProperties":["#,
            #"{"Name":"OS","Value":"Windows10"},{"Name":"BrowserType","Value":"Edge"},{"Name":"UserAgent","#,
            #""Value":"«fill»"}],"ErrorNumber":"0"}"#,
            operations: [("UserLoggedIn", 353), ("UserLoginFailed", 216)]
        ),
        4: EventTemplate(
            head(4, "SharePoint", user: 0),
            site,
            #""ItemType":"Page","CustomUniqueId":true,"UserAgent":"«fill»"}"#,
            operations: [("PageViewed", 24), ("PagePrefetched", 8)]
        ),
        6: EventTemplate(
            head(6, "OneDrive", user: 0),
            site,
            #""ItemType":"File","ListId":"«guid»","ListItemUniqueId":"«guid»","SourceFileExtension":"xlsx","#,
            #""SourceFileName":"plan «digits».xlsx","SourceRelativeUrl":"Documents\/Entwürfe","#,
            #""UserAgent":"«fill»"}"#,
            operations: [
                ("FileAccessed", 17), ("FileDownloaded", 12), ("FileModified", 14), ("FileUploaded", 9),
            ]
        ),
        14: EventTemplate(
            head(14, "SharePoint", user: 0),
            site,
            #""ItemType":"Web","EventData":"«fill»","TargetUserOrGroupName":"Members","#,
            #""TargetUserOrGroupType":"SharePointGroup"}"#,
            operations: [("AddedToGroup", 20), ("SharingSet", 9), ("AnonymousLinkCreated", 2)]
        ),
        36: EventTemplate(
            head(36, "SharePoint", user: 0),
            site,
            #""ItemType":"List","ListId":"«guid»","ListBaseTemplateType":"101","ListBaseType":"#,
            #""DocumentLibrary","ListTitle":"«fill»","FromApp":false,"ItemCount":0,"ListColor":"","#,
            #""ListIcon":"","TemplateTypeId":""}"#,
            operations: [("ListCreated", 12), ("ListUpdated", 10), ("ListViewed", 8)]
        ),
        56: EventTemplate(
            head(56, "SharePoint", user: 0),
            site,
            #""ItemType":"Field","ListId":"«guid»","ColumnInternalName":"_Flags","ListTitle":"«fill»"}"#,
            operations: [("ListColumnCreated", 18)]
        ),
        11: EventTemplate(
            head(11, "SharePoint", user: 4),
            #""ObjectId":"https:\/\/«domain»\/sites\/hr\/cards.xlsx","UserId":"DlpAgent","IncidentId":"«guid»","#,
            #""SharePointMetaData":{"From":"«user»@«domain»","FileName":"cards.xlsx","#,
            #""SiteCollectionUrl":"https:\/\/«domain»\/sites\/hr","UniqueID":"«guid»"},"#,
            policy,
            operations: [("DlpRuleMatch", 8), ("DlpRuleUndo", 1)]
        ),
        13: EventTemplate(
            head(13, "Exchange", user: 4),
            #""ObjectId":"<«hex»@«domain»>","UserId":"DlpAgent","IncidentId":"«guid»","ExchangeMetaData":{"#,
            #""BCC":[],"CC":[],"FileSize":13405,"From":"«user»@«domain»","RecipientCount":1,"#,
            #""Subject":"cards","To":["x@example.org"],"UniqueID":"«guid»"},"#,
            policy,
            operations: [("DlpRuleMatch", 9), ("DlpInfo", 1)]
        ),
        63: EventTemplate(
            head(63, "Endpoint", user: 0),
            #""ObjectId":"C:\\Users\\«user»\\cards.xlsx","UserId":"«user»@«domain»","IncidentId":"«guid»","#,
            #""EndpointMetaData":{"DeviceName":"desktop-7","EndpointOperation":"FileCopiedToRemovableMedia"},"#,
            policy,
            operations: [("DlpRuleMatch", 1)]
        ),
        18: EventTemplate(
            head(18, "SecurityComplianceCenter", user: 0),
            #""ResultStatus":"Success","UserId":"«user»@«domain»","CmdletVersion":"-","ClientApplication":"#,
            #""EMC","EffectiveOrganization":"«domain»","NonPIIParameters":"«fill»","#,
            #""SecurityComplianceCenterEventType":0,"StartTime":"«time»","UserServicePlan":""}"#,
            operations: [
                ("Get-DlpSiDetectionsReport", 31), ("Get-ComplianceSearch", 12), ("Get-RoleGroup", 14),
            ]
        ),
        25: EventTemplate(
            head(25, "MicrosoftTeams", user: 0),
            #""UserId":"«user»@«domain»","AADGroupId":"«guid»","AddOnType":3,"TabType":"extension","#,
            #""ChannelName":"General","TeamName":"«fill»","TeamGuid":"19:«hex»@thread.tacv2"}"#,
            operations: [("TabAdded", 2), ("TeamsSessionStarted", 5), ("MemberAdded", 1)]
        ),
        40: EventTemplate(
            head(40, "SecurityComplianceCenter", user: 4),
            #""ResultStatus":"Succeeded","ObjectId":"«guid»","UserId":"SecurityComplianceAlerts","#,
            #""AlertId":"«guid»","AlertLinks":[{"AlertLinkHref":""}],"AlertType":"System","#,
            #""Category":"ThreatManagement","Comments":"New alert","Data":"{\"etype\":\"User\","#,
            #"\"eid\":\"«user»@«domain»\",\"tid\":\"«tenant»\",\"op\":\"UserSubmission\",\"ms\":\"«fill»\"}","#,
            #""Name":"Email reported by user as malware or phish","PolicyId":"«guid»","Severity":"Low","#,
            #""Source":"Office 365 Security & Compliance","Status":"Active"}"#,
            operations: [("AlertTriggered", 4), ("AlertEntityGenerated", 4)]
        ),
        52: EventTemplate(
            head(52, "SecurityComplianceCenter", user: 0),
            #""UserId":"«user»@«domain»","AadAppId":"«guid»","DataType":"«operation»","#,
            #""RelativeUrl":"\/DataInsights\/«fill»","ResultCount":"0"}"#,
            operations: [
                ("ValidaterbacAccessCheck", 24), ("SearchDataInsightsSubscription", 23),
                ("SearchMtpStatus", 16),
                ("AggregateThreatProfileDetails", 16),
            ]
        ),
    ]

    /// The template of `type`, the plainest one for types without their own.
    static func of(_ type: Int) -> EventTemplate {
        if let own = table[type] { return own }
        return EventTemplate(
            head(type, "SecurityComplianceCenter", user: 0),
            #""UserId":"«user»@«domain»","Data":"«fill»"}"#,
            operations: [("Operation\(type)", 1)]
        )
    }

    private static func head(_ type: Int, _ workload: String, user: Int) -> String {
        let parts: [String] = [
            #"{"CreationTime":"«time»","Id":"«id»","Operation":"«operation»","OrganizationId":"«tenant»","#,
            #""RecordType":"#, String(type), #","UserKey":"10032«digits»","UserType":"#, String(user),
            #","Version":1,"Workload":""#, workload, #"","#,
        ]
        return parts.joined()
    }

    private static let mailbox: String = [
        #""ResultStatus":"Succeeded","UserId":"«user»@«domain»","ClientIPAddress":"«ip»","ClientInfoString":"#,
        #""Client=REST;Client=RESTSystem;;","ExternalAccess":false,"InternalLogonType":0,"LogonType":0,"#,
        #""MailboxGuid":"«guid»","MailboxOwnerUPN":"«user»@«domain»","OrganizationName":"«domain»","#,
    ].joined()

    private static let entra: String = [
        #""ResultStatus":"Success","UserId":"«user»@«domain»","ClientIP":"«ip»","AzureActiveDirectoryEventType":1,"#,
        #""ExtendedProperties":[{"Name":"additionalDetails","Value":"{}"}],"Actor":[{"ID":"«user»@«domain»","#,
        #""Type":5},{"ID":"«guid»","Type":2}],"ActorContextId":"«tenant»","ActorIpAddress":"«ip»","#,
        #""InterSystemsId":"«guid»","IntraSystemId":"«guid»","#,
    ].joined()

    private static let site: String = [
        #""ClientIP":"«ip»","ObjectId":"https:\/\/«domain»\/sites\/hr\/«digits»","UserId":"«user»@«domain»","#,
        #""CorrelationId":"«guid»","EventSource":"SharePoint","Site":"«guid»","WebId":"«guid»","#,
    ].joined()

    private static let policy: String = [
        #""PolicyDetails":[{"PolicyId":"«guid»","PolicyName":"PCI","Rules":[{"ActionParameters":[],"Actions":["#,
        #""BlockAccess"],"ConditionsMatched":{"SensitiveInformation":[{"Confidence":75,"Count":1,"Location":"#,
        #""Message Body","SensitiveType":"50842eb7-edc8-4019-85dd-5a5c1f2bb085","UniqueCount":1}],"#,
        #""OtherConditions":[{"Name":"Text","Value":"«fill»"}]},"RuleId":"«guid»","RuleMode":"Enable","#,
        #""RuleName":"High volume","Severity":"High"}]}],"SensitiveInfoDetectionIsIncluded":false}"#,
    ].joined()
}
