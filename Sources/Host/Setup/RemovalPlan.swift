// SPDX-License-Identifier: Apache-2.0
package import Status
package import Store

/// What taking a connection off leaves behind, said before anything is done.
package struct RemovalPlan: Sendable, Equatable {
    /// Something that was prepared at the source for a stream.
    package struct Prepared: Sendable, Equatable {
        package let stream: String
        /// What it is, in the definition's words.
        package let title: String
        /// Whether the definition says how it is taken back.
        package let canBeTakenBack: Bool
    }

    package let connection: Connection
    package let registration: Registration?
    /// Where the app is looked after at its provider.
    package let place: CredentialPlace?
    /// Other connections that use the same app, and for whose sake its secret stays.
    package let others: [ConnectionKey]
    /// Connections that use the same app for other tenants, with a secret of their own kept here.
    package let elsewhere: [ConnectionKey]
    /// What stays at the source unless it is stopped.
    package let prepared: [Prepared]
    /// The folder of archive files, and how many are in it.
    package let archive: String
    package let archiveFiles: Int
    /// How many gaps are on record; they stay.
    package let gaps: Int
}

/// What came of taking back one stream's preparation.
package struct Stopped: Sendable, Equatable {
    /// How it went.
    package enum Outcome: String, Sendable {
        case stopped
        /// There was nothing to stop.
        case absent
        case failed
    }

    package let stream: String
    package let title: String
    package let outcome: Outcome
    /// Why it failed.
    package let words: String?
}
