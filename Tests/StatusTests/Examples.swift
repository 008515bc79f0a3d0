// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Status

/// Shared examples: one stream, one clock, and facts as chance deals them.
enum Examples {
    static let key = StreamKey(customer: "acme", connection: "o365", stream: "Audit.Exchange")
    static let start = Timestamp(seconds: 1_790_000_000)

    static func host(at now: Timestamp, mode: HostFacts.Mode = .run) -> HostFacts {
        HostFacts(version: "1.0", mode: mode, lastTick: now, startedAt: start - .days(3))
    }

    static let limits = Thresholds(
        interval: .minutes(5),
        settle: .minutes(2),
        retention: .days(7),
        keepsFrom: true
    )

    /// A stream that has collected for a day and stands at `now`.
    static func healthy(now: Timestamp) -> StreamSituation {
        var facts = StreamFacts()
        facts.acceptedAt = now - .days(1)
        facts.coveredFrom = now - .days(1)
        facts.keptSince = now - .days(1)
        facts.noteRecords(3, newestEvent: now - .hours(1), at: now - .minutes(10))
        facts.noteWatermark(now - .minutes(3), at: now - .minutes(1))
        facts.noteSuccess(at: now - .minutes(1), credential: "1")
        return StreamSituation(key: key, facts: facts, thresholds: limits, watermark: now - .minutes(3))
    }

    static func cause(_ faultClass: FaultClass, since: Timestamp, confirmed: Bool = true) -> Cause {
        Cause(faultClass: faultClass, message: "the source said no", since: since, confirmed: confirmed)
    }
}

/// A small seeded generator, so that a failing case can be dealt again.
struct Chance: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func coin(_ oneIn: Int = 2) -> Bool { Int.random(in: 0..<oneIn, using: &self) == 0 }

    mutating func duration() -> Duration {
        let scales = [60, 1_200, 7_200, 86_400, 2_000_000]
        return .seconds(
            Int.random(in: 0...scales[Int.random(in: 0..<scales.count, using: &self)], using: &self)
        )
    }

    mutating func past(_ now: Timestamp) -> Timestamp? { coin(4) ? nil : now - duration() }

    mutating func cause(_ now: Timestamp) -> Cause? {
        guard coin(3) else { return nil }
        let kind = FaultClass.allCases[Int.random(in: 0..<FaultClass.allCases.count, using: &self)]
        return Cause(
            faultClass: kind,
            code: coin() ? "X1" : nil,
            message: "m",
            since: now - duration(),
            confirmed: coin()
        )
    }

    mutating func situation(_ now: Timestamp) -> StreamSituation {
        var facts = StreamFacts()
        facts.acceptedAt = coin(6) ? nil : now - duration()
        facts.coveredFrom = past(now)
        facts.keptSince = past(now)
        facts.losingSince = past(now)
        facts.lastSuccess = past(now)
        facts.wholeCycles = coin(4) ? 0 : Int.random(in: 1...9, using: &self)
        facts.lastRecordStored = past(now)
        facts.firstRecordStored = facts.lastRecordStored.map { $0 - duration() }
        facts.everHadRecord = facts.lastRecordStored != nil && !coin(8)
        facts.watermarkMoved = past(now)
        facts.consecutiveFailures = Int.random(in: 0...3, using: &self)
        facts.failingSince = past(now)
        facts.cause = cause(now)
        facts.standing = cause(now)
        facts.skew = coin() ? .zero : .seconds(Int.random(in: -4_000...4_000, using: &self))
        facts.quietUntil = coin(5) ? now + duration() : nil
        facts.resumedAt = coin(5) ? now - duration() : nil
        var limits = Thresholds(
            interval: .seconds(Int.random(in: 60...3_600, using: &self)),
            settle: .minutes(2)
        )
        limits.quiet = [.never, .after(duration()), .baseline][Int.random(in: 0..<3, using: &self)]
        limits.retention = coin(4) ? nil : .days(7)
        limits.keepsFrom = coin()
        let hold: Hold? =
            coin(6)
            ? Hold(kind: coin() ? .paused : .excluded, by: "me", reason: "r", at: now - duration()) : nil
        return StreamSituation(
            key: Examples.key,
            facts: facts,
            thresholds: limits,
            hold: hold,
            watermark: past(now),
            itemsPending: 0,
            gapsOpen: 0
        )
    }

    mutating func host(_ now: Timestamp) -> HostFacts {
        let mode = HostFacts.Mode.allCases[Int.random(in: 0..<3, using: &self)]
        return HostFacts(
            version: "1",
            mode: mode,
            lastTick: coin(3) ? past(now) : now,
            startedAt: past(now),
            cause: coin(8) ? Examples.cause(.host, since: now - duration()) : nil,
            ledgerIsReadable: !coin(20)
        )
    }
}
