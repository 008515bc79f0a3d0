// SPDX-License-Identifier: Apache-2.0
import Status

/// The answer to "is everything collected?" in one line.
struct Summary {
    private var total = 0
    private var counts: [StreamState: Int] = [:]
    /// Connections of which some streams collect and some do not.
    private var parts = 0

    init(_ connections: [ConnectionLine]) {
        for connection in connections {
            total += 1
            counts[connection.headline.state, default: 0] += 1
            if connection.headline.partial != nil, !connection.headline.state.isCollecting { parts += 1 }
        }
    }

    /// `2 of 3 connections collecting - 1 needs you`.
    var words: String {
        guard total > 0 else { return "no connection yet" }
        let excluded = count(.excluded)
        let collecting = count(.active) + count(.quiet) + count(.late)
        let due = total - excluded
        guard due > 0 else { return "nothing to collect: \(total) not covered (agreed)" }
        var head: String =
            if collecting == due {
                due == 1 ? "collecting" : "all \(due) connections collecting"
            } else {
                "\(collecting) of \(due) \(due == 1 ? "connection" : "connections") collecting"
            }
        if parts > 0 { head += ", \(parts) in part" }
        let others = [
            count(.unknown) > 0 ? "\(count(.unknown)) not looked at" : nil,
            count(.blocked) > 0 ? "\(count(.blocked)) \(count(.blocked) == 1 ? "needs" : "need") you" : nil,
            count(.failing) > 0 ? "\(count(.failing)) failing" : nil,
            count(.late) > 0 ? "\(count(.late)) behind" : nil,
            count(.pending) > 0 ? "\(count(.pending)) waiting for first data" : nil,
            count(.quiet) > 0 ? "\(count(.quiet)) quiet" : nil,
            count(.draft) > 0 ? "\(count(.draft)) unfinished" : nil,
            count(.paused) > 0 ? "\(count(.paused)) paused" : nil,
            excluded > 0 ? "\(excluded) not covered" : nil,
        ]
        return ([head] + others.compactMap { $0 }).joined(separator: " - ")
    }

    private func count(_ state: StreamState) -> Int { counts[state] ?? 0 }
}
