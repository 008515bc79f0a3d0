// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Source
import Status
import Store

extension StreamCycle {
    mutating func prepare() async throws {
        let preparation = Preparation(context: context, purse: purse, confirming: bounds.confirming)
        let outcome: Preparation.Outcome
        do {
            outcome = try await preparation.run(&facts)
        } catch let setback as Setback {
            if setback.faultClass.isBlocking { try await preparation.forget() }
            throw setback
        }
        guard context.stream.keepsFrom != nil else { return }
        if let started = outcome.startedAnew {
            // What the source did not keep for us between the last minute we know of and now is lost for good.
            if facts.keptSince != nil || facts.losingSince != nil {
                try await lose(from: try await watermark(), to: started.rounded(downTo: .minutes(1)))
            }
            facts.keptSince = started.rounded(downTo: .minutes(1))
            facts.losingSince = nil
        } else if facts.keptSince == nil {
            // The acceptance is by our clock, what the source keeps by its own.
            facts.keptSince = facts.acceptedAt.map { $0 + context.skew } ?? context.now
        }
        try await context.note([.facts(facts)])
    }

    /// Writes a span that no try can bring back.
    mutating func lose(from: Timestamp, to: Timestamp) async throws {
        guard from < to else { return }
        let gap = Gap(
            stream: context.key,
            kind: .span,
            from: from,
            to: to,
            cause: facts.cause?.faultClass ?? .subscription,
            how: "the source kept nothing for us",
            detected: context.time.now,
            recoverableUntil: nil,
            lost: true
        )
        end.gapsOpened += 1
        context.log.error("data is lost", ["from": from.description, "to": to.description])
        try await context.note([
            .coverage(CoverageRow(stream: context.key, from: from, to: to, state: .gap)), .openGap(gap),
        ])
    }
}
