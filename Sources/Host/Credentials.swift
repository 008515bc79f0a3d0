// SPDX-License-Identifier: Apache-2.0
package import Basics
import Crypto
package import Identity
package import Store

/// Opens the credential of a registration from wherever it rests: the vault, or the place that a reference names.
package struct Credentials: Sendable {
    private let kept: @Sendable (_ registration: String, _ slot: CredentialSlot) async throws -> Secret?

    /// Reads kept secrets by `kept`, which is the vault's own reading.
    package init(
        kept: @escaping @Sendable (_ registration: String, _ slot: CredentialSlot) async throws -> Secret?
    ) {
        self.kept = kept
    }

    /// Reads kept secrets from `vault`.
    package init(_ vault: Vault) {
        self.init { registration, slot in try await vault.secret(registration, slot) }
    }

    /// The credential itself; throws ``StoreFailure`` where it cannot be had, and `CryptoFailure` where it is damaged.
    package func credential(
        of registration: Registration,
        _ credential: Store.Credential
    ) async throws -> Identity.Credential {
        if credential.kind == .federated {
            guard case .file(let path)? = credential.reference else {
                throw StoreFailure.missing("federated token file for the app \(registration.clientKey)")
            }
            return .federatedFile(path)
        }
        let secret: Secret
        if let reference = credential.reference {
            secret = try await reference.read()
        } else if let own = try await kept(registration.id, credential.slot) {
            secret = own
        } else {
            throw StoreFailure.missing("secret in the vault for the app \(registration.clientKey)")
        }
        guard credential.kind == .certificate else { return .secret(secret) }
        return try .certificate(secret.reveal { try CertifiedKey(pem: Array($0.utf8)) })
    }
}
