// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON

extension Guide {
    /// Looks at the answers that were given ahead; throws ``WizardFailure`` for one that no question could take.
    package func look() throws(WizardFailure) {
        for (name, value) in walk.answers {
            if let text = value.stringValue, let wrong = problem(text, name) { throw .answer(name, wrong) }
        }
        let names = names()
        for step in flow.steps where step.kind == .choose && !step.options.allSatisfy({ $0.goto != nil }) {
            guard let name = step.answer, let text = walk.answers[name]?.stringValue else { continue }
            let open = step.options.filter { $0.when?.holds(in: names) ?? true }.map(\.id)
            guard !open.contains(text) else { continue }
            throw .answer(name, "\"\(text)\" is none of: \(open.joined(separator: ", "))")
        }
    }

    /// The answers without which the flow cannot go on, as far as can be told before anything is asked of a source.
    ///
    /// All of them at once: whoever fills in a file should not learn them one by one.
    package func missing() -> [String] {
        var found: [String] = []
        // What stands for an answer that is not given decides which questions come after it.
        var usual = self
        for step in flow.steps where step.kind == .choose {
            guard let name = step.answer, let text = step.usual?.source, usual.walk.answers[name] == nil,
                !step.options.allSatisfy({ $0.goto != nil })
            else { continue }
            usual.walk.answers[name] = .string(text)
        }
        let names = usual.names()
        path: for step in flow.steps where step.when?.holds(in: names) ?? true {
            switch step.kind {
            case .handoff, .instruct:
                // What comes after is for somebody else to bring back.
                guard walk.done.contains(step.id) || walk.handed.contains(step.id) else { break path }
            case .ask where step.answer != nil && !isReachedOnly(step):
                guard let name = step.answer, !step.isOptional, step.usual == nil, walk.answers[name] == nil
                else { continue }
                found.append(name)
            case .ask where !step.credentials.isEmpty:
                found += missing(step)
            case .secret where walk.staged == nil && offered == nil:
                // What is made here or with the app needs nobody to hand it over.
                if step.offers != [.certificate], step.offers != [.issued] { found.append("credential") }
            default: continue
            }
        }
        var seen: Set<String> = []
        return found.filter { seen.insert($0).inserted }
    }

    private func missing(_ step: FlowStep) -> [String] {
        if step.credentials == ["*"] {
            return fields.filter { field in
                !field.isSecret && !field.isAdvanced && field.isRequired && field.default == nil
                    && walk.credentials[field.name] == nil
            }.map { "credentials." + $0.name }
        }
        let isThere = step.credentials.contains { walk.credentials[$0] != nil }
        let names = step.credentials.map { "credentials." + $0 }
        return isThere || step.isOptional ? [] : [names.joined(separator: " or ")]
    }

    /// Whether a step is only come to by a person's choice, as a correction.
    private func isReachedOnly(_ step: FlowStep) -> Bool {
        flow.steps.flatMap(\.options).contains { $0.goto == step.id }
    }
}
