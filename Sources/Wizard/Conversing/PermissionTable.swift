// SPDX-License-Identifier: Apache-2.0
import Connectors

/// Which permissions are needed and which were granted, with why, for people to look at.
struct PermissionTable {
    /// One permission.
    struct Row: Equatable {
        enum Standing: String {
            case granted, missing
            /// Not granted, and nothing that was chosen needs it.
            case unneeded = "not granted"
            /// Granted, and nothing needs it.
            case excess
        }
        let standing: Standing
        let permission: String
        let why: String
        var cells: [String] { [standing.rawValue, permission, why] }
    }

    static let head = ["", "permission", "why"]
    let rows: [Row]
    /// Those not granted that would only make a test surer, which nobody needs to grant.
    let spare: [String]

    /// Compares what the connectors that were tested need with what a fresh token held; `others` use the same app already.
    init(_ tests: [Tested], others: [Definition] = []) {
        var rows: [Row] = []
        var spare: [String] = []
        var needed: Set<String> = []
        var seen: [String: Set<String>] = [:]
        for test in tests {
            let wanted = test.neededPermissions
            for (service, granted) in test.granted { seen[service, default: []].formUnion(granted) }
            let fresh = test.definition.permissions.filter { permission in
                needed.insert(permission.service + " " + permission.value).inserted
            }
            for permission in fresh {
                guard let granted = test.granted[permission.service] else { continue }
                let isGranted = granted.contains(permission.value)
                if !isGranted, test.definition.confirmingPermissions.contains(permission.value) {
                    spare.append(permission.value)
                    continue
                }
                let standing: Row.Standing =
                    isGranted
                    ? .granted
                    : !permission.isOptional || wanted.contains(permission.value) ? .missing : .unneeded
                rows.append(
                    Row(
                        standing: standing,
                        permission: permission.value,
                        why: permission.why
                    )
                )
            }
        }
        for permission in others.flatMap(\.permissions) {
            needed.insert(permission.service + " " + permission.value)
        }
        for (service, granted) in seen.sorted(by: { $0.key < $1.key }) {
            for value in granted.sorted() where !needed.contains(service + " " + value) {
                rows.append(
                    Row(
                        standing: .excess,
                        permission: value,
                        why: "Nothing that is set up here needs it; take it away."
                    )
                )
            }
        }
        self.rows = rows
        self.spare = spare
    }
}
