// SPDX-License-Identifier: Apache-2.0
package import JSON

/// What a person's walk through a flow has come to, as far as it may be written down: never a secret.
package struct Walk: Sendable, Equatable {
    /// Answers by the questions' names.
    package var answers: Object = [:]
    /// The fields of the connectors' form, without secrets.
    package var credentials: Object = [:]
    /// What changes have given, such as the ids of what was made.
    package var saved: Object = [:]
    /// The credential that rests in the vault for this walk, or the place it is referred to by.
    package var staged: Staged?
    /// What was changed, or was about to be.
    package var changes: [ChangeEntry] = []
    /// The steps that a person has said are done.
    package var done: [String] = []
    /// The steps that wait, or have waited, for the word that something was done elsewhere.
    package var handed: [String] = []
    /// What was set up, as `customer/connection`.
    package var connected: [String] = []

    /// Nothing yet.
    package init() {}

    /// What is known of a credential that is held for the walk.
    package struct Staged: Sendable, Equatable {
        /// `secret`, `certificate`, or `kept` for the one that the app is known with already.
        package var kind: String
        /// Whether it was made here, so that its public part has to be made known.
        package var isMade: Bool

        /// Puts it together from its parts.
        package init(kind: String, isMade: Bool) {
            self.kind = kind
            self.isMade = isMade
        }
    }
}

/// One change in the walk's own journal.
package struct ChangeEntry: Sendable, Equatable {
    /// How far a change has come.
    package enum State: String, Sendable {
        /// It was about to be made; whether it was is to be found out.
        case intended
        /// It stood already, and so is not ours to take back.
        case found
        case made
    }
    /// The change's id, and for what it was made where it is made for several.
    package var change: String
    package var item: String
    package var state: State
    /// What its answer gave.
    package var saved: Object

    /// Puts it together from its parts.
    package init(change: String, item: String, state: State, saved: Object = [:]) {
        self.change = change
        self.item = item
        self.state = state
        self.saved = saved
    }
}

extension Walk {
    /// The walk as the ledger keeps it.
    package var json: Value {
        .object([
            "answers": .object(answers), "credentials": .object(credentials), "saved": .object(saved),
            "staged": staged.map { ["kind": .string($0.kind), "made": .bool($0.isMade)] } ?? .null,
            "changes": .array(
                changes.map {
                    [
                        "change": .string($0.change), "item": .string($0.item),
                        "state": .string($0.state.rawValue), "saved": .object($0.saved),
                    ]
                }
            ),
            "done": .array(done.map { .string($0) }), "handed": .array(handed.map { .string($0) }),
            "connected": .array(connected.map { .string($0) }),
        ])
    }

    /// Reads what the ledger kept; what is not there counts as nothing.
    package init(_ value: Value) {
        answers = value["answers"]?.objectValue ?? [:]
        credentials = value["credentials"]?.objectValue ?? [:]
        saved = value["saved"]?.objectValue ?? [:]
        if let kind = value["staged"]?["kind"]?.stringValue {
            staged = Staged(kind: kind, isMade: value["staged"]?["made"]?.boolValue ?? false)
        }
        changes = (value["changes"]?.arrayValue ?? []).compactMap { entry in
            guard let change = entry["change"]?.stringValue,
                let state = entry["state"]?.stringValue.flatMap({ ChangeEntry.State(rawValue: $0) })
            else { return nil }
            return ChangeEntry(
                change: change,
                item: entry["item"]?.stringValue ?? "",
                state: state,
                saved: entry["saved"]?.objectValue ?? [:]
            )
        }
        done = (value["done"]?.arrayValue ?? []).compactMap(\.stringValue)
        handed = (value["handed"]?.arrayValue ?? []).compactMap(\.stringValue)
        connected = (value["connected"]?.arrayValue ?? []).compactMap(\.stringValue)
    }
}
