// SPDX-License-Identifier: Apache-2.0
package import Basics

/// Why an answer is taken for what it is: every rule that was tried, up to the first that fits.
package struct Diagnosis: Sendable, Equatable {
    /// One rule, held against the answer.
    package struct Trial: Sendable, Equatable {
        /// The rule's id; those of the host itself start with `host.`.
        package let rule: String
        /// Everything that it asks; all of it fits or the next rule is tried.
        package let conditions: [ErrorRule.Condition]

        /// The first condition that did not fit; `nil` for the rule that decided.
        package var misfit: ErrorRule.Condition? { conditions.first { !$0.fits } }
    }

    /// What the answer was taken for an answer of.
    package let ask: Definition.Ask
    /// The rules in the order in which they were tried; the last one decided, where ``verdict`` is not `nil`.
    package let trials: [Trial]
    /// What it means; `nil` is success.
    package let verdict: Verdict?

    /// Whether the rule that decided knows the answer by its words, and not by its status alone.
    package var isTelling: Bool {
        let telling: [ErrorRule.Part] = [.code, .all, .any, .condition]
        return verdict != nil
            && trials.last?.conditions.contains { telling.map(\.rawValue).contains($0.asks) } == true
    }

    /// Whether a rule of the definition's own decided.
    package var isOwn: Bool { verdict.map { !$0.rule.hasPrefix(HostRules.prefix) } ?? false }
}

extension Definition {
    /// A kind of request and the service it goes to.
    package struct Ask: Sendable, Equatable {
        /// The service's name.
        package let service: String
        /// What the request is for.
        package let step: Answer.Step

        /// Names a kind of request.
        package init(service: String, step: Answer.Step) {
            self.service = service
            self.step = step
        }
    }

    /// The kinds of request that this definition makes, each once, those for records first.
    package var asks: [Ask] {
        var all: [Ask] = []
        func add(_ request: RequestTemplate?, _ step: Answer.Step) {
            guard let request else { return }
            let ask = Ask(service: request.service, step: step)
            if !all.contains(ask) { all.append(ask) }
        }
        for stream in streams { add(stream.list.request, .list) }
        for stream in streams { add(stream.fetch?.request, .fetch) }
        for step in streams.flatMap(\.before) {
            add(step.look, .before)
            add(step.request, .before)
            add(step.undo, .before)
        }
        add(auth.token, .token)
        for step in probe { add(step.request, .probe) }
        for favour in favours { add(favour.request, .probe) }
        return all
    }

    /// Says what `sample` means as an answer to `ask`, and why: the reasons behind ``classify(_:now:)``.
    package func diagnose(_ sample: Rehearsal.Reply, as ask: Ask, now: Timestamp) -> Diagnosis {
        let answer = Answer(
            of: service(ask.service),
            service: ask.service,
            step: ask.step,
            status: sample.status,
            headers: sample.headers,
            body: sample.body,
            trouble: sample.trouble
        )
        let verdict = classify(answer, now: now)
        let isSuccess = answer.trouble == nil && (200...299).contains(answer.status)
        var trials: [Diagnosis.Trial] = []
        for rule in errors + HostRules.rules {
            if isSuccess, rule.id.hasPrefix(HostRules.prefix) { break }
            var conditions = rule.conditions(on: answer)
            if isSuccess, !rule.looksAtSuccess {
                conditions = [
                    ErrorRule.Condition(
                        asks: "status",
                        wanted: "no success, as the rule names none",
                        found: String(answer.status),
                        fits: false
                    )
                ]
            }
            trials.append(Diagnosis.Trial(rule: rule.id, conditions: conditions))
            if rule.id == verdict?.rule { break }
        }
        return Diagnosis(ask: ask, trials: trials, verdict: verdict)
    }

    /// The likeliest diagnosis where `service` or `step` are not known: of the kinds of request this definition makes,
    /// the first that a rule of its own knows by more than the status, else the first for which one fits at all.
    ///
    /// `nil` where the definition has no such service.
    package func diagnose(_ sample: Rehearsal.Reply, service: String?, step: Answer.Step?, now: Timestamp)
        -> Diagnosis?
    {
        if let service, self.service(service) == nil { return nil }
        var likely = asks.filter { ($0.service == service ?? $0.service) && ($0.step == step ?? $0.step) }
        if likely.isEmpty {
            let known = service ?? asks.first?.service ?? services.first?.name ?? ""
            likely = [Ask(service: known, step: step ?? .list)]
        }
        let found = likely.map { diagnose(sample, as: $0, now: now) }
        return found.first { $0.isOwn && $0.isTelling } ?? found.first(where: \.isOwn) ?? found.first
    }
}
