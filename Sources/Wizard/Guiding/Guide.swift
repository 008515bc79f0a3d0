// SPDX-License-Identifier: Apache-2.0
import Status
import Basics
import Connectors
import Crypto
package import Host
package import JSON
import Probing
import Source
package import Store

/// Leads a person through a flow: performs what the conversation comes to and writes down how far it has come.
///
/// What it learnt is only ever in the ledger (never a secret), in the vault, or in memory. Ending it at any instant
/// loses nothing but what was being typed: taken up again, answered questions are not asked again, what was found out
/// is found out anew, and what was changed is not changed twice.
package struct Guide: Sendable {
    /// How a walk ended.
    package enum Ending: Sendable, Equatable {
        /// All is set up.
        case done
        /// It is set up, and some streams cannot be collected yet.
        case partly
        /// It is kept as a draft, or a check failed.
        case failed(String)
        /// Somebody else has to act first.
        case waiting(String)
        /// The person left in the middle.
        case left(String)
        /// The input ended before all was answered.
        case unanswered(String)
    }

    /// What performing a step came to.
    enum Outcome {
        case on(String?)
        case to(String)
        case back
        case over(Ending)
    }

    let bench: Workbench
    let face: any Face
    let flow: Flow
    var conversation: Conversation
    var record: FlowRecord
    var walk: Walk
    /// Whether it has been written down already.
    var isKept: Bool
    /// A credential that was handed over from outside, or is being held for this walk.
    var offered: OfferedCredential?
    /// The public part of the certificate that is held for this walk.
    var certificate: Certificate?
    /// What the last test of each chosen connector found.
    var tests: [Tested] = []
    /// How what was set up stood after it was collected for the first time.
    var firstCycle: FirstCycle?
    /// What the last look at a connection that is set up came to.
    var verdict: Repair.Outcome?
    /// Answers that are asked for again, since the person has come back to change them.
    var reopened: Set<String> = []
    /// Who signed in, until it is dropped.
    var person: PersonSession?
    /// Keeps a second walk for the same tenant out.
    var lock: FlowLock?
    /// Whether walks of the same customer that wait were looked for; one that was taken up is the one that waited.
    var hasMetWalks: Bool
    /// Whether another walk goes on in this one's place.
    var yields = false
    /// Whether questions may be put to somebody at all.
    let isConversation: Bool

    /// Begins a walk, or takes one up again where `record` is given.
    package init(
        _ flow: Flow,
        bench: Workbench,
        face: any Face,
        taking record: FlowRecord? = nil,
        answers: Object = [:],
        credentials: Object = [:],
        offered: OfferedCredential? = nil,
        newID: String,
        isConversation: Bool
    ) {
        self.flow = flow
        self.bench = bench
        self.face = face
        self.offered = offered
        self.isConversation = isConversation
        let now = bench.time.now
        isKept = record != nil
        hasMetWalks = record != nil
        self.record =
            record ?? FlowRecord(id: newID, flow: flow.id, begun: now, touched: now, body: Walk().json)
        conversation = Conversation(flow)
        walk = record.map { Walk($0.body) } ?? Walk()
        for (name, value) in answers { walk.answers[name] = value }
        for (name, value) in credentials { walk.credentials[name] = value }
    }

    /// Gives the walk up: drops what it holds, and says what it has made elsewhere and is still there.
    package mutating func abandon() async throws -> [String] {
        // The words may name the certificate that rests in the vault; without it they are as they are written.
        try? await openStaged()
        let made = flow.steps.flatMap { step in
            ChangeItem.all(of: step, in: names(), walk.changes).filter { item in
                walk.changes.contains {
                    $0.change == item.change.id && $0.item == item.item && $0.state == .made
                }
            }
            .map { words($0) }
        }
        let ids = fields.filter { !$0.isSecret }.compactMap { field in
            walk.credentials[field.name]?.stringValue.map { "\(field.label) \($0)" }
        }
        try await finish()
        return made.isEmpty ? [] : made + [ids.joined(separator: ", ")]
    }

    /// The name by which the walk is taken up again; `nil` where there is nothing to take up.
    package var id: String? { isKept ? record.id : nil }

    /// Leads to the end, or as far as it goes today; throws what cannot be gone on from.
    package mutating func run() async throws -> Ending {
        try await openStaged()
        var unasked = 0
        while let step = conversation.step(in: names()) {
            if !isSettled(step) { await face.begin(step.id, words(step.title)) }
            let outcome: Outcome
            do {
                outcome = try await perform(step)
            } catch Unanswered.left {
                try await keep()
                await face.end(step.id, step.kind, "left")
                return .left(resumption(isConversation ? "Stopped." : "Somebody else has to act first."))
            } catch Unanswered.ended {
                try await keep()
                return .unanswered(resumption("The input ended before \(words(step.title)) was answered."))
            } catch let cancelled as CancellationError {
                try await keep()
                throw cancelled
            } catch {
                if !isWorthTaking { try await finish() }
                throw error
            }
            try await keep()
            // A flow whose steps lead to one another without anybody being asked would never end.
            unasked = step.isAsking || step.kind == .wait ? 0 : unasked + 1
            guard unasked <= flow.steps.count else {
                throw WizardFailure.flow("The flow \"\(flow.id)\" goes in circles at \"\(step.id)\".")
            }
            let place = conversation.place
            var isSent = false
            switch outcome {
            case .on(let name):
                await face.end(step.id, step.kind, name ?? "done")
                conversation.go(on: name ?? "done")
            case .to(let target):
                await face.end(step.id, step.kind, target)
                conversation.go(to: target)
                isSent = true
            case .back:
                if !conversation.back(in: names()) {
                    await face.tell(.note("There is nothing to go back to."))
                }
            case .over(let ending):
                await face.end(step.id, step.kind, "over")
                if ending.isFinal || yields || ending.isFailure && !isWorthTaking { try await finish() }
                return ending
            }
            // What was tested on the way there was not yet what is answered now.
            if conversation.place < place { tests = [] }
            if isSent || conversation.place < place { reopen() }
        }
        try await finish()
        return ending
    }

    /// How it ended, by what was set up.
    private var ending: Ending {
        if let draft = tests.first(where: { $0.added?.standing == .draft }) {
            return .failed(draft.added?.connection.draftCause?.message ?? "the test failed")
        }
        switch verdict {
        case .person: return .failed("Somebody still has to act.")
        case .trying: return .waiting("It is being tried; look again in some minutes.")
        case .resolved, .passes, nil: break
        }
        let isPartly = tests.contains { $0.added?.standing == .partly } || firstCycle?.outcome == "failing"
        return isPartly ? .partly : .done
    }

    /// Whether a step was gone through before, so that nobody needs to hear of it again.
    private func isSettled(_ step: FlowStep) -> Bool {
        switch step.kind {
        case .intro, .instruct, .handoff, .confirm: walk.done.contains(step.id)
        case .choose: step.answer.map(isGiven) ?? false
        case .ask:
            step.answer.map { isGiven($0) || walk.done.contains(step.id) }
                ?? (!reopened.contains(step.credentials.first ?? "")
                    && step.credentials.contains { walk.credentials[$0] != nil })
        case .secret: walk.staged != nil && !reopened.contains("credential")
        case .check, .wait, .apply, .summary: false
        }
    }

    /// Has the present step asked again although it was answered: the person has come back to it.
    private mutating func reopen() {
        guard conversation.place < flow.steps.count else { return }
        let step = flow.steps[conversation.place]
        if let answer = step.answer { reopened.insert(answer) }
        if let field = step.credentials.first { reopened.insert(field) }
        if step.kind == .secret { reopened.insert("credential") }
        walk.done.removeAll { $0 == step.id }
    }

    private mutating func perform(_ step: FlowStep) async throws -> Outcome {
        switch step.kind {
        case .intro:
            if !walk.done.contains(step.id) { await tell(step) }
            walk.note(step.id)
            return .on(nil)
        case .choose: return try await choose(step)
        case .ask: return try await ask(step)
        case .secret: return try await takeCredential(step)
        case .instruct: return try await instruct(step)
        case .handoff: return try await handOff(step)
        case .confirm: return try await confirm(step)
        case .check: return try await check(step)
        case .wait: return try await wait(step)
        case .apply: return try await apply(step)
        case .summary:
            await summarise(step)
            return .on(nil)
        }
    }

    // MARK: words

    /// The words of a template; what is not known yet is left as it is written.
    func words(_ template: Template) -> String { (try? template.text(in: names())) ?? template.source }

    func tell(_ step: FlowStep) async {
        for paragraph in step.body { await face.tell(.paragraph(words(paragraph))) }
        if step.where != nil || step.link != nil {
            await face.tell(.place(path: step.where.map(words), link: step.link.map(words)))
        }
    }

    /// A reason with the way to go on.
    func resumption(_ reason: String) -> String {
        isKept
            ? "\(reason) Go on with: \(bench.command) --resume \(record.id)"
            : "\(reason) Nothing was changed."
    }

    /// Whether there is anything to go on with: what nobody leads and has made nothing is simply begun anew.
    var isWorthTaking: Bool { isConversation || !walk.changes.isEmpty || !walk.handed.isEmpty }

    /// The end in failure, with the way to go on where there is one.
    func failing(_ reason: String) -> Ending { .failed(isWorthTaking ? resumption(reason) : reason) }

    /// How to go on after the process was stopped from outside.
    package var afterStop: String { resumption("Stopped.") }

    // MARK: keeping

    /// Writes down how far it has come, once there is anything worth it.
    mutating func keep() async throws {
        guard isKept || !walk.answers.isEmpty || !walk.credentials.isEmpty else { return }
        isKept = true
        record.touched = bench.time.now
        record.body = walk.json
        try await bench.ledger.write([.flow(record)])
    }

    /// Forgets the walk and whatever was held for it.
    mutating func finish() async throws {
        await person?.drop()
        person = nil
        try await bench.vault.remove(record.vaultEntry, .current)
        if isKept { try await bench.ledger.write([.removeFlow(record.id)]) }
        isKept = false
    }
}

extension Guide.Ending {
    /// Whether something was tried and did not go.
    var isFailure: Bool {
        if case .failed = self { true } else { false }
    }

    /// Whether there is nothing to take up again.
    var isFinal: Bool {
        switch self {
        case .done, .partly: true
        case .failed, .waiting, .left, .unanswered: false
        }
    }
}

extension Walk {
    /// Notes that a step is done.
    mutating func note(_ step: String) {
        if !done.contains(step) { done.append(step) }
    }
}
