// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Crypto
import Probing
import Status
import Store

/// Does what a plan says, one thing after the other, each as `connection add` and `reconfigure` would do it.
package struct Applying: Sendable {
    /// How a thing came out.
    package enum Outcome: String, Sendable, CaseIterable {
        case unchanged, done
        /// Connected, but some streams start blocked.
        case partly
        /// Kept as a draft with its cause.
        case draft
        /// Left as it was, since it could not collect any more.
        case refused
    }

    /// One thing with what came of it.
    package struct Done: Sendable {
        package let item: SetupPlan.Item
        package let outcome: Outcome
        /// Why it is not what was wanted; `nil` where it is.
        package let message: String?

        /// Whether it is what the document wants of it.
        package var isAsWanted: Bool {
            if case .connect(let connecting) = item.work, connecting.isDraft { return outcome == .draft }
            return outcome == .done || outcome == .unchanged
        }
    }

    private let onboarding: Onboarding

    /// Applies in the home that `onboarding` sets up in.
    package init(_ onboarding: Onboarding) { self.onboarding = onboarding }

    /// Carries `plan` out; `write` puts settings where they live, and `telling` hears of each thing as it is done.
    package func carryOut(
        _ plan: SetupPlan,
        settings write: (Settings) throws -> Void,
        progress: @escaping @Sendable (String) -> Void = { _ in },
        telling: (Done) -> Void = { _ in }
    ) async throws -> [Done] {
        var all: [Done] = []
        for item in plan.items {
            let (outcome, message): (Outcome, String?)
            switch item.work {
            case .nothing: (outcome, message) = (.unchanged, nil)
            case .settings(let settings):
                try write(settings)
                (outcome, message) = (.done, nil)
            case .changes(let changes):
                try await onboarding.ledger.write(changes)
                (outcome, message) = (.done, nil)
            case .connect(let connecting):
                (outcome, message) = try await connect(connecting) { progress("\(item.name): \($0)") }
            case .reconfigure(let change, let holds):
                (outcome, message) = try await reconfigure(change, holds) { progress("\(item.name): \($0)") }
            }
            let done = Done(item: item, outcome: outcome, message: message)
            all.append(done)
            telling(done)
        }
        return all
    }

    private func connect(_ connecting: SetupPlan.Connecting, _ progress: @escaping @Sendable (String) -> Void)
        async throws -> (Outcome, String?)
    {
        let key = connecting.answers.key
        if connecting.isDraft {
            let message = "it was a draft in the document"
            try await keepDraft(connecting, .config, message)
            try await hold(connecting.holds, of: key)
            return (.draft, message)
        }
        let added: Added
        do {
            let prepared = try await onboarding.prepare(connecting.answers, nil)
            let report = try await Prober.run(ProbeSubject(prepared), progress: progress)
            added = try await onboarding.settle(prepared, Trial(report), noChanges: connecting.noChanges)
        } catch let cause where Self.isOfTheCredential(cause) {
            try await keepDraft(connecting, .auth, "\(cause)")
            try await hold(connecting.holds, of: key)
            return (.draft, "\(cause)")
        } catch let cause where cause is NotFoundOut || cause is AnswersRefused {
            return (.refused, "\(cause)")
        }
        try await hold(connecting.holds, of: key)
        return outcome(added)
    }

    private func reconfigure(
        _ plan: Reconfiguring.Plan,
        _ holds: [String: Hold?],
        _ progress: @escaping @Sendable (String) -> Void
    ) async throws -> (Outcome, String?) {
        var came: (Outcome, String?) = (.done, nil)
        do {
            switch try await Reconfiguring(onboarding).carryOut(plan, progress: progress) {
            case .unchanged, .written: break
            case .tested(let added, _): came = outcome(added)
            case .refused(let report): return (.refused, report.headline)
            }
        } catch let cause where Self.isOfTheCredential(cause) {
            guard plan.connection.isDraft else { return (.refused, "\(cause)") }
            return (.draft, "\(cause)")
        }
        try await hold(holds, of: plan.connection.key)
        return came
    }

    private func outcome(_ added: Added) -> (Outcome, String?) {
        switch added.standing {
        case .collecting: (.done, nil)
        case .partly:
            (
                .partly,
                (added.blocked.map { "\($0.key): \($0.value.message)" }
                    + added.excluded.map { "\($0.key): \($0.value)" })
                    .sorted().joined(separator: "; ")
            )
        case .draft: (.draft, added.connection.draftCause?.message ?? "it was not tested")
        }
    }

    /// Whether an error says that a secret cannot be had where it should be, which only a person can put right.
    private static func isOfTheCredential(_ error: any Error) -> Bool {
        switch error {
        case is CredentialMissing, is CredentialRefused, is CryptoFailure: true
        case let failure as StoreFailure:
            switch failure {
            case .missing, .secret, .vaultWithoutKey, .vaultBroken: true
            default: false
            }
        default: false
        }
    }

    /// Keeps a connection that could not be tested, with the reason.
    private func keepDraft(_ connecting: SetupPlan.Connecting, _ fault: FaultClass, _ message: String)
        async throws
    {
        let (answers, form, now) = (connecting.answers, connecting.form, onboarding.time.now)
        let registry = try await Registry(onboarding.ledger)
        let app = registry.registration(answers, form, newID: Random.uuid(), now: now)
        let isKnown = registry.registrations.contains { $0.id == app.id }
        let connection = Connection(
            key: answers.key,
            name: answers.displayName ?? answers.name,
            connector: form.definition.id,
            cloud: form.cloud,
            tenant: form.tenant,
            identity: form.identity,
            registration: isKnown ? app.id : nil,
            credentials: form.kept,
            streams: form.streams.map { StreamChoice(stream: $0, select: form.select[$0]) },
            start: answers.start,
            draftCause: Cause(
                faultClass: fault,
                code: nil,
                message: Redaction.shared.redact(message),
                since: now,
                confirmed: true,
                remedy: nil
            ),
            noChanges: connecting.noChanges,
            created: now,
            version: form.definition.version
        )
        try await onboarding.ledger.write([.connection(connection)])
    }

    /// Holds streams and lets them go on; from then on their silence counts anew.
    private func hold(_ holds: [String: Hold?], of key: ConnectionKey) async throws {
        guard let connection = try await onboarding.ledger.connection(key) else { return }
        for stream in connection.streamKeys {
            guard let hold = holds[stream.stream] else { continue }
            var changes: [LedgerChange] = [.hold(stream, hold)]
            if hold == nil {
                var facts = try await onboarding.ledger.facts(of: stream)
                facts.resumedAt = onboarding.time.now
                changes.append(.stream(stream, .facts(facts)))
            }
            try await onboarding.ledger.write(changes)
        }
    }
}
