// SPDX-License-Identifier: Apache-2.0
import Basics
package import Store

extension OfferedCredential {
    /// A credential that stays where `reference` says; a certificate there is taken into the vault, a secret is not.
    package static func taken(from reference: SecretReference) async throws -> OfferedCredential {
        let secret = try await reference.read()
        let bytes = secret.reveal { Array($0.utf8) }
        if secret.reveal({ $0.contains("-----BEGIN") }) {
            return try OfferedCredential(certificate: bytes, passphrase: nil)
        }
        return OfferedCredential(reference: reference)
    }
}
