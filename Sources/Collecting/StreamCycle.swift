// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Source
import Status
import Store

/// One cycle of one stream: prepare, ask for every window that is due, try parked items, list closed spans again.
package struct StreamCycle {
    /// How much one cycle does before it lets others go.
    package struct Bounds: Sendable {
        /// How long it may wait for retries in all.
        package var wait: Duration
        /// How many windows it asks for at most.
        package var windows: Int
        /// Lets the preparing steps act although a look finds nothing to do, to hear what the source says.
        package var confirming: Bool
        /// Where the jitter of waits comes from.
        package var random: any RandomNumberGenerator & Sendable

        /// Puts it together from its parts.
        package init(
            wait: Duration = .seconds(60),
            windows: Int = 32,
            confirming: Bool = false,
            random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
        ) {
            self.wait = wait
            self.windows = windows
            self.confirming = confirming
            self.random = random
        }
    }

    let context: StreamContext
    let bounds: Bounds
    let purse: Purse
    var facts = StreamFacts()
    var rows: [CoverageRow] = []
    var end = CycleEnd()
    var step: WindowStep
    /// Whether anything was asked for; a cycle in which no window was due proves nothing.
    var hasAsked = false
    /// Whether the cycle ends for the sake of others with more to be had at once.
    var hasMore = false

    /// Prepares one cycle of a stream within `bounds`.
    package init(_ context: StreamContext, bounds: Bounds = Bounds()) {
        self.context = context
        self.bounds = bounds
        purse = Purse(bounds.wait, random: bounds.random)
        step = WindowStep(most: .hours(24), least: .minutes(1))
    }

    /// Runs the cycle and stores how it ended; throws only where the store fails or the host stops.
    package mutating func run() async throws -> CycleEnd {
        facts = try await context.ledger.facts(of: context.key)
        facts.noteAttempt(at: context.time.now)
        do {
            let window = context.stream.cursor.windows
            if let window {
                let kept = try await context.ledger.cursor(WindowStep.cursor, of: context.key)
                step = WindowStep(most: window.longest, least: window.shortest, kept: kept)
            }
            try await prepareAndCollect()
            note(try await ParkedRun(context: context, purse: purse).retry())
            note(try await HeldRun(context: context).retry())
            if let window {
                try await retrySpans(window)
                try await listAgain(window)
            }
            end.isWhole = !hasMore
            if hasMore {
                end.nextTry = context.time.now
            } else if hasAsked {
                facts.noteSuccess(at: context.time.now, credential: context.credential)
            }
        } catch let setback as Setback {
            try await note(setback)
        }
        noteSkew()
        end.failures = facts.consecutiveFailures
        // Before coverage has begun there is no minute to name.
        if facts.coveredFrom != nil { facts.noteWatermark(try await watermark(), at: context.time.now) }
        try await context.note([.facts(facts)])
        return end
    }

    /// A preparation that turns out to be gone is made anew at once: what happens without it is lost for good.
    private mutating func prepareAndCollect() async throws {
        do {
            try await prepare()
            try await collect()
        } catch var gone as Setback where gone.action == .resubscribe {
            note(gone.committed)
            gone.committed = Committed()
            try await Preparation(context: context, purse: purse).forget()
            do {
                try await prepare()
            } catch let setback as Setback where setback.code == "min-interval" {
                // What is wrong is still that it is gone, not that we may not act yet.
                gone.after = setback.after
                throw gone
            }
            try await collect()
        }
    }

    private mutating func collect() async throws {
        switch context.stream.cursor {
        case .window(let window): try await collect(window)
        case .token(let token): try await follow(token)
        case .delta: try await followRounds()
        case .snapshot(let snapshot): try await compare(snapshot)
        case .none: try await listWhole()
        }
    }

    mutating func watermark() async throws -> Timestamp {
        let from = facts.watermark ?? start
        let rows = try await context.ledger.coverage(of: context.key, since: from)
        return Watermark.of(rows: rows, coveredFrom: from)
    }

    mutating func noteSkew() { facts.skew = context.skew }

    mutating func note(_ setback: Setback) async throws {
        let now = context.time.now
        note(setback.committed)
        end.setback = setback
        let isBlocking = setback.faultClass.isBlocking
        if setback.action == .resubscribe || setback.faultClass == .enablement
            || setback.faultClass == .subscription
        {
            try await Preparation(context: context, purse: purse).forget()
        }
        let wait =
            setback.after
            ?? (isBlocking
                ? LookingAgain.blocked(failures: facts.consecutiveFailures + 1)
                : min(Backoff().bound(attempt: facts.consecutiveFailures + 3), .minutes(15)))
        end.nextTry = now + wait
        // Waiting for a minute that the source itself named is no new trouble: the old cause stays shown.
        if setback.code == "min-interval", facts.cause != nil {
            facts.nextTry = end.nextTry
            return
        }
        facts.noteFailure(
            setback.faultClass,
            code: setback.code,
            message: Redaction.shared.redact(setback.message),
            remedy: setback.remedy,
            at: now,
            credential: context.credential,
            freshToken: true,
            isLicensed: context.isLicensed,
            losing: context.stream.keepsFrom == nil ? nil : losing(now),
            nextTry: end.nextTry
        )
        context.log.warning(
            "a cycle did not succeed",
            ["class": setback.faultClass.rawValue, "because": setback.message, "next": wait.spoken]
        )
    }

    /// Since when the source keeps nothing: from the first refusal, or where it only fell silent, from its last word.
    func losing(_ now: Timestamp) -> Timestamp {
        guard bounds.confirming, let last = facts.lastRecordStored else { return facts.failingSince ?? now }
        return last
    }
}
