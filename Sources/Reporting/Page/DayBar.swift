// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Status

/// How a stream stood on each of the last days, by the changes of state that were written down.
package struct DayBar: Equatable, Sendable {
    /// How many days there are, the present one included.
    package static let count = 30

    /// One day, from midnight to midnight in UTC.
    package struct Day: Equatable, Sendable {
        /// `2026-11-27`.
        package let name: String
        /// The worst state that held during it; `nil` where there was nothing to collect yet.
        package let state: StreamState?
    }

    /// The days, oldest first.
    package let days: [Day]
    /// The changes that explain them, newest first.
    package let changes: [StateChange]

    /// Puts days together from `changes`, in any order, and from what the stream is found to be `now`.
    ///
    /// Where nothing changed in these days, `stored` is the state that was written down last. A state that was seen late
    /// counts from the instant it began; before `accepted` there was nothing to collect.
    package init(
        _ changes: [StateChange],
        stored: StreamState?,
        present: Assessment,
        accepted: Timestamp?,
        now: Timestamp
    ) {
        let today = now.rounded(downTo: .days(1))
        let first = today - .days(Self.count - 1)
        let ordered = changes.sorted { $0.at < $1.at }
        var spans: [(state: StreamState, from: Timestamp, to: Timestamp)] = []
        if let accepted {
            var state = ordered.first.map(\.from) ?? stored ?? present.state
            var from = accepted
            for change in ordered {
                let began = max(min(change.since ?? change.at, change.at), from)
                if let state { spans.append((state, from, began)) }
                (state, from) = (change.to, began)
            }
            let isNew = state != present.state
            let began = isNew ? max(min(present.since ?? now, now), from) : now
            if let state { spans.append((state, from, began)) }
            if isNew { spans.append((present.state, began, now)) }
            // An instant is no span: the present counts for its day in any case.
            spans.append((present.state, now, now + .seconds(1)))
        }
        days = (0..<Self.count).map { number in
            let start = first + .days(number)
            let end = start + .days(1)
            let held = spans.filter { $0.from < end && $0.to > start }.map(\.state)
            return Day(name: start.day, state: held.max { Self.rank($0) < Self.rank($1) })
        }
        self.changes = ordered.filter { $0.at >= first }.reversed()
    }

    /// The worst first, as in ``Rank``; but on the day on which the first data came, the wait for it is no trouble.
    private static func rank(_ state: StreamState) -> Int {
        switch state {
        case .pending, .draft: -1
        default: Rank.of(state)
        }
    }

    /// `27 active, 2 late, 1 blocked`, the most frequent first; empty where nothing was to be collected.
    package var words: String {
        var counts: [StreamState: Int] = [:]
        for state in days.compactMap(\.state) { counts[state, default: 0] += 1 }
        return counts.sorted { (-$0.value, $0.key.rawValue) < (-$1.value, $1.key.rawValue) }
            .map { "\($0.value) \($0.key.rawValue)" }.joined(separator: ", ")
    }
}
