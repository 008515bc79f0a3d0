// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON
import Probing
import Status
import Wizard

/// Any face, with each step that is over written down for a machine, and what was told in it.
///
/// A step that waits for somebody who needs a link or a code is written down twice: at once with the outcome `waiting`,
/// and when it is over.
struct RecordingFace: Face {
    let inner: any Face
    let output: Output
    private let step = Locked(Present())

    init(inner: any Face, output: Output) {
        self.inner = inner
        self.output = output
    }

    private struct Present {
        var id = ""
        var told: [Value] = []
        /// Whether something was told that somebody has to act upon, and nobody could read it yet.
        var isUrgent = false
    }

    func begin(_ step: FlowStep.ID, _ title: String) async {
        self.step.withLock { $0 = Present(id: step) }
        await inner.begin(step, title)
    }

    func tell(_ telling: Telling) async {
        step.withLock { present in
            present.told.append(Self.value(telling))
            switch telling {
            case .place, .verbatim: present.isUrgent = true
            default: break
            }
        }
        await inner.tell(telling)
    }

    func ask(_ question: Question) async throws -> Reply { try await inner.ask(question) }

    func wait(_ waiting: Waiting?) async {
        let told = step.withLock { present -> (id: String, told: [Value])? in
            guard waiting != nil, present.isUrgent else { return nil }
            present.isUrgent = false
            return (present.id, present.told)
        }
        if let told {
            Self.line(
                ["schema": 1, "step": .string(told.id), "outcome": "waiting", "told": .array(told.told)],
                output
            )
        }
        await inner.wait(waiting)
    }

    func typed() async -> Reply? { await inner.typed() }

    func end(_ step: FlowStep.ID, _ kind: FlowStep.Kind, _ outcome: String) async {
        await inner.end(step, kind, outcome)
        let told = self.step.withLock { present in
            defer { present = Present() }
            return present.told
        }
        Self.line(
            [
                "schema": 1, "step": .string(step), "kind": .string(kind.rawValue),
                "outcome": .string(outcome), "told": .array(told),
            ],
            output
        )
    }

    private static func line(_ value: Value, _ output: Output) {
        output.line(Redaction.shared.redact(value.text()))
    }

    private static func value(_ telling: Telling) -> Value {
        func text(_ mark: String, _ words: String) -> Value {
            ["mark": .string(mark), "text": .string(words)]
        }
        switch telling {
        case .paragraph(let words): return text("text", words)
        case .good(let words): return text("good", words)
        case .bad(let words): return text("bad", words)
        case .note(let words): return text("note", words)
        case .item(let words): return text("item", words)
        case .place(let path, let link):
            return [
                "mark": "place", "path": path.map { .string($0) } ?? .null,
                "link": link.map { .string($0) } ?? .null,
            ]
        case .file(let label, let path):
            return ["mark": "file", "text": .string(label), "path": .string(path)]
        case .verbatim(let lines):
            return ["mark": "verbatim", "lines": .array(lines.map { .string($0) })]
        case .table(let head, let rows):
            return [
                "mark": "table", "head": .array(head.map { .string($0) }),
                "rows": .array(rows.map { .array($0.map { .string($0) }) }),
            ]
        case .test(let report): return ["mark": "test", "test": report.json]
        case .remedy(let remedy): return ["mark": "remedy", "remedy": remedy.json]
        }
    }
}
