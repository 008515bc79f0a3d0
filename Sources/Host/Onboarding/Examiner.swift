// SPDX-License-Identifier: Apache-2.0
package import Connectors
import Crypto
import Identity
import JSON
package import Probing
package import Source
import Status
package import Store

/// Opens what the connection test of a connection in the ledger needs.
package struct Examiner: Sendable {
    private let ledger: any Ledger
    private let shelf: Shelf
    private let maker: SessionMaker
    private let credentials: Credentials

    /// Opens connections of `ledger`, with credentials from `credentials`.
    package init(ledger: any Ledger, shelf: Shelf, maker: SessionMaker, credentials: Credentials) {
        self.ledger = ledger
        self.shelf = shelf
        self.maker = maker
        self.credentials = credentials
    }

    /// What is tested of a connection, streams that somebody agreed to leave out excepted.
    ///
    /// A credential that cannot be had is for the test to say, like everything else that is wrong with a connection.
    /// With `registration` it is tested as if that one stood in the ledger.
    package func subject(
        of connection: Connection,
        by registration: Registration? = nil
    ) async throws -> ProbeSubject {
        let definition = try shelf.usable(for: connection)
        var registration = registration
        if registration == nil {
            registration = try await ledger.registrations().first { $0.id == connection.registration }
        }
        var credential: Identity.Credential?
        var trouble: String?
        do {
            guard let registration, let current = registration.current else {
                throw StoreFailure.missing("credential for \(connection.key)")
            }
            credential = try await credentials.credential(of: registration, current)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            trouble = "The credential cannot be used: \(error)"
        }
        let session = try maker.session(
            definition,
            for: SessionMaker.Subject(
                customer: connection.key.customer,
                connection: connection.key.connection,
                cloud: connection.cloud,
                tenant: connection.tenant,
                credentials: connection.credentials.objectValue ?? Object(),
                registration: registration?.id ?? "",
                credential: credential ?? .federatedFile(""),
                credentialVersion: registration?.current?.version ?? 0
            )
        )
        var subject = ProbeSubject(connection, definition, registration: registration, session: session)
        subject.credential = credential
        subject.credentialTrouble = trouble
        return subject
    }
}
