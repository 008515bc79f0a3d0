// SPDX-License-Identifier: Apache-2.0
package import Basics

/// Collection status as one value; every rendering shows this and nothing else.
package struct StatusReport: Sendable, Equatable {
    /// The version of the JSON that this value prints.
    package static let schema = 1

    package var evaluatedAt: Timestamp
    package var host: HostFacts
    package var customers: [CustomerLine]

    /// Puts it together from its parts.
    package init(evaluatedAt: Timestamp, host: HostFacts, customers: [CustomerLine]) {
        self.evaluatedAt = evaluatedAt
        self.host = host
        self.customers = customers
    }
}

/// A customer in the status.
package struct CustomerLine: Sendable, Equatable {
    package var id: String
    package var name: String
    package var state: StreamState
    package var connections: [ConnectionLine]

    /// Puts it together from its parts.
    package init(id: String, name: String, state: StreamState, connections: [ConnectionLine]) {
        self.id = id
        self.name = name
        self.state = state
        self.connections = connections
    }
}

/// A connection in the status.
package struct ConnectionLine: Sendable, Equatable {
    package var id: String
    package var name: String
    package var connector: String
    package var tenant: String?
    package var headline: Headline
    package var credential: CredentialLine?
    package var streams: [StreamLine]
    /// What of it a person lets stand just now.
    package var acks: [Ack]

    /// Puts it together from its parts.
    package init(
        id: String,
        name: String,
        connector: String,
        tenant: String?,
        headline: Headline,
        credential: CredentialLine?,
        streams: [StreamLine],
        acks: [Ack] = []
    ) {
        self.acks = acks
        self.id = id
        self.name = name
        self.connector = connector
        self.tenant = tenant
        self.headline = headline
        self.credential = credential
        self.streams = streams
    }
}

/// What is known of the credential a connection uses.
package struct CredentialLine: Sendable, Equatable {
    /// Where the expiry is known from.
    package enum Origin: String, Sendable, CaseIterable { case declared, verified, unknown }

    package var kind: String
    /// The app that it is of: connections of one app share its credential.
    package var registration: String?
    package var expiresAt: Timestamp?
    /// When it was given to us.
    package var added: Timestamp?
    package var source: Origin
    /// That it ends soon.
    package var warning: ExpiryWarning?

    /// Puts it together from its parts.
    package init(
        kind: String,
        registration: String? = nil,
        expiresAt: Timestamp? = nil,
        added: Timestamp? = nil,
        source: Origin = .unknown,
        warning: ExpiryWarning? = nil
    ) {
        self.warning = warning
        self.added = added
        self.kind = kind
        self.registration = registration
        self.expiresAt = expiresAt
        self.source = source
    }
}

/// What a connection leaves out or blackens of a stream's records, and how often it did.
package struct SelectedLine: Sendable, Equatable {
    /// The choice in words.
    package var words: String
    package var dropped24h: Int
    package var redacted24h: Int

    /// Puts it together from its parts.
    package init(words: String, dropped24h: Int, redacted24h: Int) {
        self.words = words
        self.dropped24h = dropped24h
        self.redacted24h = redacted24h
    }
}

/// A stream in the status.
package struct StreamLine: Sendable, Equatable {
    package var id: String
    package var title: String?
    package var situation: StreamSituation
    package var assessment: Assessment
    package var records24h: Int
    /// `nil` where every record is stored as it came.
    package var selected: SelectedLine?

    /// Puts it together from its parts.
    package init(
        id: String,
        title: String? = nil,
        situation: StreamSituation,
        assessment: Assessment,
        records24h: Int,
        selected: SelectedLine? = nil
    ) {
        self.selected = selected
        self.id = id
        self.title = title
        self.situation = situation
        self.assessment = assessment
        self.records24h = records24h
    }

    /// The state it was found in.
    package var state: StreamState { assessment.state }
    /// The facts it was found by.
    package var facts: StreamFacts { situation.facts }
}
