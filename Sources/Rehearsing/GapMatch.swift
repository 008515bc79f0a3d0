// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Status

/// Holds the gaps that came against those that were expected, in any order, each fitting one.
struct GapMatch {
    private(set) var differences: [Difference] = []

    init(_ expected: [Rehearsal.ExpectedGap], _ gaps: [Gap]) {
        var left = gaps
        var missing: [Int] = []
        // The more that is said of a gap the fewer fit it, so those are given out first.
        let order = expected.indices.sorted { expected[$0].weight > expected[$1].weight }
        for index in order {
            if let place = left.firstIndex(where: expected[index].fits) {
                left.remove(at: place)
            } else {
                missing.append(index)
            }
        }
        let others = left.isEmpty ? "" : "; what came: " + left.map(\.words).joined(separator: ", ")
        differences += missing.sorted().map {
            Difference("then.gaps[\($0)]", "expected \(expected[$0].words), and none is there\(others)")
        }
        guard missing.isEmpty else { return }
        differences += left.map { Difference("then.gaps", "expected no more, got \($0.words)") }
    }
}

extension Rehearsal.ExpectedGap {
    fileprivate var weight: Int { [cause != nil, item != nil, from != nil, to != nil].count { $0 } }

    fileprivate func fits(_ gap: Gap) -> Bool {
        stream == gap.stream.stream && kind == gap.kind.rawValue && cause ?? gap.cause == gap.cause
            && (item == nil || item == gap.item) && from ?? gap.from == gap.from && to ?? gap.to == gap.to
    }

    fileprivate var words: String {
        ["a gap of kind \(kind)", cause.map { "class \($0.rawValue)" }, item.map { "item \($0)" }].compactMap
        { $0 }
        .joined(separator: ", ") + " in \(stream)"
            + (from.map { " from \($0)" } ?? "") + (to.map { " to \($0)" } ?? "")
    }
}

extension Gap {
    fileprivate var words: String {
        "a gap of kind \(kind.rawValue), class \(cause.rawValue)" + (item.map { ", item \($0)" } ?? "")
            + " in \(stream.stream) from \(from) to \(to) (\(how))"
    }
}
