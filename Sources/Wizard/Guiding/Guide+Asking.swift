// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import JSON

extension Guide {
    /// Has one of the open ways chosen.
    mutating func choose(_ step: FlowStep) async throws -> Outcome {
        guard let name = step.answer else { return .on(nil) }
        let open = step.options.filter { $0.when?.holds(in: names()) ?? true }
        let isDecision = open.allSatisfy { $0.goto != nil }
        if isDecision, !isConversation {
            return .over(failing(words(step.title) + "."))
        }
        // What to do about a trouble is decided each time anew.
        if let given = walk.answers[name]?.stringValue, isGiven(name), !isDecision {
            guard let option = open.first(where: { $0.id == given }) else {
                let ids = open.map(\.id).joined(separator: ", ")
                throw WizardFailure.answer(name, "\"\(given)\" is none of: \(ids)")
            }
            return option.goto.map { .to($0) } ?? .on(option.id)
        }
        await tell(step)
        let usual = (isDecision ? nil : walk.answers[name]?.stringValue) ?? step.usual.map(words)
        let question = Question(
            name: name,
            words: words(step.question ?? step.title),
            kind: .one(
                open.map { Question.Choice(id: $0.id, label: words($0.label), help: $0.help.map(words)) }
            ),
            help: step.help.map(words),
            usual: usual
        )
        switch try await face.ask(question) {
        case .back: return .back
        case .text(let text):
            walk.answers[name] = .string(text)
            reopened.remove(name)
            let option = open.first { $0.id == text }
            return option?.goto.map { .to($0) } ?? .on(text)
        case .secret, .nothing: return .on(nil)
        }
    }

    /// Asks for an answer of the flow's own, or for a field of the connectors' form.
    mutating func ask(_ step: FlowStep) async throws -> Outcome {
        guard let name = step.answer else { return try await askFields(step) }
        if walk.done.contains(step.id) { return .on(nil) }
        if isGiven(name) {
            if let text = walk.answers[name]?.stringValue {
                if let wrong = problem(text, name) { throw WizardFailure.answer(name, wrong) }
                if name == "registration" { takeShared(text) }
            }
            return name == "customer" ? try await meetWalk() ?? .on(nil) : .on(nil)
        }
        await tell(step)
        while true {
            let reply = try await face.ask(question(step, name))
            switch reply {
            case .back: return .back
            case .nothing, .secret:
                walk.answers[name] = nil
                walk.note(step.id)
                return .on(nil)
            case .text(let text):
                if let wrong = problem(text, name) ?? rejection(text, name, step) {
                    try await refuse(wrong, name)
                    continue
                }
                take(text, name)
                if name == "customer", let id = walk.answers[name]?.stringValue, id != text {
                    await face.tell(.note("Its id here is \(id)."))
                }
                guard name == "customer", let outcome = try await meetWalk() else { return .on(nil) }
                guard case .back = outcome else { return outcome }
                reopened.insert(name)
                return try await ask(step)
            }
        }
    }

    /// Whether an answer stands already and is not to be asked for: it was handed over, or given before the process went.
    func isGiven(_ name: String) -> Bool {
        walk.answers[name] != nil && !isBack(to: name)
    }

    /// Whether the person has come back to change that answer.
    private func isBack(to name: String) -> Bool { reopened.contains(name) }

    private func question(_ step: FlowStep, _ name: String) -> Question {
        var usual = walk.answers[name]?.stringValue ?? step.usual.map(words)
        if name == "customer", let known = walk.answers["customerName"]?.stringValue { usual = known }
        var kind = Question.Kind.text
        if name == "connectors" {
            kind = .several(
                flow.members.compactMap { member in
                    (try? bench.shelf.usable(member.id)).map {
                        Question.Choice(id: member.id, label: $0.title, help: $0.summary)
                    }
                }
            )
            usual = members.map(\.id).joined(separator: ",")
        }
        if name == "registration" {
            let apps = bench.settings.value("sharedRegistrations")?.objectValue ?? [:]
            kind = .one(apps.keys.map { Question.Choice(id: $0, label: $0) })
            usual = usual ?? apps.keys.first
        }
        if name == "streams", let definition = definitions.first {
            kind = .several(
                definition.streams.map {
                    Question.Choice(id: $0.id, label: $0.title, help: $0.summary)
                }
            )
            let known = walk.answers[name] ?? walk.answers["presentStreams"]
            usual = (known?[definition.id]?.arrayValue ?? []).compactMap(\.stringValue)
                .joined(separator: ",")
        }
        return Question(
            name: name,
            words: words(step.question ?? step.title),
            kind: kind,
            help: step.help.map(words),
            example: step.example,
            usual: usual,
            isOptional: step.isOptional
        )
    }

    /// What is wrong with an answer whose name the engine knows, in a sentence.
    func problem(_ text: String, _ name: String) -> String? {
        switch name {
        case "customer":
            return SetupName.slug(of: text) == nil ? "no id can be made of it: \(SetupName.idRule)" : nil
        case "start":
            guard text != "now" else { return nil }
            guard let reach = Reach(text)?.span, reach > .zero, reach <= Answers.furthest else {
                return "write \"now\", or how far back from 1 hour to 7 days: 24h, 3d, P7D"
            }
            return nil
        case "secretExpires":
            guard let end = Timestamp(iso8601: text) else { return "write a date such as 2027-05-31" }
            return end <= bench.time.now ? "that day is over: the secret would not work any more" : nil
        case "registration":
            let apps = bench.settings.value("sharedRegistrations")?.objectValue ?? [:]
            guard let app = apps[text] else {
                let names = apps.isEmpty ? "it names none" : "there are \(apps.keys.joined(separator: ", "))"
                return "the setting sharedRegistrations has no \"\(text)\"; \(names)"
            }
            return app["clientKey"]?.stringValue == nil
                ? "the setting sharedRegistrations.\(text) lacks \"clientKey\"" : nil
        case "streams":
            let chosen = text.split(separator: ",").map(String.init)
            for stream in definitions.flatMap(\.streams) where chosen.contains(stream.id) {
                let lacking = stream.from.filter { !chosen.contains($0) }
                guard lacking.isEmpty else {
                    return
                        "\(stream.id) is made of the records of \(lacking.joined(separator: ", ")): choose both"
                }
            }
            return nil
        case "cloud":
            let known = bench.shelf.clouds.names
            return known.contains(text)
                ? nil : "there is no such cloud; there are \(known.joined(separator: ", "))"
        default: return nil
        }
    }

    /// What the flow itself has against an answer.
    private func rejection(_ text: String, _ name: String, _ step: FlowStep) -> String? {
        var tried = self
        tried.walk.answers[name] = .string(text)
        let names = tried.names()
        return step.reject.first { $0.condition.holds(in: names) }.map { tried.words($0.say) }
    }

    private mutating func take(_ text: String, _ name: String) {
        reopened.remove(name)
        switch name {
        case "customer":
            let slug = SetupName.slug(of: text) ?? text
            walk.answers["customer"] = .string(slug)
            if slug != text { walk.answers["customerName"] = .string(text) }
        case "connectors":
            walk.answers[name] = .array(text.split(separator: ",").map { .string(String($0)) })
        case "start": walk.answers[name] = .string(Reach(text)?.text ?? text)
        case "registration":
            walk.answers[name] = .string(text)
            takeShared(text)
        case "streams":
            guard let connector = definitions.first?.id else { return }
            let chosen = text.split(separator: ",").map { Value.string(String($0)) }
            walk.answers[name] = .object(Object([(connector, .array(chosen))]))
        default: walk.answers[name] = .string(text)
        }
    }

    /// Takes what the settings say of an app of our own.
    private mutating func takeShared(_ name: String) {
        let app = bench.settings.value("sharedRegistrations")?[name]
        if let key = app?["clientKey"]?.stringValue {
            walk.credentials["clientKey"] = .string(key.lowercased())
        }
        walk.saved["redirectUri"] = app?["redirectUri"]
    }

    // MARK: fields of the connectors' form

    private mutating func askFields(_ step: FlowStep) async throws -> Outcome {
        if step.credentials != ["*"] { return try await askOne(of: step.credentials, step) }
        for field in fields where !field.isSecret && !field.isAdvanced {
            let outcome = try await askOne(of: [field.name], step)
            guard case .on = outcome else { return outcome }
        }
        return .on(nil)
    }

    /// The fields of the chosen connectors' forms, each name once.
    var fields: [CredentialField] {
        var found: [CredentialField] = []
        for field in definitions.flatMap(\.credentials)
        where !found.contains(where: { $0.name == field.name }) {
            found.append(field)
        }
        return found
    }

    /// Asks for one value, which goes to the first of `wanted` that it fits.
    private mutating func askOne(of wanted: [String], _ step: FlowStep) async throws -> Outcome {
        let fields = wanted.compactMap { name in self.fields.first { $0.name == name } }
        guard let first = fields.first else { return .on(nil) }
        let name = first.name
        if !reopened.contains(name), fields.contains(where: { walk.credentials[$0.name] != nil }) {
            return .on(nil)
        }
        // Answers files say the fields themselves.
        await tell(step)
        let known = fields.compactMap { walk.credentials[$0.name]?.stringValue }.first
        let link = first.link.flatMap { try? $0.text(in: names()) }
        let question = Question(
            name: name,
            words: step.question.map(words) ?? first.label,
            help: fields.flatMap { field in [field.help] + (field.where.map { ["Found at: " + $0] } ?? []) },
            link: link,
            example: step.example ?? first.example,
            usual: known ?? step.usual.map(words) ?? first.default,
            isOptional: step.isOptional || step.credentials == ["*"] && !first.isRequired
        )
        while true {
            switch try await face.ask(question) {
            case .back: return .back
            case .nothing, .secret: return .on(nil)
            case .text(let text):
                var others = entered
                for field in fields { others[field.name] = nil }
                if let field = fields.first(where: { $0.problems(with: text, among: others).isEmpty }) {
                    for other in fields { walk.credentials[other.name] = nil }
                    walk.credentials[field.name] = .string(field.normalised(text))
                    reopened.remove(name)
                    return .on(nil)
                }
                let wrong = fields.flatMap { $0.problems(with: text, among: others) }
                try await refuse(wrong.joined(separator: " "), name)
            }
        }
    }

    /// What was entered, by field.
    var entered: [String: String] {
        Dictionary(
            walk.credentials.compactMap { member in member.value.stringValue.map { (member.key, $0) } }
        ) {
            first,
            _ in first
        }
    }

    /// Says what is wrong with an answer; where nobody can give another one, that is the end.
    func refuse(_ sentence: String, _ name: String) async throws {
        guard isConversation else { throw WizardFailure.answer(name, sentence) }
        await face.tell(.bad(sentence))
    }
}
