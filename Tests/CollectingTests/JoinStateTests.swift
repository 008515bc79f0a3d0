// SPDX-License-Identifier: Apache-2.0
import Basics
import Collecting
import Store
import Testing

/// Pairs depend on what came, never on the order in which it came or on where the way there was cut off.
@Suite("Joining")
struct JoinStateTests {
    private static let within = Duration.hours(48)
    private static let start = Timestamp(seconds: 1_790_000_000)

    /// A pair by what its key is made of.
    private struct Pair: Hashable {
        let left: String
        let right: String
        let version: String
    }

    /// What a ledger holds and a journal has been given, both moved in one go or not at all.
    private struct Kept {
        var rows: [HeldRecord] = []
        var pairs: [Pair] = []
        var cursor = 0
    }

    private func left(_ key: String, after hours: Int) -> HeldRecord {
        HeldRecord(
            side: .left,
            key: key,
            refs: [key],
            collected: Self.start + .hours(hours),
            event: Array("{\"a\":\"\(key)\"}".utf8)
        )
    }

    private func right(_ key: String, _ version: Int, _ refs: [String], after hours: Int) -> HeldRecord {
        HeldRecord(
            side: .right,
            key: key,
            version: "\(version)",
            refs: refs,
            collected: Self.start + .hours(hours),
            event: Array("{\"i\":\"\(key)\",\"v\":\(version)}".utf8)
        )
    }

    /// Goes over `arrivals` in portions, dying `deaths` times before a portion is kept and beginning again there.
    private func run(_ arrivals: [HeldRecord], deaths: Int, seed: UInt64) -> Kept {
        var random = Seeded(seed)
        var kept = Kept()
        var deaths = deaths
        var number: Int64 = 0
        while kept.cursor < arrivals.count {
            var draft = kept
            var state = JoinState(within: Self.within)
            let size = Int.random(in: 1...4, using: &random)
            for arrival in arrivals[kept.cursor..<min(kept.cursor + size, arrivals.count)] {
                draft.cursor += 1
                let isHeld = draft.rows.contains {
                    $0.side == arrival.side && $0.key == arrival.key && $0.version == arrival.version
                        && arrival.collected - $0.collected <= Self.within
                }
                if isHeld || state.holds(arrival) { continue }
                let others = arrival.refs.flatMap { ref in
                    draft.rows.filter { $0.side == arrival.side.other && $0.refs.contains(ref) }
                }
                for action in state.take(arrival, held: others) { perform(action, &draft, &number) }
            }
            for action in state.settle() { perform(action, &draft, &number) }
            if deaths > 0, Bool.random(using: &random) {
                deaths -= 1
                continue
            }
            kept = draft
        }
        return kept
    }

    private func perform(_ action: JoinState.Action, _ kept: inout Kept, _ number: inout Int64) {
        switch action {
        case .hold(var record):
            number += 1
            record.id = number
            kept.rows.removeAll {
                $0.side == record.side && $0.key == record.key && $0.version == record.version
            }
            kept.rows.append(record)
        case .match(let held):
            for place in kept.rows.indices where kept.rows[place].id == held {
                kept.rows[place].isMatched = true
            }
        case .emit(let left, let right):
            kept.pairs.append(Pair(left: left.key, right: right.key, version: right.version))
        }
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func `any order and any interruption make the same pairs, each once`(_ seed: UInt64) {
        var random = Seeded(seed)
        let keys = (0..<5).map { "a\($0)" }
        var records: [HeldRecord] = []
        var expected: Set<Pair> = []
        let lefts = keys.filter { _ in Bool.random(using: &random) }
        for key in lefts { records.append(left(key, after: Int.random(in: 0...40, using: &random))) }
        for number in 0..<4 {
            let refs = keys.filter { _ in Int.random(in: 0..<3, using: &random) == 0 } + ["nobody"]
            for version in 0..<Int.random(in: 1...4, using: &random) {
                records.append(
                    right("i\(number)", version, refs, after: Int.random(in: 0...40, using: &random))
                )
                for key in lefts where refs.contains(key) {
                    expected.insert(Pair(left: key, right: "i\(number)", version: "\(version)"))
                }
            }
        }
        // Sources tell the same again; it makes no pair anew.
        records += records.filter { _ in Bool.random(using: &random) }
        for deaths in [0, 6] {
            records.shuffle(using: &random)
            let kept = run(records, deaths: deaths, seed: seed &+ UInt64(deaths))
            #expect(kept.pairs.count == expected.count, "something was made twice or not at all")
            #expect(Set(kept.pairs) == expected)
            for row in kept.rows {
                let isPaired = expected.contains {
                    row.side == .left
                        ? $0.left == row.key : $0.right == row.key && $0.version == row.version
                }
                #expect(row.isMatched == isPaired, "\(row.side) \(row.key) \(row.version)")
            }
        }
    }

    @Test(arguments: [true, false])
    func `halves collected further apart than they are held are no pair`(_ leftFirst: Bool) {
        for (hours, isPair) in [(48, true), (49, false)] {
            let alert = left("a", after: leftFirst ? 0 : hours)
            let move = right("i", 1, ["a"], after: leftFirst ? hours : 0)
            let kept = run(leftFirst ? [alert, move] : [move, alert], deaths: 0, seed: 1)
            #expect(kept.pairs.isEmpty != isPair)
        }
    }

    @Test func `an older move that comes late is a pair of its own and replaces nothing`() {
        let kept = run(
            [left("a", after: 0), right("i", 2, ["a"], after: 1), right("i", 1, ["a"], after: 2)],
            deaths: 0,
            seed: 1
        )
        #expect(kept.pairs.map(\.version) == ["2", "1"])
    }

    @Test
    func `of several left records with one key the first counts, and a later one once its time is over`() {
        let again = run(
            [left("a", after: 0), left("a", after: 1), right("i", 1, ["a"], after: 2)],
            deaths: 0,
            seed: 1
        )
        #expect(again.pairs.count == 1)
        #expect(again.rows.first { $0.side == .left }?.collected == Self.start)
        let later = run(
            [left("a", after: 0), left("a", after: 60), right("i", 1, ["a"], after: 61)],
            deaths: 0,
            seed: 1
        )
        #expect(later.pairs.count == 1)
    }
}
