// SPDX-License-Identifier: Apache-2.0
import Basics

/// A connector: what to ask of a service, with which credentials, how to test it, and what its errors mean.
package struct Definition: Sendable, Equatable {
    /// The newest language version this host knows.
    package static let language = 1

    /// Its name, which is its folder's.
    package let id: String
    /// Its own version.
    package let version: String
    /// What people call it.
    package let title: String
    /// Who answers for it.
    package let publisher: String
    /// What it collects, in a sentence.
    package let summary: String
    /// Pages to read.
    package let docs: [DocumentationLink]
    /// What a customer should know before relying on it.
    package let knownLimits: [String]
    /// Hosts that requests may go to besides those of the cloud's services.
    package let hosts: [HostRule]
    /// The form.
    package let credentials: [CredentialField]
    /// The fields, and `cloud`, that tell one set-up from another.
    package let identity: [String]
    /// How a connection proves who it is.
    package let auth: Auth
    /// The permissions the app must hold.
    package let permissions: [Permission]
    /// The licenses streams may need.
    package let licenses: [License]
    /// What must be so at the source.
    package let prerequisites: [Prerequisite]
    /// The services requests go to.
    package let services: [ServiceUse]
    /// How often they may be asked.
    package let quotas: [Quota]
    /// What is done with a record that comes again.
    package let dedupe: Dedupe
    /// Records that mean more than themselves.
    package let watch: [WatchRule]
    /// The connection test.
    package let probe: [ProbeStep]
    /// The feeds.
    package let streams: [StreamDefinition]
    /// What answers mean, the first rule that fits deciding.
    package let errors: [ErrorRule]
    /// What a person does.
    package let remedies: [RemedyTemplate]
    /// The bounds of every request.
    package let limits: RequestLimits
    /// What is normal.
    package let health: Health
    /// What it claims to be.
    package let tier: Tier
    /// How older connections are carried over.
    package let migrations: [Migration]
    /// Connectors and streams that are no more, and what takes their place.
    package let retired: [Retirement]

    /// The files that parts of it were taken from, as it names them.
    package let included: [String]

    /// The stream of that id.
    package func stream(_ id: String) -> StreamDefinition? { streams.first { $0.id == id } }
    /// The service of that name.
    package func service(_ name: String) -> ServiceUse? { services.first { $0.name == name } }
    /// The credential field of that name.
    package func credential(_ name: String) -> CredentialField? { credentials.first { $0.name == name } }
    /// The quota of that id.
    package func quota(_ id: String) -> Quota? { quotas.first { $0.id == id } }

    /// Whether any service comes from clouds.json, so that a connection must name its cloud.
    package var usesCloud: Bool { services.contains { $0.cloud != nil } }
}
