// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
import Crypto
import Identity
import JSON
package import Source
import Status
package import Store

/// Sets up a connection: answers and credential in, an accepted connection or a draft with its cause out.
///
/// Nothing is changed before ``settle(_:_:noChanges:)``, so that a refusal leaves the home as it was.
package struct Onboarding: Sendable {
    let ledger: any Ledger
    let vault: Vault
    let shelf: Shelf
    let maker: SessionMaker
    let fallbacks: [String: String]
    let time: any TimeSource

    /// Sets up in the home that `ledger` and `vault` belong to; `fallbacks` stand in for fields not given.
    package init(
        ledger: any Ledger,
        vault: Vault,
        shelf: Shelf,
        maker: SessionMaker,
        fallbacks: [String: String],
        time: any TimeSource
    ) {
        self.ledger = ledger
        self.vault = vault
        self.shelf = shelf
        self.maker = maker
        self.fallbacks = fallbacks
        self.time = time
    }

    /// Looks at the answers alone, before there need be a home; throws ``AnswersRefused`` with every problem at once.
    package static func look(_ file: AnswersFile, shelf: Shelf, fallbacks: [String: String]) throws {
        _ = try placing(file) {
            let definition = try definition(file.answers, shelf)
            return try FilledForm(
                file.answers,
                definition: definition,
                clouds: shelf.clouds,
                fallbacks: fallbacks
            )
        }
    }

    /// Looks at everything that can be looked at before the connection is tested.
    ///
    /// Throws ``AnswersRefused`` or ``CredentialRefused`` for what a person has to correct, ``CredentialMissing`` where
    /// none was given and none is kept, ``NotFoundOut`` where a field that is missing could not be found out.
    package func prepare(_ file: AnswersFile, _ offered: OfferedCredential?) async throws -> Prepared {
        do {
            return try await prepare(file.answers, offered)
        } catch let refused as AnswersRefused {
            throw AnswersRefused(refused.problems.map { $0.position == nil ? file.placed($0) : $0 })
        }
    }

    /// Looks at answers that stand in no file.
    package func prepare(_ answers: Answers, _ offered: OfferedCredential?) async throws -> Prepared {
        let definition = try Self.definition(answers, shelf)
        var form = try FilledForm(
            answers,
            definition: definition,
            clouds: shelf.clouds,
            fallbacks: fallbacks
        )
        try await discover(&form, answers)
        let registry = try await Registry(ledger)
        let existing = try registry.existing(answers, form)
        var registration = registry.registration(answers, form, newID: Random.uuid(), now: time.now)
        let credential: Identity.Credential
        if let offered {
            credential = try await open(offered, form)
            registration = registration.replacing(
                by: offered.record(
                    beside: registration,
                    declaredExpiry: answers.secretExpires,
                    now: time.now
                )
            )
        } else if let current = registration.current {
            credential = try await Credentials(vault).credential(of: registration, current)
        } else {
            throw CredentialMissing(definition)
        }
        let subject = SessionMaker.Subject(
            customer: answers.customer,
            connection: answers.name,
            cloud: form.cloud,
            tenant: form.tenant,
            credentials: form.kept.objectValue ?? [:],
            registration: registration.id,
            credential: credential,
            credentialVersion: registration.current?.version ?? 0
        )
        let prepared = Prepared(
            answers: answers,
            form: form,
            offered: offered,
            registration: registration,
            existing: existing,
            customer: registry.customers.first { $0.id == answers.customer },
            isRegistrationShared: registry.isShared(registration, besides: answers.key),
            isRegistrationKnown: registry.registrations.contains { $0.id == registration.id },
            credential: credential,
            session: try maker.session(definition, for: subject)
        )
        return prepared.declaring(answers.secretExpires)
    }

    private static func placing<Result>(_ file: AnswersFile, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let refused as AnswersRefused {
            throw AnswersRefused(refused.problems.map { $0.position == nil ? file.placed($0) : $0 })
        }
    }

    private static func definition(_ answers: Answers, _ shelf: Shelf) throws -> Definition {
        do {
            return try shelf.usable(answers.connector)
        } catch ConnectorFailure.unknown(let id, let known) {
            let there =
                known.isEmpty ? "no connector was found at all" : "there are \(known.joined(separator: ", "))"
            throw AnswersRefused([AnswerProblem("/connector", "there is no connector \"\(id)\"; \(there)")])
        } catch ConnectorFailure.retired(_, let words) {
            throw AnswersRefused([AnswerProblem("/connector", words)])
        }
    }

    /// The credential as it is used, looked at for everything that can be known without sending it.
    private func open(_ offered: OfferedCredential, _ form: FilledForm) async throws -> Identity.Credential {
        let looked = try await offered.looked()
        let problems = looked.problems(for: form.definition, values: form.values, now: time.now)
        guard problems.isEmpty else { throw CredentialRefused(problems.joined(separator: " ")) }
        return try looked.opened()
    }
}

/// No credential was given where one is needed.
package struct CredentialMissing: Error, Sendable, CustomStringConvertible {
    package let description: String

    /// Says how one is given.
    init(_ definition: Definition) {
        let labels = definition.credentials.filter(\.isSecret).map(\.label)
        description =
            "\(definition.title) needs a credential (\(labels.joined(separator: ", "))): give --secret-file FILE, "
            + "--secret-stdin, --secret-ref REFERENCE, --certificate FILE or --federated-token-file FILE."
    }
}
