// SPDX-License-Identifier: Apache-2.0
import Basics
import Delivering
import Status
import Store

/// Keeps the home small and safe: merges old rows, lets keys lapse, drops delivered segments, copies the ledger daily.
struct Upkeep: Sendable {
    let station: Station
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
        if let passed = try await station.ledger.delivered(Archive.destination) {
            try await station.committer.prune(
                passed: passed,
                retention: station.journalRetention,
                maxBytes: station.journalMaxBytes
            )
        }
        try await station.backUp(station.time.now)
    }
}
