// SPDX-License-Identifier: Apache-2.0
package import Status

/// What every record of a stream carries beside its own bytes.
package struct Envelope: Sendable, Equatable {
    package var stream: StreamKey
    package var connector: String
    /// The tenant's GUID, or the identity's value.
    package var tenant: String
    /// What the record's id hashes, so that it survives taking the connection off and adding it again.
    package var identity: String

    /// Puts it together from its parts.
    package init(stream: StreamKey, connector: String, tenant: String, identity: String) {
        self.stream = stream
        self.connector = connector
        self.tenant = tenant
        self.identity = identity
    }
}
