// SPDX-License-Identifier: Apache-2.0
import JSON

/// An application permission with the id under which it is granted.
struct AppRole: Sendable {
    /// Which service offers it.
    let service: String
    let value: String
    let id: String

    /// The app ids of the services that offer permissions, with the names their principals bear.
    static let resources: [(service: String, app: String, name: String)] = [
        ("graph", "00000003-0000-0000-c000-000000000000", "Microsoft Graph"),
        ("manage", "c5393580-f805-4401-95e8-94b7a6ef2fc2", "Office 365 Management APIs"),
        ("exchange", "00000002-0000-0ff1-ce00-000000000000", "Office 365 Exchange Online"),
    ]

    /// Every permission whose id is known.
    static let known: [AppRole] = [
        .init("manage", "ActivityFeed.Read", "594c1fb6-4f81-4475-ae41-0c394909246c"),
        .init("manage", "ActivityFeed.ReadDlp", "4807a72c-ad38-4250-94c9-4eabfe26cd55"),
        .init("manage", "ServiceHealth.Read", "e2cea78f-e743-4d8f-a16a-75b629a038ae"),
        .init("manage", "ActivityReports.Read", "b3b78c39-cb1d-4d17-820a-25d9196a800e"),
        .init("manage", "ThreatIntelligence.Read", "17f1c501-83cd-414c-9064-cd10f7aef836"),
        .init("graph", "AuditLog.Read.All", "b0afded3-3588-46d8-8b3d-9842eff778da"),
        .init("graph", "Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61"),
        .init("graph", "ServiceHealth.Read.All", "79c261e0-fe76-4144-aad5-bdc68fbe4037"),
        .init("graph", "ServiceMessage.Read.All", "1b620472-6534-4fe6-9df2-4680e8aa28ec"),
        .init("graph", "SecurityAlert.Read.All", "472e4a4d-bb4a-4026-98d1-0b0d74cb74a5"),
        .init("graph", "SecurityIncident.Read.All", "45cc0394-e837-488b-a098-1918f48d186c"),
        .init("graph", "IdentityRiskEvent.Read.All", "6e472fd1-ad78-48da-a0f0-97ab2c6b769e"),
        .init("graph", "IdentityRiskyUser.Read.All", "dc5007c0-2d7d-4c42-879c-2dab87571379"),
        .init("graph", "Organization.Read.All", "498476ce-e0fe-48b0-b801-37ba7e2685c6"),
        .init("graph", "Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"),
        .init("graph", "ProvisioningLog.Read.All", "091937d3-3e38-47a1-8649-b2f99d3035f1"),
        .init("graph", "LicenseAssignment.Read.All", "e2f98668-2877-4f38-a2f4-8202e0717aa1"),
        .init("graph", "Application.ReadWrite.OwnedBy", "18a4783c-866b-4cc7-a460-3d5e5662c884"),
        .init("graph", "Application.ReadWrite.All", "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"),
        .init("graph", "AppRoleAssignment.ReadWrite.All", "06b708a9-e830-4db3-a914-8e69da51d44f"),
        .init("graph", "CrossTenantInformation.ReadBasic.All", "cac88765-0581-4025-9725-5ebc13f729ee"),
        .init("graph", "AuditLogsQuery.Read.All", "5e1e9171-754d-478c-812c-f1755a9a4c2d"),
        .init("exchange", "Exchange.ManageAsApp", "dc50a0fb-09a3-484d-be87-e023b12c6440"),
    ]

    private init(_ service: String, _ value: String, _ id: String) {
        (self.service, self.value, self.id) = (service, value, id)
    }

    /// The permission as a service principal offers it.
    var offered: Value {
        [
            "allowedMemberTypes": ["Application"], "description": .string(value),
            "displayName": .string(value),
            "id": .string(id), "isEnabled": true, "origin": "Application", "value": .string(value),
        ]
    }

    /// The id of a permission; one that is not known has an id of its own all the same.
    static func id(of value: String) -> String {
        if let found = known.first(where: { $0.value == value }) { return found.id }
        var random = SeededRandom(seed: 0x726f_6c65, value)
        return random.guid()
    }
}
