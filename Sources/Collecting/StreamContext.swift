// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
import JSON
package import Source
package import Status
package import Store

/// Everything the cycles of one stream work with; it lives as long as the stream is collected.
package struct StreamContext: Sendable {
    package let stream: StreamDefinition
    package let envelope: Envelope
    package let session: Session
    package let committer: Committer
    package let ledger: any Ledger
    package let quarantine: Quarantine
    package let time: any TimeSource
    package let log: Log
    /// Whether a person has agreed to the preparing steps that change something at the source.
    package let mayChange: Bool
    /// The plans the tenant is known to hold.
    package let plans: Set<String>
    /// Whether the tenant's list of plans shows what the stream needs; `nil` where nobody knows.
    package let isLicensed: Bool?
    /// What the connection leaves out or blackens; `nil` stores every record as it came.
    package let selection: RecordSelection?
    /// From when on a person asked for history after the connection was added.
    package let historyFrom: Timestamp?
    /// Names the credential in use, so that a new one starts with a clean record.
    package let credential: String
    /// What its records may say beyond themselves.
    let watches: WatchPlan?

    /// Puts it together from its parts.
    package init(
        stream: StreamDefinition,
        envelope: Envelope,
        session: Session,
        committer: Committer,
        ledger: any Ledger,
        quarantine: Quarantine,
        time: any TimeSource,
        log: Log,
        mayChange: Bool,
        plans: Set<String> = [],
        isLicensed: Bool? = nil,
        selection: RecordSelection? = nil,
        historyFrom: Timestamp? = nil,
        credential: String
    ) {
        self.stream = stream
        self.envelope = envelope
        self.session = session
        self.committer = committer
        self.ledger = ledger
        self.quarantine = quarantine
        self.time = time
        self.log = log.with(["stream": envelope.stream.description])
        self.mayChange = mayChange
        self.plans = plans
        self.isLicensed = isLicensed
        self.selection = selection
        self.historyFrom = historyFrom
        self.credential = credential
        watches = WatchPlan(session, stream)
    }

    /// The stream's name in the ledger.
    package var key: StreamKey { envelope.stream }
    /// How long the source keeps what this tenant may see.
    package var retention: Duration? { stream.retention(plans: plans) }

    /// How far the source's clock is ahead of ours, as far as its answers have shown.
    package var skew: Duration { .zero - session.skew(of: stream.list.request.service) }

    /// The present by the source's clock.
    package var now: Timestamp { time.now + skew }

    /// The names that every request of this stream may use besides the session's own.
    package var names: Names { Names(["stream": stream.named]) }

    /// Stores what moves without records.
    func note(_ effects: [Effect]) async throws {
        _ = try await committer.commit(Batch(stream: key, availability: now, effects: effects))
    }
}
