// SPDX-License-Identifier: Apache-2.0

/// The five kinds of content a tenant can subscribe to.
package enum ContentType: String, Sendable, CaseIterable, Hashable, Comparable {
    case azureActiveDirectory = "Audit.AzureActiveDirectory"
    case exchange = "Audit.Exchange"
    case sharePoint = "Audit.SharePoint"
    case general = "Audit.General"
    case dlp = "DLP.All"

    /// Finds a type by its name, whatever its case.
    package init?(anyCase text: String) {
        guard let found = Self.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) else {
            return nil
        }
        self = found
    }

    /// In the order of their names.
    package static func < (left: ContentType, right: ContentType) -> Bool { left.rawValue < right.rawValue }

    /// The tail that content ids of this type carry.
    var idTail: String {
        switch self {
        case .azureActiveDirectory: "audit_azureactivedirectory$Audit_AzureActiveDirectory"
        case .exchange: "audit_exchange$Audit_Exchange"
        case .sharePoint: "audit_sharepoint$Audit_SharePoint"
        case .general: "audit_general$Audit_General"
        case .dlp: "dlp_all$DLP_All"
        }
    }

    /// The permission that reading it needs.
    var permission: String { self == .dlp ? "ActivityFeed.ReadDlp" : "ActivityFeed.Read" }

    /// The record types that usually arrive in it; `nil` for the catch-all.
    var recordTypes: Set<Int>? {
        switch self {
        case .azureActiveDirectory: [8, 9, 15]
        case .exchange: [1, 2, 3, 19, 50]
        case .sharePoint: [4, 6, 7, 14, 36, 37, 54, 55, 56]
        case .dlp: [11, 13, 33, 63]
        case .general: nil
        }
    }
}
