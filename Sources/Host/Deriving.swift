// SPDX-License-Identifier: Apache-2.0
import Basics
import Collecting
import Connectors
import Status
import Store

/// Makes the derived streams of all connections, after their sources.
struct Deriving: Sendable {
    /// How often it looks although no source has brought anything, so that the watermarks go on.
    static let interval = Duration.minutes(1)

    private let station: Station
    private let deriver: Deriver
    /// The streams as set-up and decisions of people stand; `nil` before they were looked at.
    private let roll = Locked<Roll?>(nil)
    /// A source has stored something since the last pass.
    private let isWanted = Locked(true)

    init(_ station: Station) {
        self.station = station
        deriver = Deriver(
            home: station.home,
            ledger: station.ledger,
            committer: station.committer,
            time: station.time,
            log: station.log
        )
    }

    /// Goes by `roll` from now on.
    func follow(_ roll: Roll) { self.roll.withLock { $0 = roll } }

    /// Has the next look come at once, since a source brought something.
    func hurry() { isWanted.withLock { $0 = true } }

    /// Derives for the streams of the newest roll after every cycle that brought something, until cancelled.
    func run() async throws {
        var due = station.time.now
        var earliest = due
        while true {
            let now = station.time.now
            // The room that is left on a full disk is the ledger's.
            if station.committer.hostCondition == nil, now >= earliest, now >= due || takeWish(),
                let roll = roll.withLock({ $0 })
            {
                let ends = try await pass(roll)
                let end = station.time.now
                // It may take a tenth of the time, however much there is to look at.
                earliest = end + max((end - now) * 10, Running.beat)
                due =
                    end + (ends.values.contains { $0.setback != nil } ? Duration.seconds(10) : Self.interval)
            }
            try await station.time.sleep(for: Running.beat)
        }
    }

    private func takeWish() -> Bool {
        isWanted.withLock { wanted in
            defer { wanted = false }
            return wanted
        }
    }

    /// One pass over the derived streams of `roll`, and how each fared.
    func pass(_ roll: Roll) async throws -> [StreamKey: CycleEnd] {
        let lines = roll.lines.values.filter(\.stream.isDerived).sorted { $0.key < $1.key }
        do {
            return try await deriver.derive(
                lines.compactMap { DerivedStream($0.stream, of: $0.connection) }
            )
        } catch let cancelled as CancellationError {
            throw cancelled
        } catch {
            let runner = CycleRunner(station: station)
            var ends: [StreamKey: CycleEnd] = [:]
            for line in lines { ends[line.key] = try await runner.end(of: line, after: error) }
            return ends
        }
    }
}
