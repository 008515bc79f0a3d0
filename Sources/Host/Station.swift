// SPDX-License-Identifier: Apache-2.0
package import Basics
import Collecting
package import Connectors

import Source
import Status
package import Store

/// What a host works with, opened once and shared by everything it runs.
package struct Station: Sendable {
    package let home: Home
    package let ledger: any Ledger
    package let committer: Committer
    package let quarantine: Quarantine
    let library: Library
    package let sessions: Sessions
    /// Where secrets rest; `nil` where nothing of it is ever to be forgotten by itself.
    package let vault: Vault?
    package let time: any TimeSource
    package let log: Log
    /// Headgate's own version, as status shows it.
    package let version: String
    /// How long delivered segments of the journal are kept.
    package let journalRetention: Duration
    /// How large the journal may become; `nil` leaves it to the retention.
    package let journalMaxBytes: Int64?
    /// How long archive files are kept after their day; `nil` keeps them for good.
    package let archiveRetention: Duration?
    /// Copies the ledger where a copy of the day is due.
    package let backUp: @Sendable (Timestamp) async throws -> Void

    /// The definitions as they stand now.
    package var shelf: Shelf { library.shelf }

    /// Puts it together from its parts.
    package init(
        home: Home,
        ledger: any Ledger,
        committer: Committer,
        quarantine: Quarantine,
        shelf: Shelf,
        sessions: Sessions,
        vault: Vault? = nil,
        time: any TimeSource,
        log: Log,
        version: String,
        journalRetention: Duration = .days(2),
        journalMaxBytes: Int64? = nil,
        archiveRetention: Duration? = nil,
        backUp: @escaping @Sendable (Timestamp) async throws -> Void
    ) {
        self.home = home
        self.ledger = ledger
        self.committer = committer
        self.quarantine = quarantine
        library = Library(shelf)
        self.sessions = sessions
        self.vault = vault
        self.time = time
        self.log = log
        self.version = version
        self.journalRetention = journalRetention
        self.journalMaxBytes = journalMaxBytes
        self.archiveRetention = archiveRetention
        self.backUp = backUp
    }

    /// What the cycles of a stream need; throws where its definition or credential cannot be had.
    func context(of stream: String, in connection: Connection) async throws -> StreamContext? {
        let definition = try shelf.usable(for: connection)
        guard let described = definition.stream(stream) else { return nil }
        // What cannot be read any more must not lead to storing what somebody wanted blackened.
        let choice = connection.streams.first { $0.stream == stream }
        let selection = try RecordSelection.kept(choice?.select)
        let session = try await sessions.session(of: connection, definition)
        return StreamContext(
            stream: described,
            envelope: Envelope(
                stream: .init(
                    customer: connection.key.customer,
                    connection: connection.key.connection,
                    stream: stream
                ),
                connector: connection.connector,
                tenant: connection.tenant,
                identity: connection.identity
            ),
            session: session,
            committer: committer,
            ledger: ledger,
            quarantine: quarantine,
            time: time,
            log: log,
            mayChange: !connection.noChanges,
            plans: connection.proven(definition, now: time.now),
            isLicensed: connection.isLicensed(described, of: definition, now: time.now),
            selection: selection,
            historyFrom: choice?.historyFrom,
            credential: await sessions.credentialVersion(of: connection)
        )
    }
}
