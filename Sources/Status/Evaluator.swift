// SPDX-License-Identifier: Apache-2.0
package import Basics
import Connectors

/// Turns facts into the one state they mean; total, pure and the same everywhere.
package struct Evaluator: Sendable {
    /// How old the tick of a running host may be.
    package static let tickLimit = Duration.minutes(2)

    package let host: HostFacts
    package let now: Timestamp

    /// Puts it together from its parts.
    package init(host: HostFacts, now: Timestamp) {
        self.host = host
        self.now = now
    }

    /// The state of one stream with everything that goes with it.
    package func evaluate(_ situation: StreamSituation) -> Assessment {
        let facts = situation.facts
        let mark = self.mark(of: situation)
        let lag = self.lag(mark, situation)
        let cause = effectiveCause(facts)
        var verdict = state(situation, mark: mark, lag: lag, cause: cause)
        // Where coverage begins nothing is stored yet; until a live minute is, only history has a newest minute.
        let isMoved = situation.watermark == nil ? facts.wholeCycles > 0 : mark != facts.coveredFrom
        verdict.caughtUpTo = isMoved ? mark : facts.historyStored
        verdict.lag = isMoved ? lag : nil
        if !facts.everHadRecord, let accepted = facts.acceptedAt {
            verdict.firstDataBy = accepted + situation.thresholds.firstData
        }
        if verdict.state != .draft, verdict.state != .excluded {
            addLoss(to: &verdict, situation, mark: mark, cause: cause)
        }
        return verdict
    }

    /// The ten states in the order in which the first match wins.
    private func state(_ situation: StreamSituation, mark: Timestamp?, lag: Duration?, cause: Cause?)
        -> Assessment
    {
        let (facts, limits) = (situation.facts, situation.thresholds)
        guard let accepted = facts.acceptedAt else {
            return Assessment(state: .draft, since: nil, cause: cause)
        }
        if let hold = situation.hold {
            return Assessment(state: hold.kind == .excluded ? .excluded : .paused, since: hold.at)
        }
        if let since = notLookingSince(accepted: accepted, limits) {
            return Assessment(state: .unknown, since: since, cause: cause)
        }
        if let cause, cause.blocks { return Assessment(state: .blocked, since: cause.since, cause: cause) }
        if let failing = failing(situation, accepted: accepted, mark: mark, cause: cause) { return failing }
        let awaitsFirstRecord = !facts.everHadRecord && now < accepted + limits.firstData
        if facts.wholeCycles == 0 || awaitsFirstRecord {
            var verdict = Assessment(state: .pending, since: accepted, cause: cause)
            verdict.wantsRecord = facts.wholeCycles > 0
            return verdict
        }
        if let since = lateSince(situation, mark: mark, lag: lag, cause: cause) {
            return Assessment(state: .late, since: since, cause: cause)
        }
        if let since = quietSince(facts, limits, accepted: accepted) {
            return Assessment(state: .quiet, since: since)
        }
        return Assessment(state: .active, since: facts.lastSuccess)
    }

    /// Since when nobody has looked at the stream, or `nil` while somebody does.
    private func notLookingSince(accepted: Timestamp, _ limits: Thresholds) -> Timestamp? {
        let limit = host.mode == .run ? Self.tickLimit : limits.lateAfter
        // A stream accepted just now waits for the first look like any other.
        let looked = host.mode == .none ? accepted : max(host.lastTick ?? accepted, accepted)
        if !host.ledgerIsReadable { return host.lastTick ?? accepted }
        return now - looked > limit ? looked : nil
    }

    private func failing(
        _ situation: StreamSituation,
        accepted: Timestamp,
        mark: Timestamp?,
        cause: Cause?
    ) -> Assessment? {
        let (facts, limits) = (situation.facts, situation.thresholds)
        if let cause {
            let since = facts.failingSince ?? cause.since
            if cause.faultClass == .host {
                return Assessment(state: .failing, since: cause.since, cause: cause)
            }
            if now - since > limits.failAfter {
                return Assessment(state: .failing, since: since, cause: cause)
            }
        }
        let moved = lastMove(situation, accepted: accepted)
        guard now - moved > limits.failAfter else { return nil }
        let stuck = Cause(
            faultClass: .transient,
            message: "nothing more has been settled since \(moved), though no request failed",
            since: moved
        )
        return Assessment(state: .failing, since: moved, cause: cause ?? stuck)
    }

    /// When the watermark last moved, or when somebody began to look, whichever is later.
    private func lastMove(_ situation: StreamSituation, accepted: Timestamp) -> Timestamp {
        let facts = situation.facts
        let moved = situation.watermark == nil ? facts.lastSuccess : facts.watermarkMoved
        // A host that was down has said so as `unknown`; a run now and then starts anew each time.
        let started = host.mode == .run ? host.startedAt : nil
        return [moved, facts.resumedAt, started].compactMap { $0 }.reduce(accepted, max)
    }

    private func lateSince(
        _ situation: StreamSituation,
        mark: Timestamp?,
        lag: Duration?,
        cause: Cause?
    ) -> Timestamp? {
        let (facts, limits) = (situation.facts, situation.thresholds)
        if let mark, let lag, lag > limits.lateAfter {
            return mark + limits.settle + limits.lateAfter - facts.skew
        }
        guard let success = facts.lastSuccess else { return cause?.since ?? now }
        if now - success > limits.lateAfter { return success + limits.lateAfter }
        guard mark != nil else { return success }
        return cause?.since
    }

    private func quietSince(_ facts: StreamFacts, _ limits: Thresholds, accepted: Timestamp) -> Timestamp? {
        if let until = facts.quietUntil, now < until { return nil }
        let longest: Duration
        switch limits.quiet {
        case .never: return nil
        case .after(let duration): longest = duration
        case .baseline: longest = facts.quietBaseline(now: now)
        }
        // Past the first day due without any record there is nothing to wait for.
        guard let last = facts.lastRecordStored else { return accepted + limits.firstData }
        return now - last > longest ? last : nil
    }
}
