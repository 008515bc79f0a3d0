// SPDX-License-Identifier: Apache-2.0
package import Basics
import Collecting
package import Connectors
package import Status
package import Store

/// History that a person asks for of a connection that collects already: what of it is new, and what it takes.
///
/// Nothing that is covered is asked for again, and nothing that the source does not keep any more is promised.
package struct Backfill: Sendable, Equatable {
    /// What the wish comes to for one stream.
    package enum Standing: String, Sendable, CaseIterable {
        /// It is asked for.
        case asked
        /// It is covered, or asked for, already.
        case unchanged
        /// It cannot be had.
        case refused
    }

    /// One stream of it.
    package struct Line: Sendable, Equatable {
        package let stream: StreamKey
        package let standing: Standing
        /// From when on it is asked for; `nil` where it is not.
        package let from: Timestamp?
        /// Until when it is asked for, which is covered, or asked for already, from there on; `nil` where it is not.
        package let until: Timestamp?
        /// From when on the stream is covered now.
        package let covered: Timestamp
        /// Why it is not asked for, or not from as early as wished.
        package let reason: String?
        package let cost: Cost?
    }

    /// What asking takes, estimated.
    package struct Cost: Sendable, Equatable {
        /// The windows that are asked for, each at least one request.
        package let windows: Int
        /// The requests beyond those, by what came in the last week; `nil` where nothing tells.
        package let further: Int?

        /// The requests in all, as far as they can be told.
        package var requests: Int { windows + (further ?? 0) }
    }

    package let lines: [Line]

    /// Works out what asking for `streams` of `connection` from `from` on comes to; all that have a history without names.
    ///
    /// Throws ``BackfillRefused`` for a draft, and where a name is no chosen stream.
    package static func plan(
        _ connection: Connection,
        _ definition: Definition,
        streams names: [String],
        from: Timestamp,
        ledger: any Ledger,
        now: Timestamp
    ) async throws -> Backfill {
        guard !connection.isDraft else {
            throw BackfillRefused(
                "\(connection.key) is a draft and collects nothing yet; say \"start\" in its answers when you add it again"
            )
        }
        guard from < now else { throw BackfillRefused("\(from) has not come yet; history lies in the past") }
        let chosen = connection.streams.map(\.stream)
        for name in names where !chosen.contains(name) {
            let known = chosen.joined(separator: ", ")
            throw BackfillRefused("\(connection.key) has no stream \"\(name)\"; it has \(known)")
        }
        var lines: [Line] = []
        for choice in connection.streams where names.isEmpty || names.contains(choice.stream) {
            guard let stream = definition.stream(choice.stream) else { continue }
            // What is made of other streams follows them by itself.
            if names.isEmpty, stream.isDerived { continue }
            let key = StreamKey(
                customer: connection.key.customer,
                connection: connection.key.connection,
                stream: choice.stream
            )
            let facts = try await ledger.facts(of: key)
            let rows = try await ledger.coverage(of: key, since: now - .days(7))
            let retention = stream.retention(plans: connection.proven(definition, now: now))
            lines.append(
                line(
                    key,
                    choice,
                    stream,
                    facts,
                    rows,
                    retention,
                    from: from.rounded(downTo: .minutes(1)),
                    now: now
                )
            )
        }
        return Backfill(lines: lines)
    }

    /// Asks for it; the host begins within seconds, and nothing happens where all of it was asked for before.
    package func ask(in ledger: any Ledger) async throws {
        let changes: [LedgerChange] = lines.compactMap { line in
            guard line.standing == .asked, let from = line.from else { return nil }
            return .history(line.stream, from: from)
        }
        if !changes.isEmpty { try await ledger.write(changes) }
    }

    private static func line(
        _ key: StreamKey,
        _ choice: StreamChoice,
        _ stream: StreamDefinition,
        _ facts: StreamFacts,
        _ rows: [CoverageRow],
        _ retention: Duration?,
        from wished: Timestamp,
        now: Timestamp
    ) -> Line {
        let covered = facts.coveredFrom ?? (facts.acceptedAt ?? now).rounded(downTo: .minutes(1))
        func line(_ standing: Standing, _ reason: String?) -> Line {
            Line(
                stream: key,
                standing: standing,
                from: nil,
                until: nil,
                covered: covered,
                reason: reason,
                cost: nil
            )
        }
        if stream.isDerived {
            let sources = stream.from.joined(separator: ", ")
            return line(.refused, "it is made of records of \(sources), whose history it follows")
        }
        guard stream.hasBoundedWindows else {
            return line(.refused, "its source cannot be asked for a span of the past")
        }
        var (from, reason) = (wished, String?.none)
        func begin(at floor: Timestamp, _ words: String) {
            guard from < floor else { return }
            (from, reason) = (floor, words)
        }
        if let step = stream.keepsFrom, facts.startedAt[step] != nil, let kept = facts.keptSince {
            begin(at: kept.minuteUp, "the source keeps nothing for us from before \(kept.minuteUp)")
        }
        if let retention {
            let oldest = (now - retention + WindowPlan.Limits.margin).minuteUp
            begin(at: oldest, "the source keeps \(retention.iso8601), so nothing from before \(oldest)")
        }
        guard from < covered else {
            return line(.unchanged, reason ?? "it is covered from \(covered) on")
        }
        let asked = [choice.historyFrom, facts.historyFrom].compactMap(\.self).min()
        if let asked, asked <= wished || asked <= from {
            return line(.unchanged, "history from \(asked) on is asked for already")
        }
        let until = min(covered, asked ?? covered)
        let cost = cost(of: until - from, stream, rows)
        return Line(
            stream: key,
            standing: .asked,
            from: from,
            until: until,
            covered: covered,
            reason: reason,
            cost: cost
        )
    }

    /// The requests for a span: one a window, and what the records of the last week took beside that.
    private static func cost(
        of span: Duration,
        _ stream: StreamDefinition,
        _ rows: [CoverageRow]
    ) -> Cost {
        let windows = stream.windowCount(over: span) ?? 1
        let known = rows.filter { $0.state == .stored }
        let seconds = known.reduce(0.0) { $0 + Double(($1.to - $1.from).wholeSeconds) }
        let listed = known.reduce(0) { $0 + $1.counts.listed }
        let each = stream.fetch == nil ? stream.paging.size : 1
        guard seconds >= 3_600, let each else { return Cost(windows: windows, further: nil) }
        let items = Double(listed) / seconds * Double(span.wholeSeconds)
        return Cost(windows: windows, further: Int((items / Double(each)).rounded(.up)))
    }
}

/// History that cannot be asked for, and why.
package struct BackfillRefused: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    /// Refuses with a sentence.
    init(_ sentence: String) { description = sentence }
}

extension Timestamp {
    /// The next whole minute, or this one.
    fileprivate var minuteUp: Timestamp {
        let down = rounded(downTo: .minutes(1))
        return down == self ? self : down + .minutes(1)
    }
}
