// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Status

/// Says which spans of a stream's time are still to be asked for, and which can no longer be.
///
/// A pure function of the coverage rows: nothing is remembered between two plans, so a restart plans the same.
package struct WindowPlan: Sendable, Equatable {
    /// What bounds the windows of one stream.
    package struct Limits: Sendable, Equatable {
        /// The newest part of time that the source has not settled yet.
        package var settle: Duration
        /// The longest span one window may have.
        package var longest: Duration
        /// How far back the source can be asked; `nil` without a limit.
        package var retention: Duration?
        /// How much earlier than that we stop asking, so that a window never ages out under way.
        package static let margin = Duration.minutes(5)

        /// Puts it together from its parts.
        package init(settle: Duration, longest: Duration, retention: Duration?) {
            self.settle = settle
            self.longest = longest
            self.retention = retention
        }
    }

    /// Missing windows, oldest first, none longer than the longest allowed.
    package var missing: [Span] = []
    /// Spans that have fallen out of the source's retention unasked.
    package var lost: [Span] = []
    /// Spans before the source kept anything for us.
    package var notCovered: [Span] = []
    /// The newest instant to ask for.
    package var horizon: Timestamp

    /// Plans the zone from `start` to the settled present, or to `end` where that is earlier.
    ///
    /// `now` is the corrected clock. Rows that are open or failed count as missing, unless their next try is later.
    package init(
        rows: [CoverageRow],
        from start: Timestamp,
        until end: Timestamp? = nil,
        keptSince: Timestamp? = nil,
        limits: Limits,
        now: Timestamp
    ) {
        let settled = (now - limits.settle).rounded(downTo: .minutes(1))
        horizon = min(settled, end ?? settled)
        let zone = Span(start, horizon)
        guard !zone.isEmpty else { return }
        let oldest = limits.retention.map {
            (now - $0 + Limits.margin + .seconds(59)).rounded(downTo: .minutes(1))
        }
        for hole in Self.holes(in: zone, rows: rows) {
            var rest = hole
            if let keptSince {
                let parts = rest.split(at: keptSince)
                if !parts.before.isEmpty { notCovered.append(parts.before) }
                rest = parts.after
            }
            if let oldest {
                let parts = rest.split(at: oldest)
                if !parts.before.isEmpty { lost.append(parts.before) }
                rest = parts.after
            }
            missing += Self.pieces(of: rest, longest: limits.longest)
        }
        let waiting = rows.filter { !$0.state.isSettled && ($0.nextTry ?? now) > now }
        missing.removeAll { piece in
            waiting.contains { !Span($0.from, $0.to).clamped(to: piece).isEmpty }
        }
    }

    /// The next window: after an outage the newest and the oldest missing one take turns, so that fresh data keeps
    /// coming while the hole is filled.
    package func next(turn: Int) -> Span? { turn.isMultiple(of: 2) ? missing.last : missing.first }

    /// The parts of `zone` that no settled row covers.
    private static func holes(in zone: Span, rows: [CoverageRow]) -> [Span] {
        var holes: [Span] = []
        var mark = zone.from
        for row in rows.sorted(by: { $0.from < $1.from }) where row.state.isSettled && row.to > mark {
            if row.from >= zone.to { break }
            if row.from > mark { holes.append(Span(mark, row.from)) }
            mark = row.to
        }
        if mark < zone.to { holes.append(Span(mark, zone.to)) }
        return holes
    }

    private static func pieces(of span: Span, longest: Duration) -> [Span] {
        var pieces: [Span] = []
        var from = span.from
        while from < span.to {
            // A watermark may stand between two minutes; windows end on whole ones.
            let to = min((from + longest).rounded(downTo: .minutes(1)), span.to)
            pieces.append(Span(from, to))
            from = to
        }
        return pieces
    }
}
