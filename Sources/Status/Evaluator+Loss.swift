// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors

extension Evaluator {
    /// The cause that decides: one that blocks, then the host's, then the newest cycle's, then a standing one.
    package func effectiveCause(_ facts: StreamFacts) -> Cause? {
        let known = [facts.cause, host.cause, facts.standing].compactMap { $0 }.filter {
            $0.faultClass != .ok
        }
        return known.first(where: \.blocks) ?? known.first { $0.faultClass == .host } ?? known.first
    }

    /// Where the stream stands: its watermark, or its last whole cycle where it has no windows.
    func mark(of situation: StreamSituation) -> Timestamp? {
        situation.watermark ?? situation.facts.lastSuccess
    }

    /// How far the mark is behind the source's present, less the minutes that are left to settle.
    func lag(_ mark: Timestamp?, _ situation: StreamSituation) -> Duration? {
        guard let mark else { return nil }
        let behind = now + situation.facts.skew - mark - situation.thresholds.settle
        return max(behind, .zero)
    }

    /// Says when data is lost: at the deadline, or already now where the source keeps nothing for us.
    func addLoss(to verdict: inout Assessment, _ situation: StreamSituation, mark: Timestamp?, cause: Cause?)
    {
        let (facts, limits) = (situation.facts, situation.thresholds)
        if limits.keepsFrom {
            if let cause, cause.faultClass == .enablement || cause.faultClass == .subscription {
                // A record that says so says since when; the watermark goes on with what is still listed.
                let said = cause == facts.standing ? cause.since : nil
                verdict.losingSince =
                    said ?? facts.losingSince ?? (facts.wholeCycles > 0 ? mark : nil) ?? cause.since
                return
            }
            // Before the step succeeded there is nothing yet that could leave the source.
            if facts.keptSince == nil { return }
        }
        guard let retention = limits.retention, let mark = mark ?? facts.coveredFrom else { return }
        verdict.lossAt = mark + retention
    }
}
