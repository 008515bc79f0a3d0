// SPDX-License-Identifier: Apache-2.0
package import Basics
package import JSON
package import Status

/// A connector set up for one tenant of one customer.
package struct Connection: Sendable, Equatable {
    package var key: ConnectionKey
    /// The name for people.
    package var name: String
    /// The id of the connector's definition.
    package var connector: String
    package var cloud: String?
    /// The tenant's GUID, or the identity's value where there is no tenant.
    package var tenant: String
    /// What makes this connection the same one again; part of every record's id.
    package var identity: String
    /// The registration's id.
    package var registration: String?
    /// The answers that are no secrets, by the definition's names.
    package var credentials: Value
    package var streams: [StreamChoice]
    /// How far back history was asked for: `now` or an ISO 8601 duration.
    package var start: String
    /// `nil` while it is a draft.
    package var acceptedAt: Timestamp?
    /// Why it is still a draft.
    package var draftCause: Cause?
    /// Whether preparing steps with side effects are withheld.
    package var noChanges: Bool
    package var created: Timestamp
    /// The version of the definition it was set up with.
    package var version: String?
    /// The plans its tenant was seen to hold; `nil` where no list was ever read.
    package var plans: HeldPlans?

    /// Puts it together from its parts.
    package init(
        key: ConnectionKey,
        name: String,
        connector: String,
        cloud: String? = nil,
        tenant: String,
        identity: String,
        registration: String? = nil,
        credentials: Value = .object(Object()),
        streams: [StreamChoice] = [],
        start: String = "now",
        acceptedAt: Timestamp? = nil,
        draftCause: Cause? = nil,
        noChanges: Bool = false,
        created: Timestamp,
        version: String? = nil,
        plans: HeldPlans? = nil
    ) {
        self.plans = plans
        self.key = key
        self.name = name
        self.connector = connector
        self.cloud = cloud
        self.tenant = tenant
        self.identity = identity
        self.registration = registration
        self.credentials = credentials
        self.streams = streams
        self.start = start
        self.acceptedAt = acceptedAt
        self.draftCause = draftCause
        self.noChanges = noChanges
        self.created = created
        self.version = version
    }

    /// Whether it was never accepted.
    package var isDraft: Bool { acceptedAt == nil }

    /// The names of its streams as keys.
    package var streamKeys: [StreamKey] {
        streams.map { StreamKey(customer: key.customer, connection: key.connection, stream: $0.stream) }
    }
}

/// A chosen stream, and what holds it back by somebody's decision.
package struct StreamChoice: Sendable, Equatable {
    package var stream: String
    /// Paused or excluded: by whom, why and until when.
    package var hold: Hold?
    /// What is left out or blackened before storing, in the words of an answers file; `nil` stores all as it came.
    package var select: Value?
    /// From when on history was asked for after the connection was added; `nil` where nobody did.
    package var historyFrom: Timestamp?

    /// Puts it together from its parts.
    package init(stream: String, hold: Hold? = nil, select: Value? = nil, historyFrom: Timestamp? = nil) {
        self.stream = stream
        self.hold = hold
        self.select = select
        self.historyFrom = historyFrom
    }
}
