// SPDX-License-Identifier: Apache-2.0
import JSON

/// Records of the story of a reported mail, in the shapes that the audit log writes, and one of auditing switched off.
package enum PhishStory {
    /// The title that the alert bears, with the invisible character at its end that has been seen.
    package static let title = "Email reported by user as malware or phish\u{200B}"

    /// A GUID made of a number.
    package static func guid(_ number: Int) -> String {
        let digits = String(number)
        return "5ba6e029-8b6e-13bd-b800-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    /// The alert that number `number` is about.
    package static func alert(_ number: Int, title: String = title, padding: Int = 0) -> [UInt8] {
        bytes([
            ("CreationTime", "2026-10-10T08:00:00"), ("Id", .string("alert-\(number)")),
            ("Operation", "AlertTriggered"), ("RecordType", 40), ("Workload", "SecurityComplianceCenter"),
            ("AlertId", .string(guid(number))), ("Name", .string(title)), ("Status", "Active"),
            ("Data", .string(#"{"op":"UserSubmission"}"# + String(repeating: " ", count: padding))),
        ])
    }

    /// Move `move` of the investigation of alert `number`, which names the alert in its data or in its actions.
    package static func move(
        _ move: Int,
        of number: Int,
        status: String,
        inActions: Bool = false,
        padding: Int = 0
    ) -> [UInt8] {
        let minute = move < 10 ? "0\(move)" : "\(move)"
        let named: Value = inActions ? .null : .string(guid(number).uppercased())
        let data: Value = [
            "AlertDisplayName": .string(title), "ProviderAlertId": named,
            "Padding": .string(String(repeating: "x", count: padding)),
        ]
        let related: Value = inActions ? [.string(guid(number))] : []
        return bytes([
            ("CreationTime", .string("2026-10-10T09:\(minute):00")),
            ("Id", .string("move-\(number)-\(move)")),
            ("Operation", "AirInvestigationData"), ("RecordType", 64), ("Workload", "AirInvestigation"),
            ("InvestigationId", .string("urn:SubmissionInvestigation:\(number)")),
            ("Status", .string(status)),
            ("LastUpdateTimeUtc", .string("2026-10-10T09:\(minute):00")),
            ("Actions", [["RelatedAlertIds": related]]), ("Data", .string(data.text())),
        ])
    }

    /// What a derived stream makes of an alert and a move.
    package static func handled(_ alert: [UInt8], _ move: [UInt8]) -> [UInt8] {
        Array("{\"alert\":".utf8) + alert + Array(",\"investigation\":".utf8) + move + Array("}".utf8)
    }

    /// The record that says auditing was switched on or off at `time`.
    package static func auditing(on: Bool, at time: String) -> [UInt8] {
        bytes([
            ("CreationTime", .string(time)), ("Id", .string("audit-\(on)-\(time)")),
            ("Operation", "Set-AdminAuditLogConfig"), ("RecordType", 1), ("Workload", "Exchange"),
            (
                "Parameters",
                [
                    ["Name": "Identity", "Value": "Admin Audit Log Settings"],
                    ["Name": "UnifiedAuditLogIngestionEnabled", "Value": on ? "True" : "False"],
                ]
            ),
        ])
    }

    /// Any other record, at `time`.
    package static func other(_ number: Int, at time: String) -> [UInt8] {
        bytes([
            ("CreationTime", .string(time)), ("Id", .string("other-\(number)")), ("Operation", "TabAdded"),
            ("RecordType", 25), ("Workload", "MicrosoftTeams"),
        ])
    }

    private static func bytes(_ members: [(String, Value)]) -> [UInt8] {
        Value.object(Object(members)).bytes()
    }
}
