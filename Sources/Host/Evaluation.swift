// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Status
import Store

/// Evaluates every stream and writes down the host's sign of life and each change of state.
struct Evaluation: Sendable {
    let station: Station
    let started: Timestamp
    let mode: HostFacts.Mode
    /// What keeps a destination from being served.
    var delivery: @Sendable () -> Cause? = { nil }

    /// Evaluates once; with `hysteresis` a better state must hold for two evaluations.
    ///
    /// On a full disk it is what the reserve was kept for: whoever asks for the state must not be told an old one.
    @discardableResult
    func evaluate(hysteresis: Bool) async throws -> [StreamKey: Assessment] {
        do {
            return try await evaluateOnce(hysteresis: hysteresis)
        } catch let failure as StoreFailure where failure.isDiskFull {
            await station.committer.giveUpReserve()
            return try await evaluateOnce(hysteresis: hysteresis)
        }
    }

    /// Writes down that the host ends, so that nobody waits for it.
    func end() async throws {
        guard var tick = try await station.ledger.tick() else { return }
        tick.endedAt = station.time.now
        try await station.ledger.write([.tick(tick)])
    }

    private func evaluateOnce(hysteresis: Bool) async throws -> [StreamKey: Assessment] {
        let now = station.time.now
        let situations = try await situations()
        let host = HostFacts(
            version: station.version,
            mode: mode,
            lastTick: now,
            startedAt: started,
            cause: station.committer.hostCondition ?? delivery()
                ?? ClockCheck.cause(situations.map(\.facts.skew), now: now)
        )
        let evaluator = Evaluator(host: host, now: now)
        let stored = try await station.ledger.states()
        var changes: [LedgerChange] = [.tick(host)]
        var assessments: [StreamKey: Assessment] = [:]
        for situation in situations {
            let assessment = evaluator.evaluate(situation)
            assessments[situation.key] = assessment
            changes += step(stored[situation.key], situation.key, assessment, now, hysteresis: hysteresis)
        }
        try await station.ledger.write(changes)
        return assessments
    }

    /// Writes down of each stream that nobody looked at it for a while before this process began.
    ///
    /// The sign of life that the process before left behind tells it; without this the days would look as if the state
    /// of back then had held all the time.
    func noteAbsence() async throws {
        guard let before = try await station.ledger.tick() else { return }
        let now = station.time.now
        let evaluator = Evaluator(host: before, now: now)
        let stored = try await station.ledger.states()
        var changes: [LedgerChange] = []
        for situation in try await situations() {
            guard let standing = stored[situation.key] else { continue }
            let verdict = evaluator.evaluate(situation)
            guard verdict.state == .unknown else { continue }
            changes += step(standing, situation.key, verdict, now, hysteresis: false)
        }
        guard !changes.isEmpty else { return }
        try await station.ledger.write(changes)
    }

    private func step(
        _ stored: Standing?,
        _ key: StreamKey,
        _ assessment: Assessment,
        _ now: Timestamp,
        hysteresis: Bool
    ) -> [LedgerChange] {
        let (standing, change) = Transitions.step(stored, assessment, now: now, hysteresis: hysteresis)
        if let change { report(key, change) }
        return stored != standing || change != nil ? [.state(key, standing, change)] : []
    }

    /// Every stream with what its state is found by.
    private func situations() async throws -> [StreamSituation] {
        let now = station.time.now
        let facts = try await station.ledger.allFacts()
        var found: [StreamSituation] = []
        for connection in try await station.ledger.connections() {
            let shelf = station.shelf
            let definition = try? shelf.definition(connection.connector)
            let refusal = connection.isDraft ? nil : shelf.refusal(of: connection)
            for (choice, key) in zip(connection.streams, connection.streamKeys) {
                var own = facts[key] ?? StreamFacts()
                if let refusal {
                    let since = own.lastSuccess ?? own.acceptedAt ?? connection.created
                    own.cause = Cause(refused: refusal, since: since)
                }
                found.append(
                    StreamSituation(
                        key: key,
                        facts: own,
                        thresholds: definition.flatMap { definition in
                            definition.stream(choice.stream).map {
                                Thresholds($0, plans: connection.proven(definition, now: now))
                            }
                        } ?? Thresholds(),
                        hold: choice.hold,
                        watermark: own.watermark
                    )
                )
            }
        }
        return found
    }

    private func report(_ key: StreamKey, _ change: StateChange) {
        let fields: KeyValuePairs = [
            "stream": key.description, "from": change.from?.rawValue ?? "nothing", "to": change.to.rawValue,
            "because": change.cause?.message ?? "",
        ]
        switch change.to {
        case .blocked, .failing: station.log.error("a stream's state changed", fields)
        case .late, .quiet, .unknown: station.log.warning("a stream's state changed", fields)
        default: station.log.info("a stream's state changed", fields)
        }
    }
}
