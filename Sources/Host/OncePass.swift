// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
package import Collecting
package import Delivering
package import Status
import Store

/// One pass over every stream: collects until each has caught up, delivers, evaluates.
package struct OncePass: Sendable {
    /// What one stream came to.
    package struct Line: Sendable, Equatable {
        package let stream: StreamKey
        package let end: CycleEnd
        package let assessment: Assessment?
    }

    /// What the pass came to.
    package struct Summary: Sendable, Equatable {
        package let lines: [Line]
        /// Streams that could not be asked and need somebody, such as those without a definition.
        package let unasked: [StreamKey: Assessment]
        /// Records written to the archive.
        package let delivered: Int
        /// What kept the archive from being written.
        package let trouble: Cause?
        package let took: Duration

        /// Whether anything needs a look: a stream failing or blocked, or a gap that opened.
        package var needsLook: Bool {
            trouble != nil || !unasked.isEmpty
                || lines.contains { line in
                    line.end.gapsOpened > 0 || line.assessment?.state == .blocked
                        || line.assessment?.state == .failing
                }
        }
    }

    /// How many streams are collected at a time.
    private static let most = 64

    private let station: Station
    private let archive: Archive?
    /// How long each stream may wait for retries.
    private let wait: Duration
    /// The connections that are collected; `nil` for all.
    private let only: Set<ConnectionKey>?

    /// Prepares a pass; without an archive delivery is left to the next one that has it.
    package init(_ station: Station, archive: Archive?, wait: Duration, only: Set<ConnectionKey>? = nil) {
        self.station = station
        self.archive = archive
        self.wait = wait
        self.only = only
    }

    /// Runs the pass; throws only where the store fails or the task is cancelled.
    package func run() async throws -> Summary {
        let started = station.time.now
        try await station.library.refresh(station.ledger, station.log)
        try await Carrying.carry(station.ledger, station.shelf, now: started, log: station.log)
        do {
            try await Evaluation(station: station, started: started, mode: .once).noteAbsence()
        } catch let failure as StoreFailure where failure.isDiskFull {
            station.log.warning("the state could not be written", ["because": "\(failure)"])
        }
        try await PlanReading(station: station).readDue()
        let roll = Roll(try await station.ledger.connections(), station.shelf, now: started)
        try await Resumption.resume(roll.ended, station)
        let facts = try await station.ledger.allFacts()
        let woken = Set(try await station.ledger.takeWoken())
        let due = roll.lines.values.filter { line in
            !line.stream.isDerived && (woken.contains(line.key) || isDue(facts[line.key], now: started))
                && only.map { $0.contains(line.connection.key) } ?? true
        }.sorted { $0.key < $1.key }
        let runner = CycleRunner(station: station)
        let bounds = StreamCycle.Bounds(wait: wait, windows: 100_000)
        var ends: [StreamKey: CycleEnd] = [:]
        // A host that goes on waits for room on a full disk; a pass does so no longer than for a source.
        await station.committer.waitForRoom(atMost: wait)
        try await withThrowingTaskGroup(of: (StreamKey, CycleEnd).self) { group in
            var waiting = due[...]
            func startNext() {
                guard let line = waiting.popFirst() else { return }
                group.addTask { (line.key, try await runner.run(line, bounds: bounds)) }
            }
            for _ in 0..<Self.most { startNext() }
            while let (key, end) = try await group.next() {
                ends[key] = end
                startNext()
            }
        }
        var delivered = Delivered()
        var trouble = station.committer.hostCondition
        do {
            // The room that was set aside is for the ledger, so that it can say what is wrong.
            if trouble == nil {
                // What is made of the records that came goes out with them.
                ends.merge(try await Deriving(station).pass(roll)) { $1 }
                delivered = try await archive?.deliver() ?? Delivered()
            }
        } catch let cancelled as CancellationError {
            throw cancelled
        } catch {
            // What was collected is in the journal; the next pass delivers it.
            station.log.error("the archive could not be written", ["because": "\(error)"])
            trouble = DeliveryTrouble.cause(error, since: station.time.now)
        }
        let held = trouble
        let evaluation = Evaluation(station: station, started: started, mode: .once) { held }
        var assessments: [StreamKey: Assessment] = [:]
        do {
            assessments = try await evaluation.evaluate(hysteresis: false)
            try await Upkeep(station: station, archive: archive).tidy()
        } catch let failure as StoreFailure where failure.isDiskFull {
            // A disk that is full to the last byte keeps even that from being written.
            station.log.warning("the state could not be written", ["because": "\(failure)"])
        }
        return Summary(
            lines: ends.map { Line(stream: $0.key, end: $0.value, assessment: assessments[$0.key]) }
                .sorted { $0.stream < $1.stream },
            unasked: assessments.filter { stream, assessment in
                ends[stream] == nil && (assessment.state == .blocked || assessment.state == .failing)
            },
            delivered: delivered.records,
            trouble: trouble,
            took: station.time.now - started
        )
    }

    /// Every stream is due but those that a source or its quota told to wait.
    private func isDue(_ facts: StreamFacts?, now: Timestamp) -> Bool {
        guard let next = facts?.nextTry, next > now else { return true }
        return facts?.cause?.faultClass != .throttle
    }
}
