// SPDX-License-Identifier: Apache-2.0
import Basics
import Collecting
import Connectors
import Delivering
import Status
import Store

/// Keeps the home small and safe: merges old rows, lets keys lapse, drops delivered segments and archive files that are
/// over their retention, copies the ledger daily.
struct Upkeep: Sendable {
    let station: Station
    let archive: Archive?
    /// How often it looks.
    static let interval = Duration.minutes(10)
    /// How often it lets go of what is only kept in memory.
    static let airing = Duration.days(1)

    func run() async throws {
        var aired = station.time.now
        while true {
            do {
                try await tidy()
                if station.time.now - aired >= Self.airing {
                    aired = station.time.now
                    let left = await station.sessions.tidy(keeping: try await station.ledger.connections())
                    station.log.debug("quotas tidied", ["counted": "\(left)"])
                }
            } catch let cancelled as CancellationError {
                throw cancelled
            } catch {
                station.log.warning("upkeep was not possible", ["because": "\(error)"])
            }
            try await station.time.sleep(for: Self.interval)
        }
    }

    /// Does everything that is due now.
    func tidy() async throws {
        let merged = try await station.ledger.mergeCoverage(now: station.time.now)
        if merged > 0 { station.log.debug("coverage rows merged", ["rows": "\(merged)"]) }
        try await station.ledger.lapse()
        if var passed = try await station.ledger.delivered(Archive.destination) {
            // Derived streams read the journal too; one that is held back by a person holds nothing back.
            let roll = Roll(try await station.ledger.connections(), station.shelf, now: station.time.now)
            for line in roll.lines.values where line.stream.isDerived {
                passed = min(passed, try await Deriver.position(of: line.key, in: station.ledger))
            }
            try await station.committer.prune(
                passed: passed,
                retention: station.journalRetention,
                maxBytes: station.journalMaxBytes
            )
        }
        if let vault = station.vault {
            for gone in try await Rotation.dropEnded(station.ledger, vault, now: station.time.now) {
                station.log.info("a former credential has ended and is forgotten", ["app": gone.clientKey])
            }
        }
        await station.committer.holdReserve()
        if let retention = station.archiveRetention { _ = try await archive?.expire(after: retention) }
        try await station.backUp(station.time.now)
    }
}
