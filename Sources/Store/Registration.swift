// SPDX-License-Identifier: Apache-2.0
package import Basics

/// An app at an identity provider with its credentials, shared by the connections that use it.
package struct Registration: Sendable, Equatable {
    /// The ledger's own id, made once; part of what seals the vault's entries.
    package var id: String
    package var cloud: String
    /// The tenant the app lives in, or `shared:<name>` for the provider's own multi-tenant app.
    package var tenant: String
    package var clientKey: String
    /// The credential in use.
    package var current: Credential?
    /// The credential that waits beside it: one that a rotation has staged, or the former one.
    package var next: Credential?
    package var created: Timestamp

    /// Puts it together from its parts.
    package init(
        id: String,
        cloud: String,
        tenant: String,
        clientKey: String,
        current: Credential? = nil,
        next: Credential? = nil,
        created: Timestamp
    ) {
        self.id = id
        self.cloud = cloud
        self.tenant = tenant
        self.clientKey = clientKey
        self.current = current
        self.next = next
        self.created = created
    }
}

/// The name of a credential's entry in the vault; a registration has two, so that a new one never overwrites the one in
/// use.
package enum CredentialSlot: String, Sendable, CaseIterable {
    case current, next
}

/// What is known of one credential; the secret itself rests in the vault or behind a reference.
package struct Credential: Sendable, Equatable {
    /// What a client proves itself with.
    package enum Kind: String, Sendable, CaseIterable { case secret, certificate, federated }
    /// Where an expiry was learnt.
    package enum Expiry: String, Sendable, CaseIterable { case declared, verified, unknown }

    package var kind: Kind
    /// Counts up with every change, so that tokens of an older credential are not reused.
    package var version: Int
    /// Where the secret comes from; `nil` when the vault holds it.
    package var reference: SecretReference?
    /// The vault's slot in which the secret rests; it stays there when the credential comes into use.
    package var slot: CredentialSlot
    package var expiresAt: Timestamp?
    package var expirySource: Expiry
    /// The certificate's SHA-256 thumbprint in hex.
    package var thumbprint: String?
    package var added: Timestamp

    /// Puts it together from its parts.
    package init(
        kind: Kind,
        version: Int = 1,
        reference: SecretReference? = nil,
        slot: CredentialSlot = .current,
        expiresAt: Timestamp? = nil,
        expirySource: Expiry = .unknown,
        thumbprint: String? = nil,
        added: Timestamp
    ) {
        self.kind = kind
        self.version = version
        self.reference = reference
        self.slot = slot
        self.expiresAt = expiresAt
        self.expirySource = expirySource
        self.thumbprint = thumbprint
        self.added = added
    }
}
