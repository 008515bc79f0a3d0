// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Collecting
package import Delivering
import Status
import Store

/// The running host: collects what is due, delivers, evaluates and tidies, until its task is cancelled.
package struct Running: Sendable {
    /// How many streams are collected at a time.
    static let most = 256
    /// How often the schedule, the archive and the ledger are looked at.
    static let beat = Duration.seconds(1)

    private let station: Station
    private let archive: Archive
    private let upkeep: Upkeep
    private let deriving: Deriving
    /// What keeps the archive from being written just now.
    private let trouble = Locked<Cause?>(nil)

    /// Prepares a host over `station` that delivers into `archive`.
    package init(_ station: Station, archive: Archive) {
        self.station = station
        self.archive = archive
        upkeep = Upkeep(station: station, archive: archive)
        deriving = Deriving(station)
    }

    /// Runs until cancelled, or until a part fails beyond repair; what was under way is stored or left untouched.
    package func run() async throws {
        let trouble = trouble
        let evaluation = Evaluation(station: station, started: station.time.now, mode: .run) {
            trouble.withLock { $0 }
        }
        try await station.library.refresh(station.ledger, station.log)
        try await writing { try await evaluation.noteAbsence() }
        try await evaluate(evaluation)
        do {
            try await work(evaluation)
        } catch {
            try? await evaluation.end()
            throw error
        }
    }

    private func work(_ evaluation: Evaluation) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await collect() }
            group.addTask { try await deriving.run() }
            group.addTask { try await deliver() }
            group.addTask {
                while true {
                    try await waitForNextLook()
                    try await evaluate(evaluation)
                }
            }
            group.addTask { try await upkeep.run() }
            group.addTask { try await PlanReading(station: station).run() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// A disk that is full to the last byte keeps even that from being written; it must not end the host.
    private func evaluate(_ evaluation: Evaluation) async throws {
        try await writing { _ = try await evaluation.evaluate(hysteresis: true) }
    }

    private func writing(_ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch let failure as StoreFailure where failure.isDiskFull {
            station.log.warning("the state could not be written", ["because": "\(failure)"])
        }
    }

    /// Waits for half a minute, but no longer than until storing stops or goes on: that is said at once.
    private func waitForNextLook() async throws {
        let isHeldUp = station.committer.hostCondition != nil
        for _ in 0..<30 {
            try await station.time.sleep(for: Self.beat)
            if (station.committer.hostCondition != nil) != isHeldUp { return }
        }
    }

    // MARK: collecting

    private enum Happening: Sendable {
        case beat
        case ended(StreamKey, CycleEnd)
    }

    private func collect() async throws {
        var schedule = Schedule()
        var circuits = Circuits()
        var roll = try await refresh(&schedule, &circuits, after: nil)
        deriving.follow(roll)
        var sinceLook = 0
        let runner = CycleRunner(station: station)
        try await withThrowingTaskGroup(of: Happening.self) { group in
            group.addTask { try await beat() }
            while true {
                for key in schedule.start(now: station.time.now, most: Self.most - schedule.running) {
                    guard let line = roll.lines[key] else { continue }
                    guard circuits.allows(key) else {
                        schedule.ended(key, at: station.time.now, next: nil)
                        continue
                    }
                    group.addTask { .ended(key, try await runner.run(line, bounds: StreamCycle.Bounds())) }
                }
                switch try await group.next() {
                case .ended(let key, let end)?:
                    schedule.ended(key, at: station.time.now, next: end.nextTry)
                    if end.stored > 0 { deriving.hurry() }
                    if circuits.ended(key, end, failures: end.failures) {
                        let connection = ConnectionKey(customer: key.customer, connection: key.connection)
                        for other in roll.streams(of: connection) {
                            schedule.hurry(other, now: station.time.now)
                        }
                    }
                case .beat?:
                    sinceLook += 1
                    let changed = try await station.ledger.changed()
                    // Paused streams may come to their end without anybody writing.
                    if changed || sinceLook >= 60 {
                        roll = try await refresh(&schedule, &circuits, after: roll)
                        deriving.follow(roll)
                        sinceLook = 0
                    }
                    group.addTask { try await beat() }
                case nil: return
                }
            }
        }
    }

    private func beat() async throws -> Happening {
        try await station.time.sleep(for: Self.beat)
        return .beat
    }

    /// Brings the schedule to what the set-up says now; what a person changed since `known` is due at once.
    private func refresh(_ schedule: inout Schedule, _ circuits: inout Circuits, after known: Roll?)
        async throws -> Roll
    {
        let now = station.time.now
        try await station.library.refresh(station.ledger, station.log)
        try await Carrying.carry(station.ledger, station.shelf, now: now, log: station.log)
        let roll = Roll(try await station.ledger.connections(), station.shelf, now: now)
        try await Resumption.resume(roll.ended, station)
        let facts = known == nil ? try await station.ledger.allFacts() : [:]
        for line in roll.lines.values where !line.stream.isDerived {
            let past = facts[line.key]
            let interval = line.stream.health.interval
            let first = past?.nextTry ?? past?.lastAttempt.map { $0 + interval }
            schedule.keep(line.key, interval: interval, first: first, now: now)
            if let before = known?.lines[line.key], !line.asksLike(before) {
                schedule.hurry(line.key, now: now)
            }
        }
        for gone in schedule.streams where roll.lines[gone] == nil {
            schedule.drop(gone)
            circuits.drop(gone)
        }
        for woken in try await station.ledger.takeWoken() {
            // Whoever asks for a stream by name wants that one looked at, not the one that looks for all.
            circuits.close(woken)
            schedule.hurry(woken, now: now)
        }
        return roll
    }

    // MARK: delivering

    private func deliver() async throws {
        while true {
            // The room that is left on a full disk is the ledger's.
            guard station.committer.hostCondition == nil else {
                try await station.time.sleep(for: Self.beat)
                continue
            }
            do {
                _ = try await archive.deliver()
                trouble.withLock { $0 = nil }
            } catch let cancelled as CancellationError {
                throw cancelled
            } catch {
                station.log.error("the archive could not be written", ["because": "\(error)"])
                note(error)
                try await station.time.sleep(for: .seconds(10))
            }
            try await station.time.sleep(for: Self.beat)
        }
    }

    /// Keeps a delivery's trouble for the host's line of the status, with the time it began.
    private func note(_ error: any Error) {
        let now = station.time.now
        trouble.withLock { known in
            known = DeliveryTrouble.cause(error, since: known?.since ?? now)
        }
    }
}
