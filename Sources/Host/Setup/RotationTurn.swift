// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Store

/// One rotation from the credential that a person gives to what came of it.
package struct RotationTurn: Sendable {
    /// What came of it.
    package enum Outcome: String, Sendable {
        case rotated
        /// The new one does not prove itself, and is forgotten; the one in use stays in use.
        case refused
        /// It could not be told now; the new one waits beside the one in use.
        case doubtful
        /// Nothing new was given; the former one is forgotten.
        case dropped
        /// There was no former one to forget.
        case nothing
    }

    /// How the registration stands afterwards, and why.
    package struct Result: Sendable {
        package let outcome: Outcome
        package let subject: RotationSubject
        package let proof: RotationProof?
        /// The credential that was in use before.
        package let former: Store.Credential?
    }

    private let rotation: Rotation
    private let drops: Bool
    private let progress: @Sendable (String) -> Void

    /// A turn of `rotation`; with `drops` the former credential goes as soon as it is not in use.
    package init(
        _ rotation: Rotation,
        drops: Bool,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.rotation = rotation
        self.drops = drops
        self.progress = progress
    }

    /// Stages what is offered, proves and swaps it; without an offer it goes on with what is staged already, and where
    /// nothing is, forgets the former one.
    ///
    /// Throws ``CredentialRefused`` for an offer that is wrong at sight; nothing is kept then.
    package func run(
        _ subject: RotationSubject,
        _ offered: OfferedCredential?,
        expires: Timestamp? = nil
    ) async throws -> Result {
        var subject = subject
        if let offered {
            subject = try await rotation.stage(offered, for: subject, declaredExpiry: expires)
        } else if subject.registration.staged == nil {
            let former = subject.registration.former
            return Result(
                outcome: former == nil ? .nothing : .dropped,
                subject: try await rotation.drop(subject),
                proof: nil,
                former: former
            )
        }
        let proof = try await rotation.prove(subject, progress: progress)
        guard proof.outcome == .proven else {
            // One that is refused will not become right; one in doubt waits for the next try.
            let isRefused = proof.outcome == .refused
            return Result(
                outcome: isRefused ? .refused : .doubtful,
                subject: isRefused ? try await rotation.drop(subject) : subject,
                proof: proof,
                former: nil
            )
        }
        _ = try await rotation.swap(subject)
        try await CredentialEnds.note(proof, in: rotation.ledger)
        var swapped = try await rotation.subject(subject.registration.id)
        let former = swapped.registration.former
        if drops { swapped = try await rotation.drop(swapped) }
        return Result(outcome: .rotated, subject: swapped, proof: proof, former: former)
    }
}
