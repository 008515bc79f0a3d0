// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
package import Crypto
import Identity
package import Store

/// A credential as a person hands it over, read and looked at, not yet kept anywhere.
package struct OfferedCredential: Sendable {
    package let kind: Store.Credential.Kind
    /// What the vault is to hold; `nil` when it stays where it is.
    package let kept: Secret?
    /// Where it stays; `nil` when the vault is to hold it.
    package let reference: SecretReference?
    package let expiresAt: Timestamp?
    package let thumbprint: String?

    /// A client secret or key, to be kept in the vault; `end` is what its provider said when it was made.
    package init(secret: Secret, until end: Timestamp? = nil) {
        self.init(kind: .secret, kept: secret, reference: nil, expiresAt: end)
    }

    /// A secret that stays where it is.
    package init(reference: SecretReference) {
        self.init(kind: .secret, kept: nil, reference: reference)
    }

    /// A file into which somebody else keeps writing an assertion.
    package init(federatedFile path: String) {
        self.init(kind: .federated, kept: nil, reference: .file(path))
    }

    /// A certificate with its key; its end is known.
    package init(certificate file: [UInt8], passphrase: Secret?) throws(CryptoFailure) {
        self.init(made: try CertifiedKey(file: file, passphrase: passphrase))
    }

    /// A certificate with its key that was made here; the vault is to hold both.
    package init(made pair: CertifiedKey) {
        self.init(
            kind: .certificate,
            kept: pair.pem,
            reference: nil,
            expiresAt: pair.certificate.notAfter,
            thumbprint: Hex.encode(pair.certificate.thumbprintSHA256)
        )
    }

    private init(
        kind: Store.Credential.Kind,
        kept: Secret?,
        reference: SecretReference?,
        expiresAt: Timestamp? = nil,
        thumbprint: String? = nil
    ) {
        self.kind = kind
        self.kept = kept
        self.reference = reference
        self.expiresAt = expiresAt
        self.thumbprint = thumbprint
    }

    /// Everything that makes it useless to `definition`, as sentences that never quote it.
    package func problems(for definition: Definition, values: [String: String], now: Timestamp) -> [String] {
        var problems: [String] = []
        if !definition.auth.credentials.contains(where: { $0.rawValue == kind.rawValue }) {
            let taken = definition.auth.credentials.map(\.rawValue).joined(separator: ", ")
            problems.append("\(definition.title) takes no \(kind.rawValue); it takes \(taken).")
        }
        let field = definition.credentials.first { $0.kind.rawValue == kind.rawValue }
        if let field, kind == .secret, let kept {
            problems += kept.reveal { field.problems(with: $0, among: values) }
        }
        if let expiresAt, expiresAt <= now {
            problems.append(
                "The \(kind.rawValue) expired on \(expiresAt.day): make a new one at the app."
            )
        }
        return problems
    }

    /// What the ledger is to know of it, as a credential beside the one that `registration` has in use.
    package func record(
        beside registration: Registration,
        declaredExpiry: Timestamp?,
        now: Timestamp
    ) -> Store.Credential {
        Store.Credential(
            kind: kind,
            version: registration.nextVersion,
            reference: reference,
            slot: registration.freeSlot,
            expiresAt: expiresAt ?? declaredExpiry,
            expirySource: expiresAt != nil ? .verified : declaredExpiry != nil ? .declared : .unknown,
            thumbprint: thumbprint,
            added: now
        )
    }
}

extension OfferedCredential {
    /// The same credential with its secret read from where it stays, so that it can be looked at.
    func looked() async throws -> OfferedCredential {
        guard let reference, kind == .secret else { return self }
        return OfferedCredential(secret: try await reference.read())
    }

    /// The credential as it is used, where it does not stay with somebody else.
    func opened() throws(CryptoFailure) -> Identity.Credential {
        switch kind {
        case .federated:
            guard case .file(let path)? = reference else { return .federatedFile("") }
            return .federatedFile(path)
        case .secret: return .secret(kept ?? Secret(""))
        case .certificate:
            let text = (kept ?? Secret("")).reveal { Array($0.utf8) }
            return .certificate(try CertifiedKey(pem: text))
        }
    }
}
