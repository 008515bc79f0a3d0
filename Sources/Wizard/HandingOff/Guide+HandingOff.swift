// SPDX-License-Identifier: Apache-2.0
import Basics
import Store
import Host
import Connectors
import JSON

extension Guide {
    /// Sends the person elsewhere and waits for their word that it is done.
    mutating func instruct(_ step: FlowStep) async throws -> Outcome {
        if walk.done.contains(step.id) || takesWord(step) { return .on(nil) }
        await tell(step)
        return try await awaitWord(step)
    }

    /// Writes files for somebody who never sees Headgate, and waits for the word that they were used.
    mutating func handOff(_ step: FlowStep) async throws -> Outcome {
        if walk.done.contains(step.id) || takesWord(step) { return .on(nil) }
        for file in step.files {
            let text = try bench.texts(flow.id, file.from)
            let form: TextFile.Form =
                file.from.hasSuffix(".html") ? .page : file.from.hasSuffix(".txt") ? .letter : .script
            let page = try TextFile(text, form).text(in: names())
            let path = try bench.write(place(words(file.to)), Array(page.utf8))
            await face.tell(.file(label: file.label, path: path))
        }
        await tell(step)
        return try await awaitWord(step)
    }

    /// Where a file for somebody else is written.
    func place(_ file: String) -> String { bench.folder == "." ? file : bench.folder + "/" + file }

    /// Whoever takes a walk up again without a conversation says by that that what it waited for is done.
    private mutating func takesWord(_ step: FlowStep) -> Bool {
        guard !isConversation, walk.handed.contains(step.id) else { return false }
        walk.note(step.id)
        return true
    }

    private mutating func awaitWord(_ step: FlowStep) async throws -> Outcome {
        if !walk.handed.contains(step.id) { walk.handed.append(step.id) }
        try await keep()
        let question = Question(
            name: step.id,
            words: step.question.map(words) ?? "Press Enter when it is done",
            kind: .done
        )
        if case .back = try await face.ask(question) { return .back }
        walk.note(step.id)
        return .on(nil)
    }

    /// How a connection stands now; nobody collects where no host runs.
    private func words(_ standing: Added.Standing) async -> String {
        guard standing == .collecting else { return standing.rawValue }
        if firstCycle?.outcome == "failing" { return "set up, but the first cycle failed" }
        let isLooked = try? await Repair.isHostRunning(bench.ledger, now: bench.time.now)
        return isLooked == true ? standing.rawValue : "set up"
    }

    /// Says what was done, what stays where, and what to run next.
    func summarise(_ step: FlowStep) async {
        for test in tests {
            guard let added = test.added else { continue }
            let isLeftOut = !added.excluded.isEmpty && added.excluded.count == added.connection.streams.count
            let standing = isLeftOut ? "left out for want of a plan" : await words(added.standing)
            await face.tell(.item("\(added.connection.key): \(test.definition.title), \(standing)"))
        }
        let made = walk.changes.filter { $0.state == .made }
        for step in flow.steps {
            for item in ChangeItem.all(of: step, in: names(), walk.changes)
            where made.contains(where: { $0.change == item.change.id && $0.item == item.item }) {
                await face.tell(.item("made at the source: \(words(item))"))
            }
        }
        for effect in tests.filter({ $0.added.map { $0.standing != .draft } ?? false }).flatMap(\.effects) {
            await face.tell(.item("started at the source: \(effect)"))
        }
        await tell(step)
    }
}
