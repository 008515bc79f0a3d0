// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Source
import Status
import Store

/// Sees to it that a stream's before steps stand, such as a subscription: looks first, acts only where it must.
package struct Preparation {
    let context: StreamContext
    let purse: Purse
    /// Acts even where a look says that nothing needs doing, to hear what the source says of it.
    var confirming = false

    /// What came of it.
    struct Outcome {
        /// A step was made anew just now: the source keeps nothing from before.
        var startedAnew: Timestamp?
    }

    private static let lookedAt = "looked:"
    /// The cursor by which a person allows one try of what the machine must not do by itself.
    package static let allowed = "allowed"

    /// Runs every step in order; throws the ``Setback`` of the first that does not stand.
    func run(_ facts: inout StreamFacts) async throws -> Outcome {
        var outcome = Outcome()
        for step in context.stream.before {
            if try await stands(step) { continue }
            let fresh = try await act(step, &facts)
            if fresh { outcome.startedAnew = context.now }
            try await remember(step)
        }
        return outcome
    }

    /// Forgets what earlier looks found, so that the next cycle looks again.
    func forget() async throws {
        let effects = context.stream.before.map { Effect.cursor(name: Self.lookedAt + $0.id, value: nil) }
        if !effects.isEmpty { try await context.note(effects) }
    }

    /// Whether a step stands already, by a look that is young enough or by a new one.
    private func stands(_ step: BeforeStep) async throws -> Bool {
        guard !confirming else { return false }
        if let cache = step.cache,
            let text = try await context.ledger.cursor(Self.lookedAt + step.id, of: context.key),
            let looked = Timestamp(iso8601: text), context.now - looked < cache, looked <= context.now
        {
            return true
        }
        guard step.look != nil else { return false }
        guard try await look(step) else { return false }
        try await remember(step)
        return true
    }

    private func look(_ step: BeforeStep) async throws -> Bool {
        guard let look = step.look, let unless = step.unless else { return false }
        let reply = try await context.ask(look, for: .before, with: context.names, purse: purse)
        let known = context.names(of: reply)
        if let trouble = step.refuse.first(where: { $0.condition.holds(in: known) }) {
            if try await isAllowedOnce() { return false }
            throw Setback(
                trouble.faultClass,
                .blockStream,
                message: (try? trouble.say.text(in: known)) ?? step.title,
                remedy: trouble.remedy.flatMap { context.session.definition.remedy($0, in: known) }
            )
        }
        return unless.holds(in: known)
    }

    /// Whether a person has asked for one try; it is used up before the try is made.
    private func isAllowedOnce() async throws -> Bool {
        guard try await context.ledger.cursor(Self.allowed, of: context.key) != nil else { return false }
        try await context.note([.cursor(name: Self.allowed, value: nil)])
        return true
    }

    private func remember(_ step: BeforeStep) async throws {
        guard step.cache != nil else { return }
        try await context.note([.cursor(name: Self.lookedAt + step.id, value: context.now.description)])
    }

    /// Makes the step's request; `true` where the source says that it is new.
    private func act(_ step: BeforeStep, _ facts: inout StreamFacts) async throws -> Bool {
        if step.hasSideEffect, !context.mayChange {
            throw Setback(
                .subscription,
                .blockStream,
                code: "no-changes",
                message: "\(step.title): not done yet, and this connection may change nothing at the source"
            )
        }
        try await keepInterval(step, &facts)
        let reply = try await context.ask(
            step.request,
            for: .before,
            with: context.names,
            purse: purse,
            most: 1
        )
        let isNew = reply.verdict == nil
        if step.verify, isNew {
            guard try await look(step) else {
                throw Setback(
                    .subscription,
                    .retry,
                    code: "not-verified",
                    message: "\(step.title) was accepted, but does not show yet"
                )
            }
        }
        return isNew
    }

    /// Refuses a try that comes too soon, and writes the time of this one down before the request goes out.
    private func keepInterval(_ step: BeforeStep, _ facts: inout StreamFacts) async throws {
        guard let interval = step.minInterval else { return }
        let scope: StepScope =
            switch interval.scope {
            case .stream: .stream
            case .connection: .connection
            case .registration: .registration(context.session.owner.registration)
            }
        let now = context.time.now
        let last = try await context.ledger.begun(step: step.id, scope: scope, stream: context.key)
        if let last, now - last < interval.every, now >= last {
            throw Setback(
                .throttle,
                .wait,
                code: "min-interval",
                message: "\(step.title) was tried at \(last.clockText) UTC; the source allows one try in "
                    + interval.every.spoken,
                after: interval.every - (now - last) + .seconds(1)
            )
        }
        facts.startedAt[step.id] = now
        try await context.note([.begin(step: step.id, scope: scope, at: now), .facts(facts)])
    }
}
