// SPDX-License-Identifier: Apache-2.0
package import Connectors
package import JSON

/// What a flow asks, checks and changes where all goes well, before any of it is done.
///
/// The conversation itself is walked, with the usual answer to each question that is not answered, and with every check
/// passing: what is only for putting something right is left out.
package struct FlowPlan: Sendable, Equatable {
    /// A step on the way.
    package struct Step: Sendable, Equatable {
        /// What Headgate does in it, in a word or two.
        package let verb: String
        /// What it asks, checks or changes.
        package let words: String
        /// Choices, or changes one by one.
        package let details: [String]
        /// The names under which the answer may be given ahead, any one of them; empty where there is none.
        package let answers: [String]
    }

    /// One way through the flow.
    package struct Way: Sendable, Equatable {
        /// What is chosen to go it; empty where there is no choice.
        package let title: String
        /// The answer by which it is chosen, with its name; `nil` where there is no choice.
        package let answer: (name: String, value: String)?
        package let steps: [Step]

        package static func == (one: Way, other: Way) -> Bool {
            one.title == other.title && one.steps == other.steps && one.answer?.name == other.answer?.name
                && one.answer?.value == other.answer?.value
        }
    }

    /// What the flow is called.
    package let title: String
    /// What it tells at first.
    package let body: [String]
    /// The ways that are open with the answers given: one each where the first choice is not made yet.
    package let ways: [Way]

    /// Looks at `flow` with the answers and settings given; `definitions` are the connectors that it sets up.
    package init(
        _ flow: Flow,
        _ answers: Object,
        credentials: Object = [:],
        config: Object = [:],
        _ definitions: [Definition]
    ) {
        let rehearsal = Rehearsed(
            flow: flow,
            credentials: credentials,
            config: config,
            resources: Guide.resources(of: definitions),
            effects: definitions.flatMap { definition in
                definition.sideEffects.map {
                    "\($0.title), for up to \($0.streams) streams, where it is not there yet"
                }
            }
        )
        title = flow.title
        let intro = flow.steps.first { $0.kind == .intro }
        body = intro?.body.map { rehearsal.words($0, answers) } ?? []
        let fork = flow.steps.first { step in
            step.kind == .choose && step.options.allSatisfy { $0.goto == nil }
        }
        guard let fork, let name = fork.answer, answers[name] == nil else {
            ways = [Way(title: "", answer: nil, steps: rehearsal.steps(answers))]
            return
        }
        ways = fork.options.filter { rehearsal.isOpen($0, answers) }.map { option in
            var chosen = answers
            chosen[name] = .string(option.id)
            return Way(
                title: rehearsal.words(fork.title, answers) + ": " + rehearsal.words(option.label, answers),
                answer: (name, option.id),
                steps: rehearsal.steps(chosen)
            )
        }
    }
}

/// A flow gone through with nobody there and nothing asked.
private struct Rehearsed {
    let flow: Flow
    let credentials: Object
    let config: Object
    let resources: [Value]
    /// What collecting starts at the source.
    let effects: [String]

    func isOpen(_ option: FlowStep.Option, _ answers: Object) -> Bool {
        option.when?.holds(in: names(answers)) ?? true
    }

    func steps(_ given: Object) -> [FlowPlan.Step] {
        var answers = given
        var saved: Object = [:]
        var registration: Object = [:]
        var conversation = Conversation(flow)
        var found: [FlowPlan.Step] = []
        // One that leads back to itself is shown once around.
        for _ in 0..<flow.steps.count * 2 {
            let names = names(answers, saved, registration)
            guard let step = conversation.step(in: names) else { break }
            var target: String?
            switch step.kind {
            case .choose:
                guard let name = step.answer else { break }
                if answers[name] == nil { answers[name] = step.usual.map { .string(words($0, names)) } }
                target = step.options.first { .string($0.id) == answers[name] }?.goto
            case .secret:
                let given = step.offers.first { .string($0.rawValue) == answers["credential"] }
                let offer = given ?? step.offers.first
                registration["credential"] = offer.map { .string($0.rawValue) }
                registration["made"] = .bool(offer == .certificate)
            case .apply: saved[step.id] = true
            default: break
            }
            if let line = line(step, names) { found.append(line) }
            conversation.go(on: Self.best(step), to: target)
        }
        return found
    }

    /// What comes of a step where all goes well.
    private static func best(_ step: FlowStep) -> String {
        switch step.run {
        case .tenant?: "found"
        case .probe?: "pass"
        case .firstCycle?: "active"
        default: step.kind == .wait ? "pass" : "done"
        }
    }

    private func line(_ step: FlowStep, _ names: Names) -> FlowPlan.Step? {
        func made(_ verb: String, _ words: String, _ details: [String] = []) -> FlowPlan.Step {
            FlowPlan.Step(verb: verb, words: words, details: details, answers: answers(step))
        }
        let question = words(step.question ?? step.title, names)
        switch step.kind {
        case .intro, .summary: return nil
        case .choose:
            return isSettled(step, names) ? nil : made("asks", question, step.options.map(choice(names)))
        case .ask: return isSettled(step, names) ? nil : made(step.isOptional ? "may ask" : "asks", question)
        case .secret:
            return made(
                "takes",
                question,
                step.offers.count > 1 ? step.offers.map { "\($0.rawValue): \($0.words)" } : []
            )
        case .instruct: return made("sends you", words(step.title, names), step.body.map { words($0, names) })
        case .check where step.run == .firstCycle:
            return made(effects.isEmpty ? "checks" : "changes", words(step.title, names), effects)
        case .check: return made("checks", words(step.title, names))
        case .wait: return made("waits", words(step.title, names))
        case .handoff: return made("writes", words(step.title, names), step.files.map(\.label))
        case .confirm: return made("shows", words(step.title, names), changes(step, names))
        case .apply: return made(step.run == .connect ? "keeps" : "changes", words(step.title, names))
        }
    }

    private func isSettled(_ step: FlowStep, _ names: Names) -> Bool {
        step.answer.map { names["answers"]?[$0] != nil }
            ?? step.credentials.contains { credentials[$0] != nil }
    }

    private func choice(_ names: Names) -> (FlowStep.Option) -> String {
        { option in "\(option.id): \(words(option.label, names))" }
    }

    private func answers(_ step: FlowStep) -> [String] {
        switch step.kind {
        case .ask, .choose:
            let fields = step.credentials.map { $0 == "*" ? "credentials" : "credentials.\($0)" }
            return [step.answer].compactMap(\.self) + fields
        case .secret where step.offers.count > 1: return ["credential"]
        default: return []
        }
    }

    /// What a person is asked to agree to, one by one, as far as it can be told before.
    private func changes(_ step: FlowStep, _ names: Names) -> [String] {
        guard let of = step.of, let changing = flow.step(of) else { return [] }
        return ChangeItem.all(of: changing, in: names, []).map {
            words($0.change.title, $0.names(over: names))
        }
    }

    // MARK: words

    func words(_ template: Template, _ answers: Object) -> String { words(template, names(answers)) }

    /// The words, with dots for what is not known before.
    private func words(_ template: Template, _ names: Names) -> String {
        if let text = try? template.text(in: names) { return text }
        var text = ""
        var rest = template.source[...]
        while let from = rest.firstRange(of: "{{"), let to = rest[from.upperBound...].firstRange(of: "}}") {
            text += rest[..<from.lowerBound] + "…"
            rest = rest[to.upperBound...]
        }
        return text + rest
    }

    private func names(_ answers: Object, _ saved: Object = [:], _ registration: Object = [:]) -> Names {
        Names([
            "answers": .object(answers), "saved": .object(saved), "registration": .object(registration),
            "config": .object(config), "resources": .array(resources), "credentials": .object(credentials),
            "customer": [
                "id": answers["customer"] ?? "the customer",
                "name": answers["customerName"] ?? answers["customer"] ?? "the customer",
            ],
        ])
    }
}

extension FlowStep.Offer {
    fileprivate var words: String {
        switch self {
        case .certificate: "a certificate, made here"
        case .secret: "a secret, typed in"
        case .file: "a certificate in a file"
        case .issued: "a secret that is made with the app"
        }
    }
}
