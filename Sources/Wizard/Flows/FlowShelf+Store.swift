// SPDX-License-Identifier: Apache-2.0
package import Store

extension FlowShelf {
    /// The shelf as people agreed to it, by what `ledger` knows.
    package func trusting(_ ledger: any Ledger) async throws -> FlowShelf {
        trusting(try await ledger.trusts().digests(of: .flow))
    }
}
