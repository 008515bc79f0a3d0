// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Source
import Status
import Store

extension StreamCycle {
    /// Set while windows are asked for in place of a token that the source refused.
    private static let fallingBack = "falling-back"

    /// Follows the source's tokens; windows take their place while the source refuses one.
    mutating func follow(_ token: Cursor.Token) async throws {
        try await begin()
        if try await context.ledger.cursor(Self.fallingBack, of: context.key) != nil {
            guard try await fallBack(token) else { return }
        }
        let keeping: ChainRun.Keeping = token.from == .next ? .next : .lastUsed
        do {
            try await walk(keeping, overlap: token.fallback?.overlap ?? .zero)
        } catch let setback as Setback {
            guard try await isRefusal(setback, token) else { throw setback }
            note(setback.committed)
            context.log.warning("the source refused its token", ["because": setback.message])
            try await context.note(
                forgotten + (token.fallback == nil ? [] : [.cursor(name: Self.fallingBack, value: "yes")])
            )
            guard try await fallBack(token) else { return }
            try await walk(keeping, overlap: token.fallback?.overlap ?? .zero)
        }
        if let window = token.fallback { try await collectHistory(window) }
        try await regained()
    }

    /// Follows the source's links from round to round; one that it no longer knows begins anew, and that is recorded.
    mutating func followRounds() async throws {
        try await begin()
        do {
            try await walk(.next)
        } catch let setback as Setback {
            guard try await isRefusal(setback, nil) else { throw setback }
            note(setback.committed)
            let (from, to) = (try await watermark(), context.now)
            var effects = forgotten
            if from < to {
                end.gapsOpened += 1
                let gap = Gap(
                    stream: context.key,
                    kind: .span,
                    from: from,
                    to: to,
                    cause: .gone,
                    how: "the source no longer knew how far we were and was listed anew: "
                        + "what changed more than once in between is not there",
                    detected: context.time.now,
                    recoverableUntil: nil,
                    lost: true
                )
                effects.append(.openGap(gap))
            }
            context.log.warning("the source is listed anew", ["because": setback.message])
            try await context.note(effects)
            try await walk(.next)
        }
        try await regained()
    }

    /// Reads the whole list; what was stored before is told apart by its key.
    mutating func listWhole() async throws {
        try await begin()
        try await walk(.nothing)
        try await regained()
    }

    private var forgotten: [Effect] {
        [.cursor(name: ChainRun.place, value: nil), .cursor(name: ChainRun.began, value: nil)]
    }

    /// Whether the source does not know the place any more, or cannot answer from it.
    private func isRefusal(_ setback: Setback, _ token: Cursor.Token?) async throws -> Bool {
        let isOfThePlace =
            switch setback.action {
            case .resetPaging, .splitWindow: true
            default: setback.faultClass == .gone
            }
        guard isOfThePlace else { return false }
        // Without a place the whole was asked for from its beginning: only smaller parts can be of help.
        return try await context.ledger.cursor(ChainRun.place, of: context.key) != nil
            || token?.fallback != nil
    }

    /// Asks for windows until they have come to the present; `false` where that takes another cycle.
    private mutating func fallBack(_ token: Cursor.Token) async throws -> Bool {
        guard let window = token.fallback else { return true }
        guard try await collect(window) else {
            hasMore = true
            return false
        }
        try await context.note([.cursor(name: Self.fallingBack, value: nil)])
        return true
    }

    private mutating func collectHistory(_ window: Cursor.Window) async throws {
        var turn = 0
        while turn < bounds.windows, try await history(window) { turn += 1 }
        if turn == bounds.windows { hasMore = true }
    }

    /// Reads from the kept place, or from the beginning, to the end, and closes the row.
    private mutating func walk(_ keeping: ChainRun.Keeping, overlap: Duration = .zero) async throws {
        let mark = try await keepable(try await watermark())
        let place =
            try await context.ledger.cursor(ChainRun.place, of: context.key)
            .flatMap { PagePlace(text: $0) } ?? .first
        let began = try await context.ledger.cursor(ChainRun.began, of: context.key)
        let today = context.now.day
        let renews = try await context.ledger.cursor(ChainRun.renewed, of: context.key) != today
        let fresh = max(mark - overlap, floor(.live) ?? mark).rounded(downTo: .minutes(1))
        hasAsked = true
        let run = ChainRun(
            context: context,
            keeping: keeping,
            from: place,
            start: place == .first ? fresh : began.flatMap { Timestamp(iso8601: $0) } ?? fresh,
            row: mark,
            renews: renews,
            rounds: bounds.windows,
            purse: purse
        )
        let result: ChainRun.Result
        do {
            result = try await run.run()
        } catch let setback as Setback {
            try await failed(Span(mark, max(context.now, mark)), .live, setback)
            throw setback
        }
        note(result.committed)
        end.listedAnything = end.listedAnything || result.listed > 0
        guard result.isAtEnd else {
            hasMore = true
            return
        }
        // A list that is read from its beginning shows what there was when it began.
        let date = keeping == .nothing ? result.firstDate : result.lastDate
        try await close(from: mark, to: date ?? mark, renewed: keeping == .nothing ? today : nil)
    }

    /// The watermark, or the oldest instant that the source still keeps: what lies before it is lost.
    ///
    /// A kept place is no help: a source may take it and pass over in silence what it has dropped since.
    private mutating func keepable(_ mark: Timestamp) async throws -> Timestamp {
        guard let retention = context.retention, case .token = context.stream.cursor else { return mark }
        let oldest = (context.now - retention + WindowPlan.Limits.margin).rounded(downTo: .minutes(1))
        guard mark < oldest else { return mark }
        try await settle(Span(mark, oldest), .gap, false)
        return oldest
    }

    /// Closes the row that a walk to the end has filled.
    mutating func close(
        from mark: Timestamp,
        to date: Timestamp,
        counts: Counts = Counts(),
        renewed: String? = nil
    ) async throws {
        var effects: [Effect] = []
        // Another answer within the same second moves nothing; its row stays open and goes on from here.
        if date > mark {
            let row = CoverageRow(stream: context.key, from: mark, to: date, state: .stored, counts: counts)
            effects.append(.coverage(row))
            facts.noteWatermark(date, at: context.time.now)
        }
        if let renewed { effects.append(.cursor(name: ChainRun.renewed, value: renewed)) }
        effects.append(.facts(facts))
        try await context.note(effects)
    }
}
