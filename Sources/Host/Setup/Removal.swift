// SPDX-License-Identifier: Apache-2.0
package import Store

/// Takes connections off.
package enum Removal {
    /// Removes the connections of `selection`, and registrations that nobody uses any more with their secrets.
    ///
    /// The ledger goes first: a secret without a registration is swept at the next start, while a registration without
    /// its secret would fail. Says whether a registration went too.
    package static func remove(_ selection: Selection, from ledger: any Ledger, vault: Vault) async throws
        -> Bool
    {
        let connections = try await ledger.connections()
        let gone = try selection.connections(among: connections)
        let keys = Set(gone.map(\.key))
        let used = Set(connections.filter { !keys.contains($0.key) }.compactMap(\.registration))
        let orphans = Set(gone.compactMap(\.registration)).subtracting(used).sorted()
        try await ledger.write(
            gone.map { .removeConnection($0.key) } + orphans.map { .removeRegistration($0) }
        )
        for orphan in orphans {
            for slot in CredentialSlot.allCases { try await vault.remove(orphan, slot) }
        }
        return !orphans.isEmpty
    }
}
