// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Store

/// What interrupted work has left behind and nobody will come back for.
package enum Leftovers {
    /// Forgets flows that were not touched for long, then drops from the vault what belongs to no registration and no
    /// flow, such as a secret whose registration a crash kept from being written.
    package static func sweep(_ ledger: any Ledger, _ vault: Vault, now: Timestamp) async throws {
        let flows = try await ledger.flows()
        let old = flows.filter { $0.touched + FlowRecord.kept < now }
        if !old.isEmpty { try await ledger.write(old.map { .removeFlow($0.id) }) }
        let kept = flows.filter { flow in !old.contains { $0.id == flow.id } }.map(\.vaultEntry)
        try await vault.sweep(keeping: ledger.registrations(), flows: kept)
    }
}
