// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Status
import Store

/// One derived stream during one pass over the journal; its deriver alone touches it.
final class Derivation {
    /// How much is gathered before it is committed in the middle of a pass.
    static let portion = 1 << 20
    /// How much a stream holds at most; what is oldest goes first.
    static let most = 64 << 20
    /// How long after its time a held record may still be met by one that was stamped before and stored after it.
    static let grace = Duration.hours(1)
    /// The name of the cursor over the journal.
    static let cursor = "journal"

    let derived: DerivedStream
    let plan: JoinPlan
    /// Up to here everything is dealt with, though not committed yet.
    var position: JournalPosition
    private(set) var end = CycleEnd(isWhole: true)
    private let known: StreamFacts
    private var facts: StreamFacts
    /// How far the sources had come before the journal was looked at; `nil` before all have begun.
    private let reach: Timestamp?
    private let trouble: Cause?
    private let ledger: any Ledger
    private let committer: Committer
    private let time: any TimeSource
    private let from: Timestamp?
    private var state: JoinState
    private var effects: [Effect] = []
    private var builder: BatchBuilder
    private var counts = Counts()
    /// Whether anything happened that the cursor must not pass without.
    private var hasNews = false

    /// Looks at the facts of the stream and of its sources; must come before the journal's extent is asked for.
    init(_ derived: DerivedStream, ledger: any Ledger, committer: Committer, time: any TimeSource)
        async throws
    {
        self.derived = derived
        self.ledger = ledger
        self.committer = committer
        self.time = time
        plan = JoinPlan(derived.join)
        state = JoinState(within: derived.join.within)
        builder = BatchBuilder(derived.envelope, collected: time.now)
        known = try await ledger.facts(of: derived.key)
        var own = known
        var sources: [StreamFacts] = []
        for source in derived.sources { sources.append(try await ledger.facts(of: source.key)) }
        let starts = sources.compactMap(\.coveredFrom), marks = sources.compactMap(\.watermark)
        if starts.count == sources.count, let start = starts.max() {
            // One that was chosen later finds in the journal what was collected lately, and nothing older.
            let came = own.acceptedAt?.rounded(downTo: .minutes(1)) ?? start
            let isLater = sources.contains {
                $0.acceptedAt.map { $0.rounded(downTo: .minutes(1)) < came } ?? false
            }
            own.coveredFrom = isLater ? max(start, came) : start
        }
        // What sources fetch of their history comes through the journal like everything else.
        let (froms, dones) = (sources.compactMap(\.historyFrom), sources.compactMap(\.historyDoneTo))
        own.historyFrom = froms.count == sources.count ? froms.max() : nil
        own.historyDoneTo = dones.count == sources.count ? dones.min() : nil
        facts = own
        from = own.watermark ?? own.coveredFrom
        reach = starts.count == sources.count && marks.count == sources.count ? marks.min() : nil
        trouble = Self.trouble(derived, sources, now: time.now)
        position = try await Deriver.position(of: derived.key, in: ledger)
    }

    /// What keeps sources from going on, and with them everything that is made of them.
    private static func trouble(_ derived: DerivedStream, _ facts: [StreamFacts], now: Timestamp) -> Cause? {
        for source in derived.sources {
            guard let rest = source.rest else { continue }
            let name = source.key.stream
            return Cause(
                faultClass: .config,
                code: "source",
                message: "\(name), of whose records this stream is made, \(rest)",
                since: now,
                remedy: Remedy(
                    id: "host.source",
                    title: "Collect \(name) too",
                    cause: "This stream asks nobody: it is made of the records of \(name).",
                    steps: ["Let \(name) be collected again, or exclude this stream."],
                    who: "whoever set the connection up",
                    where: nil,
                    takes: "a minute",
                    next: "headgate resume \(source.key)"
                )
            )
        }
        let causes = zip(derived.sources, facts).compactMap { source, facts -> Cause? in
            guard var cause = facts.cause else { return nil }
            cause.message = "\(source.key.stream): \(cause.message)"
            return cause
        }
        return causes.first(where: \.blocks) ?? causes.first
    }

    // MARK: records

    /// Deals with a record of a source, collected at `collected`.
    func take(_ event: ScannedEvent, collected: @autoclosure () -> Timestamp, bytes: () -> [UInt8])
        async throws
    {
        for arrival in plan.halves(event, bytes: bytes, collected: collected) {
            hasNews = true
            counts.listed += 1
            guard case .half(let half) = arrival else {
                counts.unmatched += 1
                continue
            }
            if state.holds(half) { continue }
            // Of several with one key the first counts, for as long as it could find its other half.
            let since = half.collected - derived.join.within
            if try await ledger.isHeld(half, of: derived.key, since: since) { continue }
            var others: [HeldRecord] = []
            for ref in half.refs {
                others += try await ledger.held(half.side.other, referringTo: ref, of: derived.key)
            }
            for action in state.take(half, held: others) { perform(action) }
        }
    }

    /// Whether enough is gathered for a commit of its own.
    var isFull: Bool { builder.lines.count + state.bytes >= Self.portion }

    private func perform(_ action: JoinState.Action) {
        switch action {
        case .hold(let record): effects.append(.hold(record))
        case .match(let held): effects.append(.match(held: held))
        case .emit(let left, let right):
            guard plan.isDue(left, right) else { return }
            let event = plan.event(left, right)
            builder.append(
                event: event,
                key: [left.key, right.key, right.version],
                time: time(of: event),
                format: RecordFields.format(of: derived.stream)
            )
        }
    }

    private func time(of event: [UInt8]) -> String? {
        guard let path = derived.stream.eventTime, let split = try? Scanner.pick([path], of: event) else {
            return nil
        }
        return split.field(0, of: 0).flatMap { Scanner.string($0, in: event) }
    }

    // MARK: committing

    /// Stores what was gathered together with the cursor at ``position``: all of it or nothing.
    func commit() async throws {
        for action in state.settle() { perform(action) }
        var moved = effects
        moved.append(.cursor(name: Self.cursor, value: position.description))
        if let from { moved.append(.coverage(row(from, reach ?? from, .open))) }
        let batch = builder.batch(
            availability: time.now,
            onChange: .drop,
            row: from,
            counts: counts,
            effects: moved
        )
        effects = []
        counts = Counts()
        hasNews = false
        builder = BatchBuilder(derived.envelope, collected: time.now)
        let committed = try await committer.commit(batch)
        end.add(committed)
        facts.noteRecords(committed.stored, newestEvent: committed.newestEvent, at: time.now)
    }

    /// Ends the pass: lets go what nothing can meet any more, and says how far the stream has come.
    ///
    /// Where nothing has happened it is said no more often than the stream's interval, to spare the disk.
    func finish(lost: Bool) async throws -> CycleEnd {
        let now = time.now
        if hasNews { try await commit() }
        let isDue = facts.lastAttempt.map { now - $0 >= derived.stream.health.interval } ?? true
        let mark = [from, reach].compactMap(\.self).max()
        // What the sources fetch of their history moves no watermark, and yet is news.
        guard
            isDue || end != CycleEnd(isWhole: true) || mark != facts.watermark || facts != known || lost
                || trouble?.faultClass != facts.cause?.faultClass
        else { return end }
        var limit = now - derived.join.within - Self.grace
        if let excess = try await ledger.heldLimit(of: derived.key, bytes: Self.most) {
            limit = max(limit, excess)
        }
        let unmatched = try await ledger.unmatched(of: derived.key, before: limit)
        var moved: [Effect] = [
            .letGo(before: limit), .cursor(name: Self.cursor, value: position.description),
        ]
        if let from { moved.append(.coverage(row(from, reach ?? from, .stored))) }
        if lost, let from { moved.append(.openGap(gap(from, now))) }
        noteEnd(now, mark)
        moved.append(.facts(facts))
        let batch = Batch(
            stream: derived.key,
            availability: now,
            row: from,
            counts: Counts(unmatched: unmatched),
            effects: moved
        )
        _ = try await committer.commit(batch)
        end.failures = facts.consecutiveFailures
        return end
    }

    private func noteEnd(_ now: Timestamp, _ mark: Timestamp?) {
        facts.noteAttempt(at: now)
        if let trouble {
            facts.noteFailure(
                trouble.faultClass,
                code: trouble.code,
                message: trouble.message,
                remedy: trouble.remedy,
                at: now
            )
            // Whether it is beyond doubt the source knows.
            facts.cause?.confirmed = trouble.confirmed
        } else if reach != nil {
            facts.noteSuccess(at: now, credential: nil)
        }
        if let from, let mark {
            let settled = row(from, reach ?? from, .stored)
            facts.noteWatermark(max(mark, Watermark.of(rows: [settled], coveredFrom: from)), at: now)
        }
    }

    private func row(_ from: Timestamp, _ to: Timestamp, _ state: CoverageState) -> CoverageRow {
        // Of no length while the sources stand still: it counts what comes, and settles nothing.
        let end = max(from, to)
        return CoverageRow(stream: derived.key, from: from, to: end, state: end == from ? .open : state)
    }

    private func gap(_ from: Timestamp, _ now: Timestamp) -> Gap {
        end.gapsOpened += 1
        return Gap(
            stream: derived.key,
            kind: .span,
            from: from,
            to: max(from, reach ?? from),
            cause: .gone,
            how: "parts of the journal were removed before this stream had read them",
            detected: now,
            lost: true
        )
    }
}
