// SPDX-License-Identifier: Apache-2.0
import Status
import Basics
import Connectors
import Host
import Probing
import Store

extension Guide {
    /// Does something that takes a while, and shows that it does.
    func waiting<Result: Sendable>(
        _ what: String,
        upTo limit: Duration,
        _ work: () async throws -> Result
    ) async throws -> Result {
        let now = bench.time.now
        await face.wait(Waiting(what, since: now, now: now, until: now + limit))
        do {
            let result = try await work()
            await face.wait(nil)
            return result
        } catch {
            await face.wait(nil)
            throw error
        }
    }

    /// Looks again and again until a stage of the connection test passes.
    ///
    /// Where the test cannot tell, and the connection is set up already, collecting itself is tried as often as the
    /// definition lets its preparation be made.
    mutating func wait(_ step: FlowStep) async throws -> Outcome {
        guard let stage = step.until else { return .on(nil) }
        await tell(step)
        if tests.isEmpty, let outcome = try await ready() { return outcome }
        let started = bench.time.now
        let until = started + step.limit
        var tried = started
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
            guard now + step.every <= until else { return try await overdue(step, stage) }
            try await pause(step, stage, since: started, until: until, tried: isConnected ? tried : nil)
        }
    }

    /// Waits for the next look, showing each second that it does.
    private func pause(
        _ step: FlowStep,
        _ stage: ProbeStep.Stage,
        since: Timestamp,
        until: Timestamp,
        tried: Timestamp?
    ) async throws {
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
        }
        await face.wait(nil)
    }

    private mutating func overdue(_ step: FlowStep, _ stage: ProbeStep.Stage) async throws -> Outcome {
        if step.next["over"] != nil { return .on("over") }
        let message =
            tests.compactMap { $0.report?.firstFailure?.message }.first ?? "\(stage.rawValue) did not come"
        return .over(.waiting(resumption("\(message) after \(step.limit.spoken).")))
    }

    private func isPassed(_ test: Tested, _ stage: ProbeStep.Stage) -> Bool {
        let steps = (test.report?.steps ?? []).filter { $0.stage == stage }
        guard !steps.isEmpty, steps.allSatisfy({ $0.mark != .fail && $0.skippedFor == nil }) else {
            return false
        }
        // Before anything is set up, collecting decides what no source tells; afterwards it has told.
        return walk.connected.isEmpty || !isUndecided(stage)
    }

    /// Whether no source says anything about the stage.
    private func isUndecided(_ stage: ProbeStep.Stage) -> Bool {
        tests.contains { test in
            (test.report?.steps ?? []).contains { $0.stage == stage && $0.mark == .unknown }
        }
    }

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
        guard !connectedKeys.isEmpty else { return .on("nothing") }
        await tell(step)
        let keys = connectedKeys
        let bench = bench
        let cycle = try await waiting("collecting for the first time", upTo: .minutes(2)) {
            try await bench.collect(keys)
        }
        await face.tell(.table(FirstCycle.head, cycle.rows))
        if cycle.causes.contains(where: { $0.faultClass == .enablement }) {
            if let remedy = cycle.causes.compactMap(\.remedy).first { await face.tell(.remedy(remedy)) }
            if step.next[ProbeStep.Stage.enablement.rawValue] != nil, isConversation {
                return .on(ProbeStep.Stage.enablement.rawValue)
            }
        }
        return .on(cycle.outcome)
    }
}
