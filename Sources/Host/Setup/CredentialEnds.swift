// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Probing
package import Status
package import Store

/// Writes down when secrets end, as tests have read it from their providers.
package enum CredentialEnds {
    /// Notes what tests of connections in the ledger have read.
    package static func note(_ reports: [ProbeReport], in ledger: any Ledger) async throws {
        try await note(
            reports.compactMap { report in report.credentialEnd.map { (report.connection, $0) } },
            in: ledger
        )
    }

    /// Notes what a proof has read, once its credential is in use.
    static func note(_ proof: RotationProof, in ledger: any Ledger) async throws {
        try await note(
            proof.lines.compactMap { line in line.credentialEnd.map { (line.connection, $0) } },
            in: ledger
        )
    }

    /// Notes what a person says of the credential that a connection uses, where its provider has not said it.
    package static func declare(_ end: Timestamp, of key: ConnectionKey, in ledger: any Ledger) async throws {
        guard let id = try await ledger.connection(key)?.registration,
            let current = try await ledger.registrations().first(where: { $0.id == id })?.current
        else { return }
        try await ledger.write([.credential(id, .declared(version: current.version, end: end))])
    }

    private static func note(_ ends: [(ConnectionKey, Timestamp)], in ledger: any Ledger) async throws {
        guard !ends.isEmpty else { return }
        let connections = try await ledger.connections()
        var registrations = try await ledger.registrations()
        for (key, end) in ends {
            guard let id = connections.first(where: { $0.key == key })?.registration,
                let place = registrations.firstIndex(where: { $0.id == id }),
                let current = registrations[place].current
            else { continue }
            let noted = registrations[place].ending(end)
            guard noted != registrations[place] else { continue }
            try await ledger.write([.credential(id, .ends(version: current.version, at: end))])
            registrations[place] = noted
        }
    }
}
