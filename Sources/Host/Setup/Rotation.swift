// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
import Identity
import JSON
import Probing
package import Source
package import Status
package import Store

/// Brings a registration to a new credential while everything that uses the old one goes on.
///
/// Stage, prove, swap, drop: each is one call, and a process that dies between any two leaves a registration that works
/// with the credential it had or with the proven new one. Secrets reach the vault before the ledger knows of them, in a
/// slot that nothing in use rests in, and leave it after the ledger has forgotten them.
package struct Rotation: Sendable {
    let ledger: any Ledger
    let vault: Vault
    let shelf: Shelf
    let maker: SessionMaker
    let time: any TimeSource

    /// Rotates in the home that `ledger` and `vault` belong to.
    package init(
        ledger: any Ledger,
        vault: Vault,
        shelf: Shelf,
        maker: SessionMaker,
        time: any TimeSource
    ) {
        self.ledger = ledger
        self.vault = vault
        self.shelf = shelf
        self.maker = maker
        self.time = time
    }

    /// The registration that a connection uses, with all that use it; throws ``StoreFailure`` where there is none.
    package func subject(of key: ConnectionKey) async throws -> RotationSubject {
        guard let connection = try await ledger.connection(key) else {
            throw StoreFailure.missing("connection \(key)")
        }
        guard let id = connection.registration else {
            throw StoreFailure.missing("credential that \(key) uses")
        }
        return try await subject(id)
    }

    func subject(_ registration: String) async throws -> RotationSubject {
        guard let found = try await ledger.registrations().first(where: { $0.id == registration }) else {
            throw StoreFailure.missing("registration \(registration) any more")
        }
        return try await RotationSubject(found, among: ledger.connections(), ledger.registrations())
    }

    /// Puts a new credential beside the one in use; whatever stood there is forgotten.
    ///
    /// Throws ``CredentialRefused`` with everything that can be known to be wrong with it without sending it; nothing is
    /// kept then.
    package func stage(
        _ offered: OfferedCredential,
        for subject: RotationSubject,
        declaredExpiry: Timestamp? = nil
    ) async throws -> RotationSubject {
        let subject = try await self.subject(subject.registration.id)
        let problems = try await problems(offered, subject, declaredExpiry)
        guard problems.isEmpty else { throw CredentialRefused(problems.joined(separator: " ")) }
        let registration = subject.registration
        // No record may name a secret that is not its own, not even for an instant.
        if let beside = registration.next {
            try await ledger.write([.credential(registration.id, .drop(version: beside.version))])
        }
        let credential = offered.record(
            beside: registration,
            declaredExpiry: declaredExpiry,
            now: time.now
        )
        if let secret = offered.kept { try await vault.put(secret, registration.id, credential.slot) }
        CrashPoint.hit(.kept)
        try await ledger.write([.credential(registration.id, .stage(credential))])
        CrashPoint.hit(.staged)
        if let secret = offered.kept { try await vault.ensure(secret, registration.id, credential.slot) }
        let staged = try await self.subject(registration.id)
        try await vault.tidy(staged.registration)
        return staged
    }

    private func problems(
        _ offered: OfferedCredential,
        _ subject: RotationSubject,
        _ declaredExpiry: Timestamp?
    ) async throws -> [String] {
        let looked = try await offered.looked()
        var problems: [String] = []
        for connection in subject.connections {
            guard let definition = try? shelf.usable(for: connection) else { continue }
            let found = looked.problems(for: definition, values: connection.entered, now: time.now)
            problems += found.filter { !problems.contains($0) }
        }
        if let declaredExpiry, declaredExpiry <= time.now {
            problems.append(
                "It would have ended on \(declaredExpiry.day) already: give the day on which it ends."
            )
        }
        if offered.reference == nil, let kept = looked.kept, let current = subject.registration.current,
            current.reference == nil,
            try await vault.secret(subject.registration.id, current.slot) == kept
        {
            problems.append("It is the one in use already: make a new one at the provider, and give that.")
        }
        return problems
    }

    /// Tests every connection of the registration with the staged credential, as it is kept; changes nothing.
    ///
    /// `progress` hears what is tested. Throws ``StoreFailure`` where nothing is staged.
    package func prove(
        _ subject: RotationSubject,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> RotationProof {
        guard let staged = subject.registration.staged else {
            throw StoreFailure.missing("staged credential of the app \(subject.registration.clientKey)")
        }
        let trial = subject.registration.replacing(by: staged)
        let proof = try await Proving(ledger: ledger, shelf: shelf, maker: maker, vault: vault)
            .proof(of: subject.connections, by: trial, progress: progress)
        CrashPoint.hit(.proven)
        return proof
    }

    /// Brings the staged credential into use, in one transaction; the one before stays beside it as the former one.
    ///
    /// The host looks at every stream at once. Throws ``StoreFailure`` where something else was staged meanwhile.
    package func swap(_ subject: RotationSubject) async throws -> RotationSubject {
        let registration = subject.registration
        guard let staged = registration.staged else {
            throw StoreFailure.missing("staged credential of the app \(registration.clientKey)")
        }
        let woken = subject.connections.filter { !$0.isDraft }.flatMap(\.streamKeys)
        try await ledger.write(
            [.credential(registration.id, .swap(version: staged.version))] + woken.map { .wake($0) }
        )
        CrashPoint.hit(.swapped)
        return try await self.subject(registration.id)
    }

    /// Forgets the credential beside the one in use: the former one, or a staged one that was not proven.
    package func drop(_ subject: RotationSubject) async throws -> RotationSubject {
        let registration = subject.registration
        if let beside = registration.next {
            try await ledger.write([.credential(registration.id, .drop(version: beside.version))])
            CrashPoint.hit(.dropped)
        }
        let left = try await self.subject(registration.id)
        try await vault.tidy(left.registration)
        return left
    }

    /// Forgets every former credential that has come to its known end, and says whose.
    package static func dropEnded(_ ledger: any Ledger, _ vault: Vault, now: Timestamp) async throws
        -> [Registration]
    {
        let over = try await ledger.registrations().filter { $0.isFormerOver(at: now) }
        for registration in over {
            guard let former = registration.former else { continue }
            try await ledger.write([.credential(registration.id, .drop(version: former.version))])
            try await vault.tidy(try registration.making(.drop(version: former.version)))
        }
        return over
    }

    /// Where a credential of this registration is deleted at its provider, by the definitions that take it.
    package func place(of credential: Store.Credential, in subject: RotationSubject) -> CredentialPlace? {
        for connection in subject.connections {
            guard let definition = try? shelf.usable(for: connection),
                let place = CredentialPlace(credential.kind, connection, definition, maker)
            else { continue }
            return place
        }
        return nil
    }
}

/// A registration and the connections that use it.
package struct RotationSubject: Sendable, Equatable {
    package let registration: Registration
    package let connections: [Connection]
    /// Those that use the same app for other tenants, each tenant with a credential of its own kept here.
    package let elsewhere: [ConnectionKey]

    /// Finds who uses `registration`.
    package init(
        _ registration: Registration,
        among connections: [Connection],
        _ registrations: [Registration]
    ) {
        self.registration = registration
        self.connections = connections.filter { $0.registration == registration.id }
        elsewhere = registration.elsewhere(connections, registrations)
    }
}

extension Registration {
    /// The connections that use the same app by another registration: an app of several tenants has one for each.
    package func elsewhere(_ connections: [Connection], _ registrations: [Registration]) -> [ConnectionKey] {
        guard !clientKey.isEmpty else { return [] }
        let twins = registrations.filter { $0.id != id && $0.cloud == cloud && $0.clientKey == clientKey }
        return connections.filter { connection in twins.contains { $0.id == connection.registration } }.map(
            \.key
        )
    }
}

extension Connection {
    /// What was entered, without secrets, by the definition's names.
    package var entered: [String: String] {
        let pairs = (credentials.objectValue ?? [:]).compactMap { member in
            member.value.stringValue.map { (member.key, $0) }
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
