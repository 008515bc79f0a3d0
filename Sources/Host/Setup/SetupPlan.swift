// SPDX-License-Identifier: Apache-2.0
import JSON
import Status
import Store

/// What a document of a set-up comes to where it is applied, thing by thing, before any of it is done.
package struct SetupPlan: Sendable {
    /// What becomes of a thing.
    package enum Action: String, Sendable, CaseIterable { case create, update, unchanged }
    /// What kind of thing it is.
    package enum Kind: String, Sendable, CaseIterable { case settings, registration, customer, connection }

    /// One thing.
    package struct Item: Sendable {
        package let kind: Kind
        package let name: String
        package let action: Action
        /// What becomes another of what is there.
        package let differences: [SetupDifference]
        let work: Work

        /// What is said of it before it is done, for people.
        package var lines: [String] {
            let verb =
                switch action {
                case .create: "create"
                case .update: "update"
                case .unchanged: "unchanged"
                }
            return ["\(verb) \(kind.rawValue) \(name)"] + differences.map { "  " + $0.line }
        }
    }

    /// What is done for a thing.
    enum Work: Sendable {
        case nothing
        case settings(Settings)
        case changes([LedgerChange])
        case connect(Connecting)
        case reconfigure(Reconfiguring.Plan, holds: [String: Hold?])
    }

    /// A connection that is made.
    struct Connecting: Sendable {
        let answers: Answers
        let form: FilledForm
        let isDraft: Bool
        let noChanges: Bool
        let holds: [String: Hold?]
    }

    package let items: [Item]

    /// Whether anything becomes another.
    package var hasChanges: Bool { items.contains { $0.action != .unchanged } }

    /// How many things an action is for.
    package func count(_ action: Action) -> Int { items.count { $0.action == action } }
}
