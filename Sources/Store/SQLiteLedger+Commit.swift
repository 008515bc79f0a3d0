// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON
import Status

extension SQLiteLedger {
    /// Where the journal's committed records end.
    package func committedEnd() throws -> JournalPosition {
        JournalPosition(segment: Int(try meta("segment") ?? 1), offset: try meta("offset") ?? 0)
    }

    private func meta(_ name: String) throws(StoreFailure) -> Int64? {
        try database.first("SELECT value FROM meta WHERE name = ?1", .text(name)) {
            (row) throws(StoreFailure) in
            row.integer(0)
        }
    }

    private func setMeta(_ name: String, _ value: Int64) throws(StoreFailure) {
        try database.run(
            "INSERT INTO meta(name, value) VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
            .text(name),
            .integer(value)
        )
    }

    /// The segments before the last that still stand.
    package func closedSegments() throws -> [ClosedSegment] {
        try database.rows("SELECT number, length, closed FROM segments ORDER BY number") {
            (row) throws(StoreFailure) in
            ClosedSegment(number: row.int(0), length: row.integer(1), closed: row.time(2))
        }
    }

    /// Forgets segments that were deleted.
    package func forgetSegments(through number: Int) throws {
        try database.run("DELETE FROM segments WHERE number <= ?1", .number(number))
    }

    // MARK: duplicates

    /// One entry of one batch, on its way through the sieve.
    private struct Candidate {
        var key: KeyDigest
        var content: UInt64
        var batch: Int32
        var entry: Int32
    }

    /// Decides which entries of the batches are new, in order, without changing anything.
    package func sift(_ batches: [Batch]) throws -> [Sifted] {
        var sifted = batches.map { batch in
            var committed = Committed()
            committed.dropped = batch.counts.dropped
            return Sifted(batch: batch, kept: [], committed: committed)
        }
        let total = batches.reduce(0) { $0 + $1.entries.count }
        guard total > 0 else { return sifted }
        try keys.load()
        var candidates: [Candidate] = []
        candidates.reserveCapacity(total)
        var keep: [[Bool]] = []
        for (index, batch) in batches.enumerated() {
            let number = try number(of: batch.stream)
            keep.append([Bool](repeating: true, count: batch.entries.count))
            guard batch.isSifted else {
                sifted[index].committed.stored += batch.entries.count
                continue
            }
            for (place, entry) in batch.entries.enumerated() {
                candidates.append(
                    Candidate(
                        key: entry.key.scoped(to: number),
                        content: entry.content,
                        batch: Int32(index),
                        entry: Int32(place)
                    )
                )
            }
        }
        // Equal keys stay in the order they came in: the first of them is the record, the others come again.
        candidates.sort {
            $0.key != $1.key ? $0.key < $1.key : ($0.batch, $0.entry) < ($1.batch, $1.entry)
        }
        var distinct: [KeyDigest] = []
        distinct.reserveCapacity(total)
        for candidate in candidates where candidate.key != distinct.last { distinct.append(candidate.key) }
        let found = try keys.find(distinct)
        var index = -1
        var present: KeyDigest?
        var known: [UInt64] = []
        for candidate in candidates {
            if candidate.key != present {
                present = candidate.key
                index += 1
                known = found[index] ?? []
            }
            let batch = Int(candidate.batch)
            if known.contains(candidate.content) {
                sifted[batch].committed.duplicate += 1
                keep[batch][Int(candidate.entry)] = false
                continue
            }
            if !known.isEmpty {
                sifted[batch].committed.changed += 1
                if batches[batch].onChange == .drop {
                    keep[batch][Int(candidate.entry)] = false
                    continue
                }
            }
            known.append(candidate.content)
            sifted[batch].committed.stored += 1
            if batches[batch].entries[Int(candidate.entry)].isRedacted {
                sifted[batch].committed.redacted += 1
            }
            if batches[batch].isLate { sifted[batch].committed.late += 1 }
        }
        for index in sifted.indices {
            sifted[index].kept = runs(keep[index])
            if sifted[index].committed.stored > 0 {
                sifted[index].committed.newestEvent = batches[index].newestEvent
            }
        }
        return sifted
    }

    /// The indices that are true, as runs.
    private func runs(_ flags: [Bool]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for (index, flag) in flags.enumerated() {
            if flag {
                start = start ?? index
            } else if let first = start {
                runs.append(first..<index)
                start = nil
            }
        }
        if let start { runs.append(start..<flags.count) }
        return runs
    }

    // MARK: storing

    /// Moves everything that the batches move, and the committed end, in one transaction.
    package func apply(_ group: [Sifted], end: JournalEnd) throws {
        var written = KeyTables.Written()
        do {
            try database.transaction { () throws(StoreFailure) in
                var entries: [Int: [KeyEntry]] = [:]
                for sifted in group { try apply(sifted, collecting: &entries) }
                for (day, entries) in entries.sorted(by: { $0.key < $1.key }) {
                    try keys.insert(entries.sorted(), day: day, into: &written)
                }
                for segment in end.closed {
                    try database.run(
                        "INSERT OR REPLACE INTO segments(number, length, closed) VALUES (?1, ?2, ?3)",
                        .number(segment.number),
                        .integer(segment.length),
                        .time(segment.closed)
                    )
                }
                try setMeta("segment", Int64(end.position.segment))
                try setMeta("offset", end.position.offset)
                CrashPoint.hit(.inTransaction)
            }
        } catch {
            forgetNumbers()
            throw error
        }
        keys.noteCommitted(written)
        do {
            try keys.settleIfNeeded()
        } catch {
            // The keys are safe where they are; merging them is tried again with the next group.
            log.warning("merging remembered keys failed", ["error": error.description])
        }
    }

    private func apply(_ sifted: Sifted, collecting entries: inout [Int: [KeyEntry]]) throws(StoreFailure) {
        let batch = sifted.batch
        let number = try number(of: batch.stream)
        for effect in batch.effects { try apply(effect, to: batch.stream, number: number) }
        if let item = batch.contentID {
            try remember(item, availability: batch.availability, number: number)
        }
        if let row = batch.row {
            var counts = batch.counts
            counts.stored += sifted.committed.stored
            counts.duplicate += sifted.committed.duplicate
            counts.changed += sifted.committed.changed
            counts.late += sifted.committed.late
            // A line that came again was not stored again, blackened or not.
            counts.redacted = sifted.committed.redacted
            try add(counts, from: row, relisted: batch.isLate, number: number)
        }
        guard batch.isSifted else { return }
        let remembered = batch.renewsKeys ? [0..<batch.entries.count] : sifted.kept
        let day = KeyTables.day(of: batch.availability)
        for run in remembered where !run.isEmpty {
            for entry in batch.entries[run] {
                entries[day, default: []].append(
                    KeyEntry(
                        key: entry.key.scoped(to: number),
                        content: entry.content,
                        stream: UInt32(truncatingIfNeeded: number)
                    )
                )
            }
        }
    }
}
