// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Status

/// The one writer of the journal and the one judge of duplicates.
package actor Committer {
    private let ledger: any Ledger

    /// Opens the journal of `home`, cut back to the ledger's committed end.
    package init(home: Home, ledger: any Ledger, time: any TimeSource = SystemTime(), log: Log = .silent)
        async throws
    {
        self.ledger = ledger
    }

    /// Stores `batch` durably and returns what became of its records.
    package func commit(_ batch: Batch) async throws -> Committed {
        throw StoreFailure.batchRefused(stream: batch.stream.description, reason: "not yet")
    }

    /// What keeps everything from being stored just now, such as a full disk.
    package nonisolated var hostCondition: Cause? { nil }
}
