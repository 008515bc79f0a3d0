// SPDX-License-Identifier: Apache-2.0
import Basics
package import Store

/// Finds pairs among records that arrive in any order, hours apart; a pure value that says what is to be done.
///
/// A left record belongs together with every move of a right record that names its key and was collected no further
/// from it than `within`. Nothing is ever taken back: a move that comes late is a pair of its own, as it would have
/// been in time, so that the pairs depend on what came and not on the order in which it came.
package struct JoinState: Sendable {
    /// What is to be done about a record that arrived.
    package enum Action: Sendable, Equatable {
        /// It is held for what may still come; one that has found its other half is marked so.
        case hold(HeldRecord)
        /// A record that is held already, by its number, has found its other half now.
        case match(held: Int64)
        /// These two are a pair.
        case emit(left: HeldRecord, right: HeldRecord)
    }

    private let within: Duration
    /// What is held and not yet kept in the ledger, in the order in which it came.
    private var fresh: [HeldRecord] = []

    /// Starts without any record.
    package init(within: Duration) { self.within = within }

    /// How many bytes are held here.
    package var bytes: Int { fresh.reduce(0) { $0 + $1.event.count } }

    /// Whether one of that side, key and version came since the last commit and could still find its other half.
    package func holds(_ record: HeldRecord) -> Bool {
        fresh.contains { $0.isSame(as: record) && record.collected - $0.collected <= within }
    }

    /// Takes a record that is not held yet, `held` being what the ledger holds of the other side under its keys.
    package mutating func take(_ arrival: HeldRecord, held: [HeldRecord]) -> [Action] {
        var arrival = arrival
        var actions: [Action] = []
        var seen: Set<Int64> = []
        for other in held where fits(arrival, other) {
            if let id = other.id {
                guard seen.insert(id).inserted else { continue }
                if !other.isMatched { actions.append(.match(held: id)) }
            }
            actions.append(pair(arrival, other))
            arrival.isMatched = true
        }
        for place in fresh.indices where fits(arrival, fresh[place]) {
            fresh[place].isMatched = true
            actions.append(pair(arrival, fresh[place]))
            arrival.isMatched = true
        }
        fresh.append(arrival)
        return actions
    }

    /// What is to be held from the next commit on; whoever commits it takes it from here.
    package mutating func settle() -> [Action] {
        defer { fresh.removeAll() }
        return fresh.map { .hold($0) }
    }

    private func pair(_ one: HeldRecord, _ other: HeldRecord) -> Action {
        one.side == .left ? .emit(left: one, right: other) : .emit(left: other, right: one)
    }

    /// Whether the two are halves of one pair and were collected near enough to each other.
    private func fits(_ one: HeldRecord, _ other: HeldRecord) -> Bool {
        guard one.side != other.side else { return false }
        let (left, right) = one.side == .left ? (one, other) : (other, one)
        let apart =
            left.collected > right.collected
            ? left.collected - right.collected : right.collected - left.collected
        return apart <= within && right.refs.contains(left.key)
    }
}

extension HeldRecord {
    /// Whether both stand in for the same record: of several with one key and version the first counts.
    fileprivate func isSame(as other: HeldRecord) -> Bool {
        side == other.side && key == other.key && version == other.version
    }
}
