// SPDX-License-Identifier: Apache-2.0
import Basics
package import JSON

/// One feed of a connector: how it is prepared, listed, fetched, told apart and kept track of.
package struct StreamDefinition: Sendable, Equatable {
    /// The request for what there is.
    package struct List: Sendable, Equatable {
        /// The request.
        package let request: RequestTemplate
        /// Where in the answer the elements are.
        package let items: Pointer
        /// Where an element says its content id, where elements are fetched one by one.
        package let contentID: FieldPath?
        /// Where an element says since when it is available.
        package let available: FieldPath?
        /// Where an element says until when it can be fetched.
        package let expires: FieldPath?
    }

    /// The request for one listed item.
    package struct Fetch: Sendable, Equatable {
        /// The request, whose path stands in for a link that is missing or foreign.
        package let request: RequestTemplate
        /// Where a listed element says its own address, which is used where it lies under the service's base.
        package let link: FieldPath?
        /// Where in the answer the records are.
        package let items: Pointer
    }

    /// How long the source keeps what it has, for those who hold a license.
    package struct Retention: Sendable, Equatable {
        /// How long.
        package let value: Duration
        /// The id of the license that grants it; `nil` holds for everybody.
        package let plan: String?
    }

    /// Closed spans that are listed once more.
    package struct Relist: Sendable, Equatable {
        /// How long after a span's end.
        package let after: Duration
        /// How long a span is.
        package let span: Duration
    }

    /// How an event's time is written.
    package enum TimeFormat: String, Sendable, CaseIterable {
        case iso, epoch, epochMillis
    }

    /// Its name.
    package let id: String
    /// What people call it.
    package let title: String
    /// What it lets a customer's guardians see, in a sentence.
    package let summary: String
    /// Whether it is collected unless a person says otherwise.
    package let enabledByDefault: Bool
    /// The permissions it needs, by value.
    package let neededPermissions: [String]
    /// The licenses it needs, by id.
    package let neededLicenses: [String]
    /// The streams of which a derived stream is made; without any, the source itself is asked.
    package let from: [String]
    /// How a derived stream is made of them.
    package let join: Join?
    /// What must have succeeded before it can be listed.
    package let before: [BeforeStep]
    /// The request for what there is.
    package let list: List
    /// The request for one listed item; without it the listed elements are the records.
    package let fetch: Fetch?
    /// How a list goes on after its first page.
    package let paging: Paging
    /// How it remembers how far it has come.
    package let cursor: Cursor
    /// The fields that tell records apart; without any, a record's bytes do.
    package let key: [FieldPath]
    /// Where an event says when it happened.
    package let eventTime: FieldPath?
    /// How it writes that.
    package let timeFormat: TimeFormat
    /// How long the source keeps records; the shortest holds unless a license is proven.
    package let retention: [Retention]
    /// The before step without which the source keeps nothing for us.
    package let keepsFrom: String?
    /// Closed spans that are listed once more.
    package let relist: [Relist]
    /// What is normal for it.
    package let health: Health

    /// Whether it is made of other streams' records and asks nobody; its list, paging and cursor mean nothing then.
    package var isDerived: Bool { join != nil }

    /// How long the source keeps records for holders of `plans`; `nil` where it says nothing.
    package func retention(plans: Set<String> = []) -> Duration? {
        retention.filter { $0.plan.map(plans.contains) ?? true }.map(\.value).max()
            ?? retention.map(\.value).min()
    }
}
