// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Source
import Status
import Store

extension StreamCycle {
    /// Asks for live windows until none is due; after each, one of the history asked for at the start.
    ///
    /// `false` where the bounds of the cycle were reached first.
    @discardableResult
    mutating func collect(_ window: Cursor.Window) async throws -> Bool {
        try await begin()
        var turn = 0
        while turn < bounds.windows {
            rows = try await context.ledger.coverage(of: context.key, since: facts.watermark)
            let live = try await plan(window, from: max(facts.watermark ?? start, start), until: nil)
            let next = live.next(turn: turn)
            if let next { try await ask(next, window, .live) }
            let wasHistory = try await history(window)
            if next == nil, !wasHistory { break }
            turn += 1
        }
        try await regained()
        return turn < bounds.windows
    }

    var start: Timestamp { facts.coveredFrom ?? context.now.rounded(downTo: .minutes(1)) }

    /// Coverage begins at the acceptance, on the source's clock.
    mutating func begin() async throws {
        guard facts.coveredFrom == nil else { return reachBack() }
        facts.coveredFrom = ((facts.acceptedAt ?? context.time.now) + context.skew)
            .rounded(downTo: .minutes(1))
        facts.historyFrom = facts.historyFrom?.rounded(downTo: .minutes(1))
        reachBack()
        switch context.stream.cursor {
        case .window: break
        case .token:
            // Where the list cannot be bounded, history is where the chain begins.
            if !context.stream.hasBoundedWindows, let history = facts.historyFrom {
                facts.coveredFrom = history
                facts.historyFrom = nil
            }
        case .delta, .snapshot, .none: facts.historyFrom = nil
        }
        // Keys stay remembered for as long as a span that holds them is still to be listed again.
        facts.relistedTo = context.stream.relist.isEmpty ? nil : facts.coveredFrom
        try await context.note([.facts(facts)])
    }

    /// Takes up the history that a person asked for after the connection was added; what is covered never shrinks.
    private mutating func reachBack() {
        guard context.stream.hasBoundedWindows || facts.watermark == nil,
            let asked = context.historyFrom?.rounded(downTo: .minutes(1)), let covered = facts.coveredFrom,
            asked < facts.historyFrom ?? covered
        else { return }
        facts.historyFrom = asked
    }

    mutating func plan(_ window: Cursor.Window, from: Timestamp, until: Timestamp?) async throws -> WindowPlan
    {
        let limits = WindowPlan.Limits(
            settle: window.settle,
            longest: step.longest,
            retention: context.retention
        )
        let plan = WindowPlan(
            rows: rows,
            from: from,
            until: until,
            keptSince: keptSince(isHistory: until != nil)?.rounded(downTo: .minutes(1)),
            limits: limits,
            now: context.now
        )
        let isHistory = until != nil
        for span in plan.notCovered {
            try await settle(span, .notCovered, isHistory)
        }
        for span in plan.lost {
            try await settle(span, isHistory ? .notCovered : .gap, isHistory)
        }
        return plan
    }

    /// Since when the source keeps anything for us, as far as it is known.
    ///
    /// Where the source kept for us already when we came, only its history can tell since when.
    func keptSince(isHistory: Bool) -> Timestamp? {
        guard let step = context.stream.keepsFrom else { return nil }
        return isHistory && facts.startedAt[step] == nil ? nil : facts.keptSince
    }

    /// Settles a span that is not asked for: it was never kept for us, or it fell out of the source's retention.
    mutating func settle(_ span: Span, _ state: CoverageState, _ isHistory: Bool) async throws {
        let row = CoverageRow(
            stream: context.key,
            from: span.from,
            to: span.to,
            state: state,
            history: isHistory
        )
        var effects: [Effect] = [.coverage(row)]
        if state == .gap {
            end.gapsOpened += 1
            let gap = Gap(
                stream: context.key,
                kind: .span,
                from: span.from,
                to: span.to,
                cause: facts.cause?.faultClass ?? .host,
                how: "window never fetched: it fell out of the source's retention",
                detected: context.time.now,
                recoverableUntil: span.to,
                lost: true
            )
            effects.append(.openGap(gap))
            context.log.error("data is lost", ["from": span.from.description, "to": span.to.description])
        }
        if state == .notCovered {
            noteNotKept(span, isHistory)
            effects.append(.facts(facts))
        }
        try await context.note(effects)
        rows.append(row)
    }

    /// Keeps in mind where coverage begins in truth: behind what the source did not keep for us at its beginning.
    private mutating func noteNotKept(_ span: Span, _ isHistory: Bool) {
        let begin = isHistory ? facts.historyFrom ?? start : start
        guard span.from <= max(begin, facts.historyKept ?? begin) else { return }
        facts.historyKept = max(span.to, facts.historyKept ?? span.to)
    }

    /// Asks for one window and closes its row; what did not come of it is parked with it, in one transaction.
    ///
    /// Returns nothing where the window turned out to be too much and is planned anew in halves, or is parked.
    @discardableResult
    mutating func ask(_ span: Span, _ window: Cursor.Window, _ kind: WindowRun.Kind) async throws -> WindowRun
        .Result?
    {
        let run = WindowRun(
            context: context,
            window: window,
            span: span,
            kind: kind,
            row: span.from,
            purse: purse,
            floor: floor(kind)
        )
        hasAsked = true
        var startedOver = false
        while true {
            do {
                let result = try await run.run()
                try await close(span, kind, result)
                return result
            } catch let setback as Setback {
                switch setback.action {
                case .resetPaging where !startedOver:
                    note(setback.committed)
                    startedOver = true
                case .resetPaging, .splitWindow:
                    note(setback.committed)
                    try await tooMuch(span, kind, setback)
                    return nil
                default:
                    try await failed(span, kind, setback)
                    throw setback
                }
            }
        }
    }

    /// The instant before which a window asks for nothing again: where coverage begins, or what the source still keeps.
    func floor(_ kind: WindowRun.Kind) -> Timestamp? {
        let begin = kind == .live ? facts.coveredFrom : facts.historyFrom ?? facts.coveredFrom
        let kept = context.retention.map {
            (context.now - $0 + WindowPlan.Limits.margin + .seconds(59)).rounded(downTo: .minutes(1))
        }
        return [begin, kept].compactMap { $0 }.max()
    }

    mutating func close(_ span: Span, _ kind: WindowRun.Kind, _ result: WindowRun.Result) async throws {
        step.succeeded()
        note(result)
        var effects = parked(result, row: span.from)
        effects.append(.cursor(name: WindowStep.cursor, value: step.kept))
        if result.upTo > span.from {
            let row = CoverageRow(
                stream: context.key,
                from: span.from,
                to: result.upTo,
                state: .stored,
                counts: Counts(listed: result.listed),
                history: kind == .history
            )
            effects.append(.coverage(row))
            rows.append(row)
        } else if result.listed > 0 {
            effects.append(.removeCoverage(from: span.from))
        }
        let mark = facts.watermark ?? start
        if kind == .live, result.upTo > mark {
            facts.noteWatermark(Watermark.of(rows: rows, coveredFrom: mark), at: context.time.now)
        }
        effects.append(.facts(facts))
        try await context.note(effects)
        if result.upTo <= span.from, kind == .live {
            // The source's clock has not come as far as ours; asking on at once would bring nothing.
            throw Setback(
                .transient,
                .wait,
                code: "clock",
                message: "the source's clock stands before the window asked for",
                after: .minutes(1)
            )
        }
    }

    /// A window that the source cannot answer is asked for in halves; the shortest that still fails is parked.
    mutating func tooMuch(_ span: Span, _ kind: WindowRun.Kind, _ setback: Setback) async throws {
        if step.halve(below: span.length) {
            context.log.warning(
                "a window is split",
                ["window": span.description, "because": setback.message]
            )
            // What came of it stays counted where it stands until the halves are done and take it in.
            try await context.note([.cursor(name: WindowStep.cursor, value: step.kept)])
            return
        }
        let gap = spanGap(span, setback)
        let row = CoverageRow(
            stream: context.key,
            from: span.from,
            to: span.to,
            state: gap.lost ? .gap : .parked,
            attempts: 1,
            lastError: setback.message,
            nextTry: gap.nextTry,
            history: kind == .history
        )
        end.gapsOpened += 1
        try await context.note([.coverage(row), .openGap(gap)])
        rows.append(row)
    }

    /// The gap that a span is which does not come in any way; it is tried again like a parked item.
    func spanGap(_ span: Span, _ setback: Setback) -> Gap {
        let now = context.time.now
        let deadline = context.retention.map { span.from + $0 }
        let next = Parking.nextTry(after: 0, now: now, deadline: deadline)
        return Gap(
            stream: context.key,
            kind: .span,
            from: span.from,
            to: span.to,
            cause: setback.faultClass,
            how: setback.message,
            detected: now,
            recoverableUntil: deadline,
            lost: next == nil,
            attempts: 1,
            nextTry: next
        )
    }

    mutating func note(_ result: WindowRun.Result) {
        note(result.committed)
        end.gapsOpened += result.broken.count
        end.listedAnything = end.listedAnything || result.listed > 0
    }

    /// Notes records that were stored, whatever became of the window that brought them.
    mutating func note(_ committed: Committed) {
        end.add(committed)
        let now = context.time.now
        facts.noteRecords(committed.stored, newestEvent: committed.newestEvent, at: now)
        facts.noteSelection(dropped: committed.dropped, redacted: committed.redacted, at: now)
    }

    func parked(_ result: WindowRun.Result, row: Timestamp) -> [Effect] {
        let run = ParkedRun(context: context, purse: purse)
        return result.broken.flatMap { run.park($0.item, $0.setback, row: row) }
    }

    mutating func failed(_ span: Span, _ kind: WindowRun.Kind, _ setback: Setback) async throws {
        let row = CoverageRow(
            stream: context.key,
            from: span.from,
            to: span.to,
            state: .failed,
            attempts: 1,
            lastError: setback.message,
            history: kind == .history
        )
        try await context.note([.coverage(row)])
    }
}
