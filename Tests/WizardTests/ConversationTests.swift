// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import TestSupport
import Testing
import Wizard

@Suite struct ConversationTests {
    /// A flow of `steps`, as its own lint lets it pass.
    static func flow(_ steps: [Value]) throws -> Flow {
        let done: Value = ["id": "end", "kind": "summary", "title": "Done"]
        let document: Value = [
            "headgate": 1, "id": "t", "does": "setup", "title": "T", "steps": .array(steps + [done]),
        ]
        let (flow, findings) = Flow.read(document.bytes(), shelf: try FlowTests.shelf())
        #expect(findings.map(\.description) == [])
        return try #require(flow)
    }

    static func ask(_ id: String, when: String? = nil, next: Value? = nil) -> Value {
        var step: Object = ["id": .string(id), "kind": "ask", "title": .string(id), "answer": .string(id)]
        step["when"] = when.map { .string($0) }
        step["next"] = next
        return .object(step)
    }

    @Test func `steps follow one another, and those that do not apply are passed over`() throws {
        var conversation = Conversation(
            try Self.flow([Self.ask("a"), Self.ask("b", when: "answers.a == 'x'"), Self.ask("c")])
        )
        let names = Names(["answers": ["a": "y"]])
        #expect(conversation.step(in: names)?.id == "a")
        conversation.go(on: "done")
        #expect(conversation.step(in: names)?.id == "c")
        conversation.go(on: "done")
        #expect(conversation.step(in: names)?.id == "end")
        conversation.go(on: "done")
        #expect(conversation.step(in: names) == nil)
    }

    @Test func `an outcome that the step names leads elsewhere, any other one on`() throws {
        let flow = try Self.flow([Self.ask("a", next: ["bad": "c"]), Self.ask("b"), Self.ask("c")])
        for (outcome, expected) in [("bad", "c"), ("good", "b")] {
            var conversation = Conversation(flow)
            conversation.go(on: outcome)
            #expect(conversation.step(in: Names())?.id == expected)
        }
    }

    @Test func `back goes from question to question, past what asked nothing`() throws {
        let check: Value = ["id": "k", "kind": "check", "title": "k", "run": "tenant"]
        var conversation = Conversation(try Self.flow([Self.ask("a"), check, Self.ask("b")]))
        conversation.go(on: "done")
        conversation.go(on: "found")
        #expect(conversation.step(in: Names())?.id == "b")
        let didGo = conversation.back(in: Names())
        #expect(didGo)
        #expect(conversation.step(in: Names())?.id == "a")
        let further = conversation.back(in: Names())
        #expect(!further)
    }

    @Test func `nobody goes back over what was changed`() throws {
        let keep: Value = ["id": "k", "kind": "apply", "title": "k", "run": "connect"]
        var conversation = Conversation(try Self.flow([Self.ask("a"), keep, Self.ask("b")]))
        conversation.go(on: "done")
        conversation.go(on: "done")
        let didGo = conversation.back(in: Names())
        #expect(!didGo)
        #expect(conversation.step(in: Names())?.id == "b")
    }

    @Test func `a walk is read back as it was written`() {
        var walk = Walk()
        walk.answers = ["customer": "contoso", "connectors": ["a", "b"]]
        walk.credentials = ["tenantId": "x"]
        walk.saved = ["application": "1"]
        walk.staged = .init(kind: "certificate", isMade: true)
        walk.changes = [ChangeEntry(change: "grant", item: "r/p", state: .made, saved: ["id": "9"])]
        walk.done = ["welcome"]
        walk.connected = ["contoso/o365"]
        #expect(Walk(walk.json) == walk)
        #expect(Walk(.null) == Walk())
    }

    @Test func `a wait's line fits beside its indent on a narrow screen, its next look included`() {
        let since = Timestamp(seconds: 1_796_000_000)
        let waiting = Waiting(
            "waiting for audit enablement",
            since: since,
            now: since + .seconds(3_599),
            until: since + .minutes(60),
            next: since + .seconds(3_658)
        )
        #expect(waiting.words.hasPrefix("waiting for audit enablement - 59 min, until "))
        #expect(waiting.words.hasSuffix(" UTC, next in 59 s"))
        #expect(waiting.words.count <= 77)
        let over = Waiting("collecting", since: since, now: since + .minutes(3), until: since + .minutes(2))
        #expect(over.words == "collecting - 3 min, longer than usual; Ctrl-C stops")
    }
}
