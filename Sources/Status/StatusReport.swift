// SPDX-License-Identifier: Apache-2.0
package import Basics

/// Collection status as one value; every rendering shows this and nothing else.
package struct StatusReport: Sendable, Equatable {
    package static let schema = 1

    package var evaluatedAt: Timestamp
    package var host: HostFacts
    package var customers: [CustomerLine]

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

    package init(
        id: String,
        name: String,
        connector: String,
        tenant: String?,
        headline: Headline,
        credential: CredentialLine?,
        streams: [StreamLine]
    ) {
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
    package enum Source: String, Sendable, CaseIterable { case declared, verified, unknown }

    package var kind: String
    package var expiresAt: Timestamp?
    package var source: Source

    package init(kind: String, expiresAt: Timestamp? = nil, source: Source = .unknown) {
        self.kind = kind
        self.expiresAt = expiresAt
        self.source = source
    }
}

/// A stream in the status.
package struct StreamLine: Sendable, Equatable {
    package var id: String
    package var title: String?
    package var situation: StreamSituation
    package var assessment: Assessment
    package var records24h: Int

    package init(
        id: String,
        title: String? = nil,
        situation: StreamSituation,
        assessment: Assessment,
        records24h: Int
    ) {
        self.id = id
        self.title = title
        self.situation = situation
        self.assessment = assessment
        self.records24h = records24h
    }

    package var state: StreamState { assessment.state }
    package var facts: StreamFacts { situation.facts }
}
