// SPDX-License-Identifier: Apache-2.0
package import JSON

/// How often each record type occurs in an audit log, and how large its records are.
package struct DistributionProfile: Sendable {
    /// One record type.
    package struct Kind: Sendable, Equatable {
        /// Its number.
        package var recordType: Int
        /// Its share, as a count.
        package var count: Int
        /// Half of its records are at most this large.
        package var median: Int
        /// Its largest record.
        package var largest: Int
    }

    /// The record types.
    package let kinds: [Kind]

    private init(_ kinds: [(Int, Int, Int, Int)]) {
        self.kinds = kinds.map { Kind(recordType: $0.0, count: $0.1, median: $0.2, largest: $0.3) }
    }

    /// Reads a profile's `record_type` member; `nil` if there is none worth the name.
    package init?(_ document: Value) {
        guard let types = document["record_type"]?.objectValue else { return nil }
        kinds = types.compactMap { name, facts in
            guard let type = Int(name), let count = facts["count"]?.int64,
                let median = facts["p50_bytes"]?.int64,
                let largest = facts["max_bytes"]?.int64, count > 0, median > 0, largest >= median,
                largest < 1 << 30
            else { return nil }
            return Kind(recordType: type, count: Int(count), median: Int(median), largest: Int(largest))
        }
        guard !kinds.isEmpty else { return nil }
    }

    /// A real small tenant's log over four months: facts and counts only.
    package static let builtIn = DistributionProfile([
        (1, 3_647, 1_065, 1_731), (15, 569, 1_486, 1_675), (8, 417, 2_123, 8_855), (50, 288, 1_486, 2_988),
        (52, 100, 616, 809), (6, 78, 1_072, 1_226), (2, 73, 1_291, 2_032), (18, 57, 625, 1_445),
        (4, 42, 850, 1_023), (14, 35, 929, 1_426), (36, 30, 1_109, 1_164), (56, 18, 1_084, 1_176),
        (40, 8, 1_387, 1_389), (3, 7, 1_661, 1_857), (25, 2, 834, 834), (28, 1, 1_651, 1_651),
        (23, 1, 646, 646),
    ])

    /// What data loss prevention brings; the measured tenant had none of it.
    static let dlp: [Kind] = [
        Kind(recordType: 13, count: 6, median: 1_500, largest: 4_200),
        Kind(recordType: 11, count: 3, median: 1_600, largest: 4_000),
        Kind(recordType: 63, count: 1, median: 1_700, largest: 3_000),
    ]

    /// The record types that arrive in `type`; never none.
    package func kinds(of type: ContentType) -> [Kind] {
        if let wanted = type.recordTypes {
            let found = kinds.filter { wanted.contains($0.recordType) }
            if !found.isEmpty { return found }
            return type == .dlp ? Self.dlp : Self.builtIn.kinds.filter { wanted.contains($0.recordType) }
        }
        let named = ContentType.allCases.reduce(into: Set<Int>()) { $0.formUnion($1.recordTypes ?? []) }
        let found = kinds.filter { !named.contains($0.recordType) }
        return found.isEmpty ? Self.builtIn.kinds.filter { !named.contains($0.recordType) } : found
    }

    /// How many of `total` events arrive in each type, by the profile's shares.
    package func shares(of total: Int) -> [ContentType: Int] {
        var counts: [ContentType: Int] = [:]
        for type in ContentType.allCases where type != .dlp {
            counts[type] = kinds(of: type).reduce(0) { $0 + $1.count }
        }
        let all = counts.values.reduce(0, +)
        var rest = total
        var shares: [ContentType: Int] = [:]
        for (type, count) in counts.sorted(by: { $0.key < $1.key }) where type != .exchange {
            shares[type] = total * count / all
            rest -= total * count / all
        }
        // Exchange is by far the largest and takes what rounding leaves.
        shares[.exchange] = rest
        return shares
    }
}

extension DistributionProfile.Kind {
    /// The size of the record at `share` of this kind's sizes, from 0 to 1.
    ///
    /// The curves were fitted so that the whole mix meets the profile's p10, p50, p90, p95 and p99 within 4 %.
    package func size(at share: Double) -> Int {
        let curve = Self.curves[recordType] ?? Self.usual
        if share <= 0.5 { return Int(Double(median) * Self.value(of: curve.lower, at: share)) }
        return median + Int(Double(largest - median) * Self.value(of: curve.upper, at: share))
    }

    private struct Curve: Sendable {
        let lower: [(at: Double, value: Double)]
        let upper: [(at: Double, value: Double)]
    }

    private static let usual = Curve(lower: [(0, 0.82), (0.5, 1)], upper: [(0.5, 0), (0.9, 0.5), (1, 1)])
    private static let curves: [Int: Curve] = [
        1: Curve(
            lower: [(0, 0.62), (0.1, 0.72), (0.5, 1)],
            upper: [(0.5, 0), (0.6, 0.30), (0.635, 0.74), (0.93, 0.855), (0.985, 0.91), (1, 1)]
        ),
        8: Curve(
            lower: [(0, 0.72), (0.1, 0.8), (0.5, 1)],
            upper: [(0.5, 0), (0.87, 0.152), (0.99, 0.45), (1, 1)]
        ),
        50: Curve(lower: [(0, 0.72), (0.5, 1)], upper: [(0.5, 0), (0.6, 0.10), (0.9, 0.6), (1, 1)]),
    ]

    private static func value(of curve: [(at: Double, value: Double)], at share: Double) -> Double {
        for (from, to) in zip(curve, curve.dropFirst()) where share <= to.at {
            return from.value + (to.value - from.value) * (share - from.at) / (to.at - from.at)
        }
        return curve.last?.value ?? 1
    }
}
