// SPDX-License-Identifier: Apache-2.0
import Basics
import Collecting
import Connectors
import JSON
import Status
import Store

/// Plays a test of the kind `stream`: adds the connection, makes the passes, and looks at what came of it.
struct StreamPlay {
    private let stage: Stage
    private var then: Rehearsal.Outcome { stage.rehearsal.then }

    init(_ stage: Stage) { self.stage = stage }

    /// Plays to the end and gives back everything that came out otherwise.
    func differences() async throws -> [Difference] {
        try await stage.accept()
        let given = stage.rehearsal.given
        var started = stage.time.now
        for pass in 1...given.passes {
            stage.sourceTime.pass(to: given.now + given.every * (pass - 1))
            stage.transport.begin(pass: pass)
            started = stage.time.now
            for stream in stage.streams where !stream.isDerived { try await run(stream, pass) }
            try await stage.derive()
        }
        return try await compared(started)
    }

    /// One cycle of one stream, as `run --once` makes it.
    private func run(_ stream: StreamDefinition, _ pass: Int) async throws {
        let facts = try await stage.ledger.facts(of: Stage.key(stream.id))
        // What a source or its quota told to wait is left alone until then.
        if let next = facts.nextTry, next > stage.time.now, facts.cause?.faultClass == .throttle { return }
        let bounds = StreamCycle.Bounds(
            wait: .seconds(60),
            windows: 100_000,
            random: SeededRandom(UInt64(pass))
        )
        var cycle = StreamCycle(stage.context(of: stream), bounds: bounds)
        _ = try await cycle.run()
    }

    private func compared(_ started: Timestamp) async throws -> [Difference] {
        let assessments = try await assess(started)
        var differences: [Difference] = []
        func compare<Part: Equatable>(_ expected: Part?, _ got: Part?, _ place: String, why: String? = nil) {
            guard let expected, let difference = Difference.between(expected, got, at: "then.\(place)") else {
                return
            }
            differences.append(
                why.map { Difference(difference.expectation, "\(difference.sentence); \($0)") } ?? difference
            )
        }
        let stored = stored()
        for (stream, count) in then.records.sorted(by: { $0.key < $1.key }) {
            compare(count, stored[stream] ?? 0, "records.\(stream)", why: trouble(assessments[stream]))
        }
        for (stream, counts) in then.counts.sorted(by: { $0.key < $1.key }) {
            let rows = try await stage.ledger.coverage(of: Stage.key(stream), since: nil)
            let sum = rows.reduce(Counts()) { $0 + $1.counts }
            for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
                compare(count, sum.count(named: name), "counts.\(stream).\(name)")
            }
        }
        for (stream, state) in then.states.sorted(by: { $0.key < $1.key }) {
            let got = assessments[stream]
            compare(state, got?.state.rawValue, "states.\(stream)", why: trouble(got))
        }
        let cause = Headline(streams: assessments.values.map { $0 }).cause
        compare(then.faultClass?.rawValue, cause?.faultClass.rawValue, "class", why: cause?.message)
        compare(then.remedy, cause?.remedy?.id, "remedy", why: cause?.message)
        for (stream, instant) in then.caughtUpTo.sorted(by: { $0.key < $1.key }) {
            let got = assessments[stream]?.caughtUpTo
            if let got, got >= instant { continue }
            compare(instant, got, "caughtUpTo.\(stream)", why: trouble(assessments[stream]))
        }
        for (stream, place) in then.cursors.sorted(by: { $0.key < $1.key }) {
            let got = try await stage.ledger.cursor(ChainRun.place, of: Stage.key(stream))
            compare(place?.text ?? "no place", got ?? "no place", "cursors.\(stream)")
        }
        if let waited = then.waited, stage.sourceTime.waited < waited {
            differences.append(Difference.shorter(waited, stage.sourceTime.waited))
        }
        let gaps = try await stage.ledger.gaps(.all, openOnly: false)
        if let expected = then.gaps { differences += GapMatch(expected, gaps).differences }
        return differences + stage.shownSecrets(in: words(gaps, assessments.values.compactMap(\.cause)))
    }

    private func assess(_ started: Timestamp) async throws -> [String: Assessment] {
        let now = stage.time.now
        let host = HostFacts(version: "rehearsal", mode: .once, lastTick: now, startedAt: started)
        let evaluator = Evaluator(host: host, now: now)
        var assessments: [String: Assessment] = [:]
        for stream in stage.streams {
            let key = Stage.key(stream.id)
            let facts = try await stage.ledger.facts(of: key)
            let situation = StreamSituation(
                key: key,
                facts: facts,
                thresholds: Thresholds(stream),
                watermark: facts.watermark
            )
            assessments[stream.id] = evaluator.evaluate(situation)
        }
        return assessments
    }

    /// How many records of each stream the journal holds.
    private func stored() -> [String: Int] {
        var counts: [String: Int] = [:]
        for line in TemporaryHome.lines(in: stage.home.journal) {
            guard let stream = (try? Value(parsing: line))?["stream"]?.stringValue else { continue }
            counts[stream, default: 0] += 1
        }
        return counts
    }

    private func trouble(_ assessment: Assessment?) -> String? {
        assessment?.cause.map { "the cause is \($0.faultClass.rawValue): \($0.message)" }
    }

    private func words(_ gaps: [Gap], _ causes: [Cause]) -> [(place: String, text: String)] {
        gaps.map { ("a gap", $0.how) }
            + causes.flatMap { cause -> [(place: String, text: String)] in
                let remedy =
                    cause.remedy.map { [$0.title, $0.cause, $0.where ?? "", $0.next] + $0.steps } ?? []
                return [("a cause", cause.message)] + remedy.map { ("a remedy", $0) }
            }
    }
}

extension Counts {
    /// The count that tests call `name`.
    fileprivate func count(named name: String) -> Int? {
        switch name {
        case "listed": listed
        case "fetched": fetched
        case "stored": stored
        case "duplicate": duplicate
        case "late": late
        case "changed": changed
        case "dropped": dropped
        case "lost": lost
        case "unmatched": unmatched
        default: nil
        }
    }
}
