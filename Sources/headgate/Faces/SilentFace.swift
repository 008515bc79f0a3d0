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
        case .file(let label, let path): Talk.say("  \(label): \(path)")
        case .verbatim(let lines): for line in lines { Talk.say("  " + line) }
        case .table(let head, let rows):
            for line in Table(head, rows).lines(indent: "  ", width: 80) { Talk.say(line) }
        case .test(let report): Talk.say("  \(report.connection): \(report.headline)")
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
