// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import JSON
import Probing
import Status
import Store

extension Guide {
    /// Shows what the next step changes and asks for agreement.
    mutating func confirm(_ step: FlowStep) async throws -> Outcome {
        if walk.done.contains(step.id) { return .on(nil) }
        await tell(step)
        if let of = step.of, let target = flow.step(of) {
            for line in plan(of: target) + sourceEffects + bounds { await face.tell(.item(line)) }
        } else {
            do {
                if try await isChangeless() {
                    await face.tell(.good("Nothing changes: it is so already."))
                    return .over(.done)
                }
                for line in try await changesAhead() { await face.tell(.item(line)) }
            } catch let refused
                where isConversation && (refused is ReconfigureRefused || refused is AnswersRefused)
            {
                await face.tell(.bad("\(refused)"))
                return .back
            }
        }
        var choices = [Question.Choice(id: "yes", label: "yes, go on")]
        choices += step.options.filter { $0.when?.holds(in: names()) ?? true }.map {
            Question.Choice(id: $0.id, label: words($0.label), help: $0.help.map(words))
        }
        if walk.answers[step.id]?.stringValue != "yes" {
            let question = Question(
                name: step.id,
                words: words(step.question ?? step.title),
                kind: .one(choices),
                usual: step.usual.map(words) ?? "yes"
            )
            switch try await face.ask(question) {
            case .back: return .back
            case .text(let text) where text != "yes":
                walk.answers[step.id] = .string(text)
                return .to(step.options.first { $0.id == text }?.goto ?? step.id)
            case .text, .nothing, .secret: break
            }
        }
        walk.note(step.id)
        return .on(nil)
    }

    /// What the flow is about to change, a line each.
    private func changesAhead() async throws -> [String] {
        switch flow.purpose {
        case .remove: try await removalAhead()
        case .reconfigure: try await differences()
        case .setup, .reauth, .rotate, .repair: try await agreement()
        }
    }

    /// What will be collected, where it is kept, and what it changes at the source.
    private func agreement() async throws -> [String] {
        var lines: [String] = []
        for test in tests {
            guard let form = test.prepared?.form, let report = test.report else { continue }
            let (hopeless, causes) = (Set(test.hopeless), report.streamCauses)
            let chosen = form.streams.filter { report.unlicensed[$0] == nil && !hopeless.contains($0) }
            let names = chosen.isEmpty ? "nothing yet" : chosen.joined(separator: ", ")
            lines.append("\(test.definition.title): \(names)")
            for (streams, why) in Self.alike(report.unlicensed, in: report.streams) {
                lines.append("left out: \(streams) - \(why)")
            }
            let reasons = causes.filter { hopeless.contains($0.key) }.mapValues(\.message)
            for (streams, why) in Self.alike(reasons, in: report.streams) {
                lines.append("blocked until that is put right: \(streams) - \(why)")
            }
            lines += test.effects.map { "changes at the source: \($0)" }
        }
        if tests.contains(where: { $0.prepared?.existing?.acceptedAt != nil }) {
            lines.append("what is set up already goes on from where it is")
        }
        return lines + bounds
    }

    /// From when on it is collected, and where it is kept.
    private var bounds: [String] {
        let start = walk.answers["start"]?.stringValue ?? "now"
        return [
            start == "now" ? "from now on" : "from now on, and \(history(start))",
            "kept in \(bench.home.archive)/\(walk.answers["customer"]?.stringValue ?? "")",
        ]
    }

    /// What there is of the past, with what asking for it takes at the least.
    private func history(_ start: String) -> String {
        guard let span = Reach(start)?.span else { return "what there is from \(start) back" }
        let streams = tests.flatMap { test in
            test.definition.streams.filter { test.prepared?.form.streams.contains($0.id) ?? false }
        }
        let requests = streams.compactMap { $0.windowCount(over: span) }.reduce(0, +)
        return "the last \(span.spoken), as far as the source keeps it: \(requests) requests at least"
    }

    /// What collecting starts at the source before anything was tested, for as many streams as there are at most.
    private var sourceEffects: [String] {
        definitions.flatMap { definition in
            definition.sideEffects.map {
                "then, as far as it is not there yet: \($0.title), for \($0.streams) streams"
            }
        }
    }

    /// Streams of which the same is said, in the order of `streams`.
    private static func alike(_ words: [String: String], in streams: [String]) -> [(
        streams: String, why: String
    )] {
        var found: [(streams: String, why: String)] = []
        for stream in streams {
            guard let why = words[stream] else { continue }
            if let index = found.firstIndex(where: { $0.why == why }) {
                found[index].streams += ", " + stream
            } else {
                found.append((stream, why))
            }
        }
        return found
    }

    mutating func apply(_ step: FlowStep) async throws -> Outcome {
        switch step.run {
        case .connect?: return try await connect(step)
        case .changes?: return try await make(step)
        case .rotate?: return try await rotate()
        case .reauth?: return try await reauthorise()
        case .declare?: return try await declareEnd()
        case .remove?: return try await removeConnection()
        case .repair?: return try await repair()
        case .reconfigure?: return try await reconfigure()
        default: return .on(nil)
        }
    }

    /// Keeps the connections as the test has judged them.
    private mutating func connect(_ step: FlowStep) async throws -> Outcome {
        if tests.isEmpty || tests.contains(where: { $0.report == nil }) {
            tests = try await prepare()
            for index in tests.indices { try await test(index, upTo: nil) }
        }
        for index in tests.indices {
            guard var prepared = tests[index].prepared, let report = tests[index].report else { continue }
            // The first of several has made the registration that the others share.
            if index > 0 {
                let file = try answersFile(tests[index].member, tests[index].definition)
                prepared = try await bench.onboarding.prepare(file, nil)
                tests[index].prepared = prepared
            }
            // A person is asked when the secret ends only after a test that could not find it out.
            prepared = prepared.declaring(
                walk.answers["secretExpires"]?.stringValue.flatMap { Timestamp(iso8601: $0) }
            )
            let added = try await bench.onboarding.settle(
                prepared,
                Trial(report),
                noChanges: false,
                mayLeaveOutAll: true
            )
            tests[index].added = added
            let key = "\(added.connection.key)"
            if added.standing == .draft {
                await face.tell(
                    .bad("\(key) is kept as a draft: \(added.connection.draftCause?.message ?? "")")
                )
                if let remedy = added.connection.draftCause?.remedy { await face.tell(.remedy(remedy)) }
                continue
            }
            if !walk.connected.contains(key) { walk.connected.append(key) }
            await face.tell(.good("\(key) is \(added.isUpdate ? "updated" : "set up")."))
            if added.isUpdate, let start = walk.answers["start"]?.stringValue, start != added.connection.start
            {
                await face.tell(
                    .note("Where it began stays; what was before is asked for with headgate backfill \(key).")
                )
            }
            for (stream, cause) in added.blocked.sorted(by: { $0.key < $1.key }) {
                await face.tell(.bad("\(stream) is blocked: \(cause.message)"))
            }
            for (streams, why) in Self.alike(added.excluded, in: report.streams) {
                await face.tell(
                    .note("left out: \(streams) - \(why). It is taken up by itself once the plan is there.")
                )
            }
        }
        guard !walk.connected.isEmpty else {
            let message =
                tests.compactMap { $0.added?.connection.draftCause?.message }.first ?? "the test failed"
            return .over(failing(message.hasSuffix(".") ? message : message + "."))
        }
        return .on(nil)
    }
}
