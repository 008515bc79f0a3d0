// SPDX-License-Identifier: Apache-2.0
import Basics

extension Scenario {
    /// What one feed of one tenant holds.
    package struct FeedPlan: Sendable {
        /// Generated items.
        package var items: Int
        /// Over how long before the newest they happened.
        package var spread: Duration
        /// How long before the start the newest happened.
        package var newest: Duration
        /// Decides what they say, if not the scenario's seed.
        package var seed: UInt64?
        /// New items as time passes.
        package var live: Live?
        /// Which of them can be seen only later.
        package var late: Lateness?
        /// When its items change, where they do at all.
        package var changes: [Moment] = []
        /// Each so-many-th item changes then.
        package var changing = 1
        /// Items put at exact places.
        package var placed: [PlacedItem] = []

        /// Generated items over the past.
        package init(items: Int = 0, spread: Duration = .days(1), newest: Duration = .zero) {
            self.items = items
            self.spread = spread
            self.newest = newest
        }
    }

    /// Each `every`-th item can be seen only `by` after it happened.
    package struct Lateness: Sendable {
        /// How many items one late one comes to.
        package var every: Int
        /// How late it is.
        package var by: Duration

        /// One of `every` items, later by `by`.
        package init(every: Int, by: Duration) {
            self.every = max(1, every)
            self.by = by
        }
    }

    /// An item at an exact place.
    package struct PlacedItem: Sendable {
        /// When it says it happened.
        package var created: Moment
        /// When it can first be seen, if later.
        package var visible: Moment?
        /// When it can no longer be seen.
        package var removed: Moment?
        /// Its JSON, byte for byte; generated where none is given.
        package var body: [UInt8]?
        /// How it changes later.
        package var changes: [Change]

        /// What an item becomes at an instant.
        package struct Change: Sendable {
            /// When.
            package var at: Moment
            /// Its JSON from then on; generated where none is given.
            package var body: [UInt8]?

            /// A change at `at`.
            package init(at: Moment, body: [UInt8]? = nil) {
                self.at = at
                self.body = body
            }
        }

        /// An item that happened at `created`.
        package init(
            created: Moment,
            visible: Moment? = nil,
            removed: Moment? = nil,
            body: String? = nil,
            changes: [Change] = []
        ) {
            self.created = created
            self.visible = visible
            self.removed = removed
            self.body = body.map { Array($0.utf8) }
            self.changes = changes
        }
    }

    /// An organization at a service that is not Microsoft's.
    package struct Organization: Sendable {
        /// Its name in addresses.
        package var name: String
        /// The tokens it gave out.
        package var tokens: [Token]
        /// Whether it pays for what the audit log needs.
        package var enterprise = true

        /// An organization with its tokens.
        package init(name: String, tokens: [Token] = []) {
            self.name = name.lowercased()
            self.tokens = tokens
        }
    }

    /// A token of such an organization.
    package struct Token: Sendable {
        /// What the client must send.
        package var value: String
        /// When it ends.
        package var expires: Moment?
        /// Whether it may read the log.
        package var reads: Bool

        /// A token that never ends unless told otherwise.
        package init(_ value: String, expires: Moment? = nil, reads: Bool = true) {
            self.value = value
            self.expires = expires
            self.reads = reads
        }
    }
}
