// SPDX-License-Identifier: Apache-2.0
package import Basics
import JSON
import Status

extension SQLiteLedger {
    /// How far a stream's watermark must have passed a key's availability before the key may go.
    private static let keep = 8
    /// State changes are kept for thirteen months, so that any month's report can be made.
    private static let history = Duration.days(400)

    /// Merges adjoining coverage rows, and says how many went.
    package func mergeCoverage(now: Timestamp) throws -> Int {
        var gone = 0
        let streams = try database.rows(
            """
            SELECT s.number, s.customer, s.connection, s.stream FROM streams s
            WHERE (SELECT count(*) FROM coverage c WHERE c.stream = s.number) > 1
            """
        ) { (row) throws(StoreFailure) in
            (row.integer(0), StreamKey(customer: row.text(1), connection: row.text(2), stream: row.text(3)))
        }
        for (number, stream) in streams {
            let rows = try coverage(number, of: stream, since: nil)
            guard Self.compacted(rows, now: now).count < rows.count else { continue }
            try database.transaction { () throws(StoreFailure) in
                // Read again within the transaction: another may have moved a row in between.
                let rows = try coverage(number, of: stream, since: nil)
                let merged = Self.compacted(rows, now: now)
                try database.run("DELETE FROM coverage WHERE stream = ?1", .integer(number))
                for row in merged { try apply(.coverage(row), to: stream, number: number) }
                gone += rows.count - merged.count
            }
        }
        return gone
    }

    private static func compacted(_ rows: [CoverageRow], now: Timestamp) -> [CoverageRow] {
        // Rows of a second listing lie over the first ones and would part them.
        Coverage.compacted(rows.filter { !$0.relisted }, now: now)
            + Coverage.compacted(rows.filter(\.relisted), now: now)
    }

    /// Drops keys and remembered items that no stream's watermark is short of by eight days.
    package func lapse() throws {
        try keys.load()
        let marks = try watermarks()
        let newest = marks.values.max()
        for day in keys.days {
            let short = Set(
                marks.filter { KeyTables.day(of: $0.value) - day <= Self.keep }.map {
                    UInt32(truncatingIfNeeded: $0.key)
                }
            )
            if short.isEmpty, newest != nil {
                try keys.drop(day)
            } else if let newest, KeyTables.day(of: newest) - day > Self.keep {
                // Only laggards need this day any more; what the others left in it goes.
                try keys.merge(day, everything: true, keeping: short)
            } else if let newest, KeyTables.day(of: newest) - day > 1 {
                try keys.merge(day, everything: true)
            }
        }
        try database.transaction { () throws(StoreFailure) in
            for (number, mark) in marks {
                try database.run(
                    "DELETE FROM items WHERE stream = ?1 AND day < ?2",
                    .integer(number),
                    .number(KeyTables.day(of: mark) - Self.keep)
                )
            }
            try database.run("DELETE FROM members WHERE gone < ?1", .time(time.now - Self.history))
            try database.run("DELETE FROM changes WHERE at < ?1", .time(time.now - Self.history))
            try database.run("DELETE FROM issues WHERE closed < ?1", .time(time.now - Self.history))
        }
    }

    /// How far each stream is done, history included; a stream without facts holds nothing.
    private func watermarks() throws(StoreFailure) -> [Int64: Timestamp] {
        var marks: [Int64: Timestamp] = [:]
        let facts = try database.rows("SELECT number, facts FROM streams WHERE facts IS NOT NULL") {
            (row) throws(StoreFailure) in (row.integer(0), StreamFacts(json: row.json(1)))
        }
        for (number, facts) in facts {
            guard var mark = facts.watermark ?? facts.coveredFrom else { continue }
            // A span that is still to be listed again must not bring its records a second time.
            mark = min(mark, facts.relistedTo ?? mark)
            // Coverage moves back to where history began once all of it is there.
            if let from = facts.historyFrom, let covered = facts.coveredFrom, covered > from {
                mark = min(mark, facts.historyDoneTo ?? from)
            }
            marks[number] = mark
        }
        // Windows that are still open or parked, and items that wait, hold their keys as well.
        for sql in [
            "SELECT stream, min(start) FROM coverage WHERE state IN ('open', 'failed', 'parked') GROUP BY stream",
            "SELECT stream, min(availability) FROM parked GROUP BY stream",
        ] {
            for (number, start) in try database.rows(
                sql,
                make: { (row) throws(StoreFailure) in (row.integer(0), row.time(1)) }
            ) {
                marks[number] = marks[number].map { min($0, start) }
            }
        }
        return marks
    }

    /// Looks through the whole ledger for damage; throws ``StoreFailure`` with the first that is found.
    package func inspect() throws { try Schema.checkAll(database) }

    /// Copies the ledger to `backup/ledger-<day>.sqlite` once a day and keeps two; tells whether it did.
    package nonisolated func backup(of home: Home, now: Timestamp) async throws -> Bool {
        try await LedgerBackup().run(home: home, day: now.day)
    }
}

/// Copies the ledger on a thread of its own, so that neither reads nor commits wait for it.
private actor LedgerBackup {
    private let executor = ThreadExecutor("headgate-backup")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    func run(home: Home, day: String) throws -> Bool {
        let target = home.backup + "/ledger-\(day).sqlite"
        guard FileFacts(target) == nil else { return false }
        let draft = target + ".new"
        Files.remove(draft)
        let source = try Database(path: home.ledger, readOnly: true)
        try source.copy(to: draft)
        try Files.settle(draft, as: target)
        let copies = Files.names(in: home.backup).filter {
            $0.hasPrefix("ledger-") && $0.hasSuffix(".sqlite")
        }
        for old in copies.dropLast(2) { Files.remove(home.backup + "/" + old) }
        return true
    }
}
