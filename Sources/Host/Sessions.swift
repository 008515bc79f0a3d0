// SPDX-License-Identifier: Apache-2.0
package import Connectors
import Crypto
import Identity
import JSON
package import Source
import Status
package import Store

/// Keeps one session a connection, and opens a new one when its set-up has changed.
package actor Sessions {
    private struct Kept {
        let connection: Connection
        let registration: Registration?
        let definition: Definition
        let session: Session
    }

    private let maker: SessionMaker
    private let credentials: Credentials
    private let ledger: any Ledger
    private var kept: [String: Kept] = [:]

    /// Starts without any session.
    package init(_ maker: SessionMaker, _ credentials: Credentials, _ ledger: any Ledger) {
        self.maker = maker
        self.credentials = credentials
        self.ledger = ledger
    }

    /// The session of a connection in the ledger; throws where its credential cannot be had.
    package func session(of connection: Connection, _ definition: Definition) async throws -> Session {
        let registrations = try await ledger.registrations()
        let registration = registrations.first { $0.id == connection.registration }
        let name = connection.key.description
        if let known = kept[name], known.connection.isSameSetUp(as: connection),
            known.registration == registration, known.definition == definition
        {
            return known.session
        }
        guard let registration, let current = registration.current else {
            // It was moved to another app after it was read for this cycle.
            if let moved = try await ledger.connection(connection.key),
                moved.registration != connection.registration,
                registrations.contains(where: { $0.id == moved.registration && $0.current != nil })
            {
                return try await session(of: moved, definition)
            }
            throw StoreFailure.missing("credential for \(name)")
        }
        let session = try maker.session(
            definition,
            for: SessionMaker.Subject(
                customer: connection.key.customer,
                connection: connection.key.connection,
                cloud: connection.cloud,
                tenant: connection.tenant,
                credentials: connection.credentials.objectValue ?? Object(),
                registration: registration.id,
                credential: try await credentials.credential(of: registration, current),
                credentialVersion: current.version
            )
        )
        kept[name] = Kept(
            connection: connection,
            registration: registration,
            definition: definition,
            session: session
        )
        return session
    }

    /// Lets go of what nobody has used for a day, and of the sessions of connections that are gone.
    ///
    /// Says how many quotas are still counted.
    @discardableResult
    func tidy(keeping connections: [Connection]) async -> Int {
        let names = Set(connections.map { $0.key.description })
        kept = kept.filter { names.contains($0.key) }
        return await maker.shared.quotas.tidy()
    }

    /// Names the credential that a connection uses now, as facts remember it.
    package func credentialVersion(of connection: Connection) -> String {
        guard let registration = kept[connection.key.description]?.registration else { return "" }
        return "\(registration.id)#\(registration.current?.version ?? 0)"
    }
}

extension Connection {
    /// Whether the same requests would be made for both.
    fileprivate func isSameSetUp(as other: Connection) -> Bool {
        tenant == other.tenant && cloud == other.cloud && credentials == other.credentials
            && registration == other.registration && connector == other.connector
    }
}
