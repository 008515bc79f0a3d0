// SPDX-License-Identifier: Apache-2.0
import Basics
import Collecting
import Connectors
import Status
import Store

extension Onboarding {
    /// Keeps the connection as the test has judged it: accepted, accepted in part, or as a draft with its cause.
    ///
    /// The vault is written before the ledger: a secret without its registration is swept at the next start, a
    /// registration without its secret would fail. With `mayLeaveOutAll` a connection is accepted of which every stream is
    /// left out for want of a plan; without it that is a draft.
    package func settle(
        _ prepared: Prepared,
        _ trial: Trial,
        noChanges: Bool,
        mayLeaveOutAll: Bool = false
    ) async throws -> Added {
        let now = time.now
        let chosen = prepared.form.streams
        let lacking = try await excludable(prepared, trial)
        let blocked = trial.streams.filter { stream, cause in
            // One that is listed as disabled waits for the one try that adding allows, like a missing one.
            chosen.contains(stream) && lacking[stream] == nil
                && (noChanges || cause.faultClass != .subscription)
        }
        // What is still in doubt keeps nobody from trying.
        let stopped = blocked.count { $0.value.confirmed } + lacking.count
        let isLeftOut = mayLeaveOutAll && lacking.count == chosen.count
        let isDraft = trial.connection != nil || stopped == chosen.count && !isLeftOut
        let excluded = isDraft ? [:] : lacking
        // Others collect with the credential that is kept; one that does not work must not take its place.
        let keepsOld = isDraft && prepared.offered != nil && prepared.isRegistrationShared
        if let secret = prepared.offered?.kept, let current = prepared.registration.current, !keepsOld {
            try await vault.put(secret, prepared.registration.id, current.slot)
        }
        var connection = connection(prepared, trial, isDraft: isDraft, noChanges: noChanges, now: now)
        connection.weigh(excluded, trial, now: now)
        var changes: [LedgerChange] = []
        if let change = customer(prepared, now: now) { changes.append(change) }
        if !keepsOld { changes.append(.registration(prepared.registration.ending(trial.credentialEnd))) }
        changes.append(.connection(connection))
        if !isDraft {
            for key in connection.streamKeys {
                let facts = try await ledger.facts(of: key)
                let begun = begin(facts, prepared, blocked[key.stream], now: now)
                changes.append(.stream(key, .facts(begun)))
                // Adding, and adding again, is a person's word for one try of what the machine must not do by itself.
                changes.append(.stream(key, .cursor(name: Preparation.allowed, value: now.description)))
                changes.append(.wake(key))
            }
        }
        try await ledger.write(changes)
        if !keepsOld {
            if let secret = prepared.offered?.kept, let current = prepared.registration.current {
                try await vault.ensure(secret, prepared.registration.id, current.slot)
            }
            try await vault.tidy(prepared.registration)
        }
        return Added(
            connection: connection,
            standing: isDraft ? .draft : blocked.isEmpty && excluded.isEmpty ? .collecting : .partly,
            isUpdate: prepared.existing != nil,
            blocked: blocked,
            excluded: excluded,
            keptOldCredential: keepsOld
        )
    }

    /// The streams that may be left out for want of a plan: those that the list says so of and that never had a record.
    ///
    /// One that had is shown as blocked instead, so that nobody takes the silence for agreed.
    private func excludable(_ prepared: Prepared, _ trial: Trial) async throws -> [String: String] {
        var found: [String: String] = [:]
        for stream in prepared.form.streams {
            guard let words = trial.unlicensed[stream] else { continue }
            let key = prepared.answers.key
            let name = StreamKey(customer: key.customer, connection: key.connection, stream: stream)
            if !(try await ledger.facts(of: name)).everHadRecord { found[stream] = words }
        }
        return found
    }

    private func customer(_ prepared: Prepared, now: Timestamp) -> LedgerChange? {
        let answers = prepared.answers
        guard var known = prepared.customer else {
            return .customer(Customer(id: answers.customer, name: answers.customerName, created: now))
        }
        // The same in other letters is how it was typed, and no other name.
        guard let name = answers.customerName, name.lowercased() != known.name.lowercased() else {
            return nil
        }
        known.name = name
        return .customer(known)
    }

    private func connection(
        _ prepared: Prepared,
        _ trial: Trial,
        isDraft: Bool,
        noChanges: Bool,
        now: Timestamp
    ) -> Connection {
        let (answers, form) = (prepared.answers, prepared.form)
        let held = prepared.existing?.streams ?? []
        return Connection(
            key: answers.key,
            name: answers.displayName ?? prepared.existing?.name ?? answers.name,
            connector: form.definition.id,
            cloud: form.cloud,
            tenant: form.tenant,
            identity: form.identity,
            registration: prepared.registration.id,
            credentials: form.kept,
            streams: form.streams.map { stream in
                let before = held.first { $0.stream == stream }
                return StreamChoice(
                    stream: stream,
                    hold: before?.hold,
                    select: form.select[stream],
                    historyFrom: before?.historyFrom
                )
            },
            // Where it began is history once it collects.
            start: prepared.existing.flatMap { $0.acceptedAt == nil ? nil : $0.start } ?? answers.start,
            // A connection that collects already is not made a draft by a test that fails today: its streams say so.
            acceptedAt: prepared.existing?.acceptedAt ?? (isDraft ? nil : now),
            draftCause: isDraft && prepared.existing?.acceptedAt == nil
                ? trial.connection ?? trial.streams.min { $0.key < $1.key }?.value
                : nil,
            noChanges: noChanges,
            created: prepared.existing?.created ?? now,
            version: form.definition.version,
            plans: trial.plans.map { HeldPlans(plans: $0, at: now) } ?? prepared.existing?.plans
        )
    }

    /// The facts with which a stream sets out: covered from now on, with the history that was asked for beside it.
    private func begin(_ facts: StreamFacts, _ prepared: Prepared, _ cause: Cause?, now: Timestamp)
        -> StreamFacts
    {
        var facts = facts
        if facts.acceptedAt == nil {
            facts.acceptedAt = now
            if let reach = prepared.answers.reach { facts.historyFrom = now - reach }
        }
        // The next look is at once: whatever held it back may have been put right.
        facts.nextTry = nil
        if let cause {
            facts.cause = cause
            facts.failingSince = facts.failingSince ?? now
            if cause.faultClass == .license { facts.licenseDoubted = facts.licenseDoubted ?? now }
        }
        return facts
    }
}

extension Connection {
    /// Leaves out streams for want of a plan, and takes in again those whose plan is there now.
    fileprivate mutating func weigh(_ excluded: [String: String], _ trial: Trial, now: Timestamp) {
        for index in streams.indices {
            let stream = streams[index].stream
            if let words = excluded[stream] {
                streams[index].hold =
                    streams[index].hold
                    ?? Hold(kind: .excluded, by: Hold.licenseList, reason: words, at: now)
            } else if streams[index].hold?.by == Hold.licenseList, trial.plans != nil,
                trial.unlicensed[stream] == nil
            {
                streams[index].hold = nil
            }
        }
    }
}
