// SPDX-License-Identifier: Apache-2.0
package import Basics
import Connectors
package import Status

/// The one writer of the journal and the one judge of duplicates.
///
/// Whoever commits while no group is under way leads one: it takes all that wait, decides duplicates, appends, syncs
/// once, and moves everything in one ledger transaction. Those that come meanwhile wait for the next group, and one
/// of them leads it. A batch is on disk when `commit(_:)` returns, so nobody needs a queue of unsaved work: callers
/// that wait are the back-pressure. Only the process that holds the host lock may open one.
package actor Committer {
    /// Small groups follow each other at this pace under load, to spare the disk, unless another is set.
    package static let usualPace = Duration.milliseconds(20)
    /// How long records wait for company.
    static let moment = Duration.milliseconds(1)
    /// So many groups may run ahead of the pace, so that a few steps one after the other need not wait for it.
    static let burst = 32
    /// A group of so many batches, or bytes, need not wait for more.
    static let enough = (batches: 16, bytes: 1 << 20)
    /// A group takes no more than this, but at least one batch.
    static let most = (batches: 512, bytes: 16 << 20)
    /// How often a full disk is looked at.
    static let look = Duration.seconds(10)

    private let home: Home
    private let ledger: any Ledger
    private let time: any TimeSource
    private let log: Log
    private let journal: Journal
    private let reserve: Reserve
    private let condition = Locked<Cause?>(nil)
    private let executor = ThreadExecutor("headgate-committer")
    private let pace: Duration

    /// For how long batches wait for room on a full disk; `nil` waits until there is some.
    private var patience: Duration?
    /// What the full disk said first, and when.
    private var fullness: (error: any Error, since: Timestamp)?
    private var waiting: [Ticket] = []
    private var isLed = false
    /// When the next small group is due.
    private var nextStart: ContinuousClock.Instant?
    private var nextTicket = 0

    /// Runs on the committer's own thread.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens the journal of `home`, cut back to the ledger's committed end; refuses one that is shorter.
    ///
    /// With a `pace` of zero groups follow each other as they come, which suits who has the disk to himself.
    package init(
        home: Home,
        ledger: any Ledger,
        time: any TimeSource = SystemTime(),
        log: Log = .silent,
        disk: any Disk = SystemDisk(),
        segmentSize: Int64 = 64 << 20,
        pace: Duration = usualPace
    ) async throws {
        self.home = home
        self.ledger = ledger
        self.time = time
        self.log = log
        self.pace = pace
        reserve = Reserve(home)
        let committed = try await ledger.committedEnd()
        let closed = try await ledger.closedSegments()
        journal = try Journal(
            folder: home.journal,
            committed: committed,
            closed: closed,
            disk: disk,
            segmentSize: segmentSize
        )
        do {
            try reserve.hold()
        } catch {
            log.warning("room for a full disk could not be set aside", ["error": error.description])
        }
    }

    /// What keeps everything from being stored just now, such as a full disk.
    package nonisolated var hostCondition: Cause? { condition.withLock { $0 } }

    /// Stores `batch` durably and returns what became of its records.
    ///
    /// While the disk is full it waits; a task that is cancelled while its batch waits leaves nothing of it behind.
    package func commit(_ batch: Batch) async throws -> Committed {
        try Task.checkCancellation()
        nextTicket += 1
        let ticket = Ticket(nextTicket, batch)
        waiting.append(ticket)
        guard isLed else {
            isLed = true
            return try await lead(ticket)
        }
        let number = ticket.number
        let word = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                ticket.continuation = continuation
                if Task.isCancelled { cancel(number) }
            }
        } onCancel: {
            Task { await self.cancel(number) }
        }
        switch word {
        case .done(let result): return try result.get()
        case .lead: return try await lead(ticket)
        }
    }

    /// Lets batches wait for room on a full disk no longer than `patience`; then they fail with what the disk said.
    package func waitForRoom(atMost patience: Duration) { self.patience = patience }

    /// Gives the reserve up for what must be written on a full disk although no batch waits, such as the host's state.
    package func giveUpReserve() { reserve.giveUp() }

    /// Takes the reserve back where there is room for it and nothing waits.
    package func holdReserve() {
        guard hostCondition == nil else { return }
        do { try reserve.hold() } catch { log.debug("no room for the reserve yet", ["error": "\(error)"]) }
    }

    /// Deletes segments that every destination has passed and whose retention is over, or that are too much.
    package func prune(passed: JournalPosition, retention: Duration, maxBytes: Int64? = nil) async throws {
        let closed = try await ledger.closedSegments()
        var total = closed.reduce(journal.committed.offset) { $0 + $1.length }
        var last: Int?
        for segment in closed.sorted(by: { $0.number < $1.number }) {
            let isOver = time.now - segment.closed >= retention || total > maxBytes ?? .max
            guard segment.number < passed.segment, isOver else { break }
            total -= segment.length
            last = segment.number
        }
        guard let last else { return }
        try journal.delete(through: last)
        try await ledger.forgetSegments(through: last)
    }

    // MARK: leading

    /// What a waiting batch is told.
    private enum Word: Sendable {
        case done(Result<Committed, any Error>)
        case lead
    }

    /// One batch on its way; only the committer touches it.
    private final class Ticket {
        let number: Int
        let batch: Batch
        var continuation: CheckedContinuation<Word, Never>?
        var result: Result<Committed, any Error>?

        init(_ number: Int, _ batch: Batch) {
            self.number = number
            self.batch = batch
        }

        var size: Int { batch.lines.count }

        func finish(_ result: Result<Committed, any Error>) {
            self.result = result
            continuation?.resume(returning: .done(result))
            continuation = nil
        }
    }

    /// Takes a cancelled batch out of those that wait; one that is being stored is stored.
    private func cancel(_ number: Int) {
        guard let place = waiting.firstIndex(where: { $0.number == number }),
            waiting[place].continuation != nil
        else { return }
        waiting.remove(at: place).finish(.failure(CancellationError()))
    }

    /// Stores groups until the own batch is stored, then hands the lead on.
    private func lead(_ ticket: Ticket) async throws -> Committed {
        while ticket.result == nil {
            if Task.isCancelled, let place = waiting.firstIndex(where: { $0.number == ticket.number }) {
                waiting.remove(at: place)
                ticket.result = .failure(CancellationError())
                break
            }
            if hostCondition == nil {
                await keepPace()
            } else if await !isRoomAgain() {
                continue
            }
            if Task.isCancelled { continue }
            await storeGroup()
        }
        if let next = waiting.first(where: { $0.continuation != nil }) {
            next.continuation?.resume(returning: .lead)
            next.continuation = nil
        } else {
            isLed = false
        }
        // The loop ends with a result only.
        return try (ticket.result ?? .failure(CancellationError())).get()
    }

    /// Waits a moment under load, so that small batches share a sync.
    ///
    /// Polls without records wait the whole pace. Records do not wait once there are enough of them, or once nobody
    /// else has come for a moment: whoever sent them would do nothing meanwhile.
    private func keepPace() async {
        let clock = ContinuousClock()
        let now = clock.now
        let earliest = now - pace * Self.burst
        let due = max(nextStart ?? earliest, earliest)
        while clock.now < due, !Task.isCancelled {
            let seen = nextTicket
            let size = waiting.reduce(0) { $0 + $1.size }
            if waiting.count >= Self.enough.batches || size >= Self.enough.bytes { break }
            try? await clock.sleep(for: Self.moment)
            if size > 0, seen == nextTicket { break }
        }
        // What groups of records run ahead of the pace is not owed by those after them.
        nextStart = min(due, clock.now) + pace
    }

    private func takeGroup() -> [Ticket] {
        var bytes = 0
        var count = 0
        for ticket in waiting {
            bytes += ticket.size
            guard count == 0 || (bytes <= Self.most.bytes && count < Self.most.batches) else { break }
            count += 1
        }
        defer { waiting.removeFirst(count) }
        return Array(waiting.prefix(count))
    }

    private func storeGroup() async {
        let group = takeGroup()
        guard !group.isEmpty else { return }
        do {
            try await store(group)
            return
        } catch  where isFull(error) {
            return pause(group, error)
        } catch {
            guard group.count > 1 else { return refuse(group[0], error) }
            log.warning(
                "a group could not be stored and is tried batch by batch",
                ["batches": "\(group.count)", "error": "\(error)"]
            )
        }
        for (index, ticket) in group.enumerated() {
            do {
                try await store([ticket])
            } catch  where isFull(error) {
                return pause(Array(group[index...]), error)
            } catch {
                refuse(ticket, error)
            }
        }
    }

    private func refuse(_ ticket: Ticket, _ error: any Error) {
        let stream = ticket.batch.stream.description
        log.error("a batch could not be stored", ["stream": stream, "error": "\(error)"])
        ticket.finish(.failure(StoreFailure.batchRefused(stream: stream, reason: "\(error)")))
    }

    // MARK: storing

    /// Stores a group whole, or leaves everything as it was.
    private func store(_ group: [Ticket]) async throws {
        let sifted: [Sifted]
        do {
            sifted = try await ledger.sift(group.map(\.batch))
            try append(sifted)
            try await ledger.apply(sifted, end: JournalEnd(position: journal.end, closed: journal.closing))
        } catch {
            do {
                try journal.cut()
            } catch {
                // The next append begins at the committed end all the same, and the next start cuts again.
                log.warning("the journal could not be cut", ["error": "\(error)"])
            }
            throw error
        }
        journal.noteCommitted()
        CrashPoint.hit(.committed)
        noteRoom()
        for (ticket, sifted) in zip(group, sifted) { ticket.finish(.success(sifted.committed)) }
    }

    private func append(_ group: [Sifted]) throws(StoreFailure) {
        let total = group.reduce(0) { $0 + $1.keptBytes }
        guard total > 0 else { return }
        try write(group, total)
        if let failure = syncFailure() {
            guard !failure.isDiskFull else { throw failure }
            // What a failed sync has done to the file nobody knows: it is given up at its committed end.
            log.warning("a segment is given up after a failed sync", ["error": failure.description])
            try journal.cut()
            try write(group, total)
            try journal.sync()
        }
        CrashPoint.hit(.synced)
    }

    private func write(_ group: [Sifted], _ total: Int) throws(StoreFailure) {
        journal.makeRoom(for: total, now: time.now)
        for sifted in group where !sifted.kept.isEmpty {
            try journal.append(sifted.batch.lines, sifted.kept.map { sifted.bytes(of: $0) })
        }
        CrashPoint.hit(.appended)
    }

    private func syncFailure() -> StoreFailure? {
        do {
            try journal.sync()
            return nil
        } catch {
            return error
        }
    }

    // MARK: a full disk

    private func isFull(_ error: any Error) -> Bool { (error as? StoreFailure)?.isDiskFull ?? false }

    /// Puts a group back, gives up the reserve and says so; the leader looks again every ten seconds.
    private func pause(_ group: [Ticket], _ error: any Error) {
        waiting.insert(contentsOf: group, at: 0)
        reserve.giveUp()
        fullness = fullness ?? (error, time.now)
        let cause = Cause.diskFull(home, since: time.now)
        let isNew = condition.withLock { present in
            defer { present = present ?? cause }
            return present == nil
        }
        if isNew { log.error("disk full: collection waits", ["home": home.path, "error": "\(error)"]) }
    }

    /// Waits for the next look at a full disk; the reserve comes first, so that the next time is as safe as this one.
    private func isRoomAgain() async -> Bool {
        var wait = Self.look
        if let patience, let fullness {
            wait = min(wait, fullness.since + patience - time.now)
            guard wait > .zero else {
                // Nothing of them is stored, so that nothing is lost when they are asked for again.
                for ticket in waiting { ticket.finish(.failure(fullness.error)) }
                waiting = []
                return false
            }
        }
        do {
            try await time.sleep(for: wait)
            try reserve.hold()
            return true
        } catch {
            return false
        }
    }

    private func noteRoom() {
        fullness = nil
        let wasFull = condition.withLock { present in
            defer { present = nil }
            return present != nil
        }
        if wasFull { log.info("there is room on the disk again: collection goes on", ["home": home.path]) }
    }
}

extension Sifted {
    /// How many bytes of lines are kept.
    var keptBytes: Int { kept.reduce(0) { $0 + bytes(of: $1).count } }

    /// Where the lines of some entries lie in the batch's bytes.
    func bytes(of entries: Range<Int>) -> Range<Int> {
        let start = entries.lowerBound == 0 ? 0 : batch.entries[entries.lowerBound - 1].end
        return start..<batch.entries[entries.upperBound - 1].end
    }
}
