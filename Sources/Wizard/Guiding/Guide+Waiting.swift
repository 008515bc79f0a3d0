// SPDX-License-Identifier: Apache-2.0
import Status
import Basics
import Connectors
import Host
import Probing
import Store

extension Guide {
    /// Does something that takes a while, and shows each second that it goes on.
    func waiting<Result>(
        _ what: String,
        upTo limit: Duration,
        _ work: () async throws -> Result
    ) async throws -> Result {
        let (face, time) = (face, bench.time)
        let since = time.now
        let result: Result
        do {
            result = try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    while true {
                        await face.wait(Waiting(what, since: since, now: time.now, until: since + limit))
                        try await time.sleep(for: .seconds(1))
                    }
                }
                defer { group.cancelAll() }
                return try await work()
            }
        } catch {
            // What is said of the failure begins on a line of its own.
            await face.wait(nil)
            throw error
        }
        await face.wait(nil)
        return result
    }

    /// Looks again and again until a stage of the connection test passes, and asks what to do where its time is over.
    mutating func wait(_ step: FlowStep) async throws -> Outcome {
        guard let stage = step.until else { return .on(nil) }
        await tell(step)
        if tests.isEmpty, let outcome = try await ready() { return outcome }
        while true {
            if let outcome = try await watch(step, stage) { return outcome }
            if step.next["over"] != nil { return .on("over") }
            let message =
                tests.compactMap { $0.report?.firstFailure?.message }.first
                ?? "\(stage.rawValue) did not come"
            let over = resumption("\(message) after \(step.limit.spoken).")
            guard isConversation else { return .over(.waiting(over)) }
            await face.tell(.bad("It did not come within \(step.limit.spoken): \(message)"))
            switch try await face.ask(afterwards(step)) {
            case .back: return .back
            case .text("without"): return .on("without")
            case .text("leave"): return .over(.waiting(over))
            case .text, .secret, .nothing: continue
            }
        }
    }

    private func afterwards(_ step: FlowStep) -> Question {
        var choices = [Question.Choice(id: "on", label: "wait for another \(step.limit.spoken)")]
        if step.next["without"] != nil {
            choices.append(
                .init(
                    id: "without",
                    label: "go on without it",
                    help: "What cannot be collected yet is shown as blocked, with what to do."
                )
            )
        }
        choices.append(.init(id: "leave", label: "stop here and go on later"))
        return Question(name: "afterWait", words: "What now?", kind: .one(choices), usual: "on")
    }

    /// Looks until the stage passes, the person goes back, or the step's time is over, which is no outcome.
    ///
    /// Where the test cannot tell, and the connection is set up already, collecting itself is tried as often as the
    /// definition lets its preparation be made.
    private mutating func watch(_ step: FlowStep, _ stage: ProbeStep.Stage) async throws -> Outcome? {
        let started = bench.time.now
        let until = started + step.limit
        var tried = started
        var isTold = false
        while true {
            var isOpen = false
            for index in tests.indices {
                try await test(index, upTo: stage)
                isOpen = isOpen || !isPassed(tests[index], stage)
            }
            guard isOpen else {
                await face.tell(.good("\(stage.rawValue): it is so now."))
                return .on("pass")
            }
            let now = bench.time.now
            let isConnected = !walk.connected.isEmpty
            if isConnected, isUndecided(stage), now - tried >= retryInterval {
                tried = now
                let cycle = try await bench.collect(connectedKeys)
                if cycle.causes.allSatisfy({ $0.faultClass != .enablement }) { return .on("pass") }
            }
            guard now + step.every <= until else { return nil }
            if isConversation, !isTold {
                let without = step.next["without"] == nil ? "" : " without goes on without it,"
                await face.tell(
                    .note("Enter looks at once, back goes back,\(without) Ctrl-C stops to go on later.")
                )
                isTold = true
            }
            let typed = try await pause(
                step,
                stage,
                since: started,
                until: until,
                tried: isConnected ? tried : nil
            )
            if case .back? = typed { return .back }
            if case .text("without")? = typed, step.next["without"] != nil { return .on("without") }
        }
    }

    /// Waits for the next look, showing each second that it does; answers what the person typed meanwhile.
    private func pause(
        _ step: FlowStep,
        _ stage: ProbeStep.Stage,
        since: Timestamp,
        until: Timestamp,
        tried: Timestamp?
    ) async throws -> Reply? {
        let next = bench.time.now + step.every
        while bench.time.now < next {
            let now = bench.time.now
            await face.wait(
                Waiting(
                    "waiting for \(stage.rawValue.lowercased())",
                    since: since,
                    now: now,
                    until: until,
                    next: isUndecided(stage) ? tried.map { max(next, $0 + retryInterval) } ?? next : next
                )
            )
            try await bench.time.sleep(for: min(.seconds(1), next - now))
            if let reply = await face.typed() {
                await face.wait(nil)
                return reply
            }
        }
        await face.wait(nil)
        return nil
    }

    private func isPassed(_ test: Tested, _ stage: ProbeStep.Stage) -> Bool {
        // Before anything is set up, collecting decides what no source tells; afterwards it has told.
        test.passed(stage) && (walk.connected.isEmpty || !isUndecided(stage))
    }

    /// Whether no source says anything about the stage.
    private func isUndecided(_ stage: ProbeStep.Stage) -> Bool { tests.contains { $0.isUndecided(stage) } }

    /// How often a definition lets what a stream needs at the source be made.
    private var retryInterval: Duration {
        let intervals = tests.flatMap(\.definition.streams).flatMap(\.before).compactMap {
            $0.minInterval?.every
        }
        return intervals.max() ?? .minutes(15)
    }

    // MARK: the first cycle

    /// The connections that were set up in this walk.
    var connectedKeys: Set<ConnectionKey> {
        Set(
            walk.connected.compactMap { path in
                let parts = path.split(separator: "/")
                return parts.count == 2
                    ? ConnectionKey(customer: String(parts[0]), connection: String(parts[1])) : nil
            }
        )
    }

    /// Has everything that was set up collected once; the outcome says how the streams stand then.
    mutating func collectFirst(_ step: FlowStep) async throws -> Outcome {
        let wanted = connectedKeys
        let covering = try await bench.ledger.connections().filter { connection in
            connection.streams.contains { $0.hold?.kind != .excluded }
        }
        let keys = wanted.intersection(covering.map(\.key))
        guard !keys.isEmpty else { return .on("nothing") }
        await tell(step)
        let bench = bench
        let cycle = try await waiting("collecting for the first time", upTo: .minutes(2)) {
            try await bench.collect(keys)
        }
        firstCycle = cycle
        await face.tell(.table(FirstCycle.head, cycle.rows))
        if try await !Repair.isHostRunning(bench.ledger, now: bench.time.now) {
            await face.tell(
                .note("No host runs here: nothing more is collected until one does (headgate run).")
            )
        }
        if cycle.causes.contains(where: { $0.faultClass == .enablement }) {
            if let remedy = cycle.causes.compactMap(\.remedy).first { await face.tell(.remedy(remedy)) }
            if step.next[ProbeStep.Stage.enablement.rawValue] != nil, isConversation {
                return .on(ProbeStep.Stage.enablement.rawValue)
            }
        }
        return .on(cycle.outcome)
    }
}
