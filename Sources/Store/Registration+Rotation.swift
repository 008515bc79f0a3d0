// SPDX-License-Identifier: Apache-2.0
package import Basics

/// One move of a registration's credentials, made in one transaction of the ledger and only from where it was thought to
/// stand.
package enum CredentialMove: Sendable, Equatable {
    /// Puts a credential beside the one in use.
    case stage(Credential)
    /// Brings the staged one of that version into use; the one in use so far becomes the former one.
    case swap(version: Int)
    /// Forgets the one of that version beside the one in use.
    case drop(version: Int)
    /// Notes when the one of that version in use ends, as its provider says.
    case ends(version: Int, at: Timestamp)
    /// Notes when the one of that version in use ends, as a person says; the provider's word stands before it.
    case declared(version: Int, end: Timestamp)
}

extension Registration {
    /// The slot that nothing in use rests in.
    package var freeSlot: CredentialSlot { current?.slot == .current ? .next : .current }

    /// The version for the next credential, above every one there was.
    package var nextVersion: Int { max(current?.version ?? 0, next?.version ?? 0) + 1 }

    /// A credential that was brought in and is not in use yet.
    package var staged: Credential? {
        next.flatMap { $0.version > current?.version ?? 0 ? $0 : nil }
    }

    /// The credential that was in use before.
    package var former: Credential? {
        next.flatMap { $0.version < current?.version ?? 0 ? $0 : nil }
    }

    /// The slots of the vault that its credentials rest in.
    package var slots: Set<CredentialSlot> {
        Set([current, next].compactMap(\.self).filter { $0.reference == nil }.map(\.slot))
    }

    /// The same registration after a move; a sentence where another has been made meanwhile.
    package func making(_ move: CredentialMove) throws(StoreFailure) -> Registration {
        var moved = self
        switch move {
        case .stage(let credential):
            guard credential.version > current?.version ?? 0, credential.slot != current?.slot else {
                throw .missing("room beside the credential of the app \(clientKey): it was changed meanwhile")
            }
            moved.next = credential
        case .swap(let version):
            guard let staged, staged.version == version else {
                throw .missing("staged credential of the app \(clientKey) any more: it was changed meanwhile")
            }
            moved.next = current
            moved.current = staged
        case .drop(let version):
            guard next?.version == version else { return self }
            moved.next = nil
        case .ends(let version, let end):
            guard current?.version == version else { return self }
            moved = ending(end)
        case .declared(let version, let end):
            guard let current, current.version == version, current.expirySource != .verified else {
                return self
            }
            moved.current?.expiresAt = end
            moved.current?.expirySource = .declared
        }
        return moved
    }

    /// The same registration with what its provider says of the end of the secret in use; of other kinds their own
    /// content tells.
    package func ending(_ end: Timestamp?) -> Registration {
        guard let end, current?.kind == .secret else { return self }
        var ending = self
        ending.current?.expiresAt = end
        ending.current?.expirySource = .verified
        return ending
    }

    /// The same registration with `credential` in use and nothing beside it, such as after adding again.
    package func replacing(by credential: Credential) -> Registration {
        var replaced = self
        replaced.current = credential
        replaced.next = nil
        return replaced
    }

    /// Whether the former credential has come to its known end, so that nobody can need it any more.
    package func isFormerOver(at now: Timestamp) -> Bool {
        former?.expiresAt.map { $0 <= now } ?? false
    }
}
