// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON
import Probing
import Reporting
import Wizard

/// A flow that nobody is asked in: answers come from a file, and what is told is said plainly or not at all.
struct SilentFace: Face {
    let says: Bool

    func begin(_ step: FlowStep.ID, _ title: String) {
        if says { Talk.say(title) }
    }

    func tell(_ telling: Telling) {
        guard says else { return }
        let style = Style(width: 80)
        switch telling {
        case .paragraph: break
        case .good(let text), .bad(let text), .note(let text), .item(let text): Talk.say("  " + text)
        case .place(let path, let link):
            for line in [path, link].compactMap(\.self) { Talk.say("  " + line) }
        case .verbatim(let lines): for line in lines { Talk.say("  " + line) }
        case .table(let head, let rows): for line in Columns(head, rows, style).lines { Talk.say(line) }
        case .test(let report): Talk.say("  " + report.headline)
        case .remedy(let remedy): for line in RemedyWords.lines(remedy, style) { Talk.say(line) }
        }
    }

    /// What may be left to itself is; everything else is missing.
    func ask(_ question: Question) throws -> Reply {
        switch question.kind {
        case .one, .several:
            if let usual = question.usual { return .text(usual) }
        case .text:
            if let usual = question.usual { return .text(usual) }
            if question.isOptional { return .nothing }
        case .done: throw Unanswered.left
        case .secret: break
        }
        throw Unanswered.missing([question.name])
    }

    func wait(_ waiting: Waiting?) {}
    func typed() -> Reply? { nil }
    func end(_ step: FlowStep.ID, _ kind: FlowStep.Kind, _ outcome: String) {}
}

/// Any face, with each step that is over written down for a machine.
struct RecordingFace: Face {
    let inner: any Face
    let output: Output

    func begin(_ step: FlowStep.ID, _ title: String) async { await inner.begin(step, title) }
    func tell(_ telling: Telling) async { await inner.tell(telling) }
    func ask(_ question: Question) async throws -> Reply { try await inner.ask(question) }
    func wait(_ waiting: Waiting?) async { await inner.wait(waiting) }
    func typed() async -> Reply? { await inner.typed() }

    func end(_ step: FlowStep.ID, _ kind: FlowStep.Kind, _ outcome: String) async {
        await inner.end(step, kind, outcome)
        let object: Object = [
            "schema": 1, "step": .string(step), "kind": .string(kind.rawValue), "outcome": .string(outcome),
        ]
        output.line(Value.object(object).text())
    }
}
