// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Glibc
import JSON
import Probing
import Reporting
import Terminal
import Wizard

/// A flow on a terminal: line prompts that work everywhere, also over ssh and on a dumb one.
///
/// All of it is talk and goes to standard error; secrets are never shown, not even their length.
struct TerminalFace: Face {
    private let prompt = Prompt()
    private let progress = ProgressLine()
    private let screen = Screen(descriptor: STDERR_FILENO)
    /// Whether a person has been made to wait since the last question.
    private let hasWaited = Locked(false)
    /// Whether a person was told how to go back, ask and stop.
    private let isIntroduced = Locked(false)
    private var style: Style { Style(width: min(screen.width, 80), showsColor: screen.showsColor) }

    /// What goes back a question.
    private static let back = "back"
    /// What asks for help.
    private static let help = "?"

    func begin(_ step: FlowStep.ID, _ title: String) {
        progress.clear()
        say("")
        say(screen.showsColor ? "\u{1B}[1m\(title)\u{1B}[0m" : title)
    }

    func tell(_ telling: Telling) {
        progress.clear()
        switch telling {
        case .paragraph(let text): lines(text, "  ")
        case .good(let text): marked("ok", text)
        case .bad(let text): marked("!!", text)
        case .note(let text): marked("..", text)
        case .item(let text):
            for line in style.wrapped("- " + text, indent: "  ", hanging: "  ") { say(line) }
        case .place(let path, let link):
            if let path {
                for line in style.wrapped("where: " + path, indent: "  ", hanging: "       ") { say(line) }
            }
            // A link is never broken: it is there to be copied or clicked.
            if let link { say("  link:  " + link) }
        case .file(let label, let path): marked("ok", "\(label): \(path)")
        case .verbatim(let text):
            for line in text { say("      " + line) }
        case .table(let head, let rows):
            for line in Table(head, rows).lines(indent: "  ", width: style.width) { say(line) }
        case .test(let report): test(report)
        case .remedy(let remedy): for line in RemedyWords.lines(remedy, style) { say(line) }
        }
    }

    func wait(_ waiting: Waiting?) {
        guard let waiting else { return progress.clear() }
        hasWaited.withLock { $0 = true }
        progress.show("  " + waiting.words)
    }

    func typed() -> Reply? {
        prompt.typedLine().map { line in
            let word = line.trimmed
            return word == Self.back ? .back : word.isEmpty ? .nothing : .text(word)
        }
    }

    func end(_ step: FlowStep.ID, _ kind: FlowStep.Kind, _ outcome: String) {}

    // MARK: asking

    func ask(_ question: Question) async throws -> Reply {
        progress.clear()
        // An impatient Enter during a wait must not agree to what has not been asked yet.
        if hasWaited.withLock({ waited in
            defer { waited = false }; return waited
        }) {
            prompt.discardTyped()
        }
        if !isIntroduced.withLock({ told in
            defer { told = true }; return told
        }) {
            lines(
                "\(Self.back) goes to the question before, \(Self.help) explains, Ctrl-C stops to go on later.",
                "  "
            )
        }
        lines(question.words, "  ")
        while true {
            do throws(TerminalFailure) {
                switch question.kind {
                case .secret:
                    let secret = try prompt.secret("  (nothing is shown while you type) > ")
                    if secret.reveal({ $0 == Self.back }) { return .back }
                    if secret.reveal({ $0 == Self.help }) {
                        explain(question)
                        continue
                    }
                    return secret.reveal(\.isEmpty) ? .nothing : .secret(secret)
                case .done:
                    let typed = try prompt.line("  [Enter] > ").trimmed
                    if typed == Self.back { return .back }
                    if typed.isEmpty { return .nothing }
                    // Whoever types something has not said that it is done.
                    explain(question)
                case .text:
                    if let reply = try text(question) { return reply }
                case .one(let choices):
                    if let reply = try one(of: choices, question) { return reply }
                case .several(let choices):
                    if let reply = try several(of: choices, question) { return reply }
                }
            } catch {
                switch error {
                case .interrupted: throw Unanswered.left
                case .ended: throw Unanswered.ended
                default: throw error
                }
            }
        }
    }

    private func text(_ question: Question) throws(TerminalFailure) -> Reply? {
        var hint = question.usual.map { "[\($0)] " } ?? question.example.map { "(such as \($0)) " } ?? ""
        // What is typed should fit behind it.
        if hint.count > 30 {
            lines(hint, "  ")
            hint = ""
        }
        let typed = try prompt.line("  \(hint)> ").trimmed
        if typed == Self.back { return .back }
        if typed == Self.help {
            explain(question)
            return nil
        }
        if typed.isEmpty {
            if let usual = question.usual { return .text(usual) }
            if question.isOptional { return .nothing }
            tell(.bad("An answer is needed; \(Self.help) explains, \(Self.back) goes back."))
            return nil
        }
        return .text(typed)
    }

    private func one(of choices: [Question.Choice], _ question: Question) throws(TerminalFailure) -> Reply? {
        for (index, choice) in choices.enumerated() { list(choice, index) }
        let usual = choices.firstIndex { $0.id == question.usual }.map { "[\($0 + 1)] " } ?? ""
        let typed = try prompt.line("  \(usual)> ").trimmed
        if typed == Self.back { return .back }
        if typed == Self.help {
            explain(question)
            return nil
        }
        if typed.isEmpty, let usual = question.usual { return .text(usual) }
        if let choice = Self.choice(typed, choices) { return .text(choice.id) }
        tell(.bad("Type a number from 1 to \(choices.count)."))
        return nil
    }

    private func several(of choices: [Question.Choice], _ question: Question) throws(TerminalFailure)
        -> Reply?
    {
        for (index, choice) in choices.enumerated() { list(choice, index) }
        let known = question.usual?.split(separator: ",").map(String.init) ?? []
        let usual = choices.indices.filter { known.contains(choices[$0].id) }.map { String($0 + 1) }
        let typed = try prompt.line("  several with commas [\(usual.joined(separator: ","))] > ").trimmed
        if typed == Self.back { return .back }
        if typed == Self.help {
            explain(question)
            return nil
        }
        if typed.isEmpty, let all = question.usual { return .text(all) }
        let chosen = typed.split { $0 == "," || $0 == " " }.map { Self.choice(String($0), choices) }
        guard !chosen.isEmpty, chosen.allSatisfy({ $0 != nil }) else {
            tell(.bad("Type numbers from 1 to \(choices.count), with commas between them."))
            return nil
        }
        return .text(chosen.compactMap { $0?.id }.joined(separator: ","))
    }

    private func list(_ choice: Question.Choice, _ index: Int) {
        for line in style.wrapped("\(index + 1)  " + choice.label, indent: "    ", hanging: "   ") {
            say(line)
        }
        guard let help = choice.help else { return }
        for line in style.wrapped(help, indent: "       ") { say(faint(line)) }
    }

    private static func choice(_ typed: String, _ choices: [Question.Choice]) -> Question.Choice? {
        if let number = Int(typed) { return choices.indices.contains(number - 1) ? choices[number - 1] : nil }
        return choices.first { $0.id.lowercased() == typed.lowercased() }
    }

    /// How a question is answered.
    private static func manner(of question: Question) -> String {
        switch question.kind {
        case .done: "Enter alone says that it is done."
        case .one, .several:
            "Type a number of the list"
                + (question.usual == nil ? "." : ", or press Enter for what stands in brackets.")
        default: "Type the answer and press Enter."
        }
    }

    private func explain(_ question: Question) {
        for line in question.help { lines(line, "  ") }
        if let example = question.example { lines("Example: " + example, "  ") }
        if let link = question.link { say("  link:  " + link) }
        if question.help.isEmpty, question.example == nil, question.link == nil {
            lines(Self.manner(of: question), "  ")
        }
        lines("\(Self.back) goes to the question before; Ctrl-C stops, and says how to go on later.", "  ")
        lines(question.words, "  ")
    }

    // MARK: showing

    /// The answer, and what is not well; what passed is counted only.
    private func test(_ report: ProbeReport) {
        let isBad = report.steps.contains { $0.mark == .fail }
        marked(isBad ? "!!" : "ok", "\(report.connection): \(report.headline)")
        var told: [Remedy] = []
        var grouped: Set<String> = []
        for step in report.steps where step.mark != .pass && step.mark != .passEmpty && step.mark != .skip {
            // Five streams of which the same is said need it once.
            let alike = report.steps.filter {
                $0.id == step.id && $0.mark == step.mark && $0.message == step.message
            }
            guard grouped.insert("\(step.id) \(step.mark) \(step.message ?? "")").inserted else { continue }
            let streams = alike.compactMap(\.stream)
            let title = step.title + (streams.isEmpty ? "" : " - \(streams.joined(separator: ", "))")
            marked(step.mark == .fail ? "!!" : "..", title + (step.message.map { ": \($0)" } ?? ""))
            guard step.mark == .fail, let remedy = step.remedy, !told.contains(remedy) else { continue }
            told.append(remedy)
            // What to run next is this wizard's to say: it tests again by itself.
            for line in RemedyWords.lines(remedy.withoutNext, style) { say(line) }
        }
    }

    private func marked(_ mark: String, _ text: String) {
        for line in style.wrapped("\(mark) \(text)", indent: "  ", hanging: "   ") { say(line) }
    }

    private func lines(_ text: String, _ indent: String) {
        for line in style.wrapped(text, indent: indent) { say(line) }
    }

    private func faint(_ text: String) -> String { screen.showsColor ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

    private func say(_ line: String) { Talk.say(line) }
}

extension Remedy {
    /// Without what to run next.
    fileprivate var withoutNext: Remedy {
        Remedy(
            id: id,
            title: title,
            cause: cause,
            // Commands about the connection mean nothing before it is there; the wizard has ways of its own.
            steps: steps.filter { step in
                !["exclude", "repair", "connection show"].contains { step.contains("headgate \($0) ") }
            },
            who: who,
            where: `where`,
            takes: takes,
            next: ""
        )
    }
}

extension String {
    /// Without white space at both ends.
    fileprivate var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
