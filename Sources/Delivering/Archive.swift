// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Store

/// The destination `archive`: files of lines, one a stream and day, each record in exactly one of them once.
package actor Archive {
    /// What a line of a file is.
    package enum Format: String, Sendable, CaseIterable {
        /// The journal's line.
        case journal
        /// Only the event, byte for byte as it was received.
        case raw
    }

    /// The name under which the ledger keeps its cursor.
    package static let destination = "archive"

    /// Delivers the journal of `home` into its archive.
    package init(
        home: Home,
        ledger: any Ledger,
        time: any TimeSource = SystemTime(),
        log: Log = .silent,
        format: Format = .journal
    ) {}

    /// Delivers everything that is committed, and returns when it has caught up.
    ///
    /// Throws ``DeliveryFailure``, or what ledger and journal throw; a cancelled task stops within a chunk, with what
    /// was written committed.
    package func deliver() async throws -> Delivered { Delivered() }
}
