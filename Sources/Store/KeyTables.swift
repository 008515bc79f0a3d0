// SPDX-License-Identifier: Apache-2.0
import Basics

/// The remembered keys: sorted runs in one table a day of availability, found through filters in memory.
///
/// Rows of single keys would touch a page each; beside millions of old keys every commit would then write megabytes.
/// A group's new keys are appended as one sorted run instead. Young runs are small and also stand in memory; when
/// there are many they are merged into settled ones, of which each has a filter of eight bits a key and the first
/// word of each chunk in memory. What is in memory changes after COMMIT only.
final class KeyTables {
    /// A run that is found through its filter.
    struct Run {
        var number: Int64
        var day: Int
        var count: Int
        /// The first word of each chunk.
        var fences: [UInt64]
        var filter: KeyFilter
    }

    /// Run numbers and entry counts of keys that stand in memory, by day.
    struct Young {
        var runs: [Int64] = []
        var count = 0
    }

    /// What a transaction has written and memory does not know yet.
    struct Written {
        var young: [(day: Int, run: Int64, entries: [KeyEntry])] = []
        var settled: [Run] = []
    }

    /// How many keys may be young before they are settled; their table takes 1.3 MB, twice that after a large group.
    static let youngLimit = 20_000
    /// From here on a group's keys settle at once.
    static let settledAtOnce = 16_384
    /// Entries of a chunk: four pages of SQLite.
    static let chunk = 576
    /// A chunk's row is its run's number and its place in it.
    static let chunkBits: Int64 = 20

    let database: Database
    private(set) var settled: [Run] = []
    private(set) var young: [Int: Young] = [:]
    private var youngKeys = YoungKeys()
    private var nextRun: Int64 = 1
    private var isLoaded = false

    init(_ database: Database) { self.database = database }

    static func day(of time: Timestamp) -> Int { Int(time.rounded(downTo: .days(1)).seconds / 86_400) }

    /// The table of a day, named by its date.
    static func table(_ day: Int) -> String {
        "keys_" + Timestamp(seconds: Int64(day) * 86_400).day.filter { $0 != "-" }
    }

    /// All days of which keys are kept.
    var days: [Int] { Set(settled.map(\.day)).union(young.keys).sorted() }

    var youngCount: Int { youngKeys.count }

    func count(of day: Int) -> Int {
        settled.reduce(young[day]?.count ?? 0) { $1.day == day ? $0 + $1.count : $0 }
    }

    /// Reads filters and young keys; nothing but a committer ever needs them.
    func load() throws(StoreFailure) {
        guard !isLoaded else { return }
        var youngRuns: [(run: Int64, day: Int, count: Int)] = []
        let runs = try database.rows(
            "SELECT run, day, settled, count, fences, filter FROM key_runs ORDER BY run"
        ) { (row) throws(StoreFailure) -> Run? in
            nextRun = max(nextRun, row.integer(0) + 1)
            guard row.flag(2) else {
                youngRuns.append((row.integer(0), row.int(1), row.int(3)))
                return nil
            }
            return Run(
                number: row.integer(0),
                day: row.int(1),
                count: row.int(3),
                fences: row.withBlob(4) { $0.isEmpty ? [] : Array($0.bindMemory(to: UInt64.self)) },
                filter: row.withBlob(5) { KeyFilter($0) }
            )
        }
        settled = runs.compactMap(\.self)
        for run in youngRuns {
            var cursor = RunCursor(database, table: Self.table(run.day), run: run.run)
            var entries: [KeyEntry] = []
            while let entry = try cursor.next() { entries.append(entry) }
            remember(entries, day: run.day, run: run.run)
        }
        isLoaded = true
    }

    // MARK: asking

    /// The digests of bytes known for each of the keys, which are sorted and different; by the key's index.
    func find(_ keys: [KeyDigest]) throws(StoreFailure) -> [Int: [UInt64]] {
        var found: [Int: [UInt64]] = [:]
        if youngKeys.count > 0 {
            for (index, key) in keys.enumerated() {
                let known = youngKeys.contents(of: key)
                if !known.isEmpty { found[index] = known }
            }
        }
        var suspects: [Int] = []
        for run in settled {
            suspects.removeAll(keepingCapacity: true)
            for (index, key) in keys.enumerated() where run.filter.mayContain(key) { suspects.append(index) }
            try look(for: suspects, of: keys, in: run, into: &found)
        }
        return found
    }

    /// Suspects are in the order of their keys, so that each chunk is read once.
    private func look(
        for suspects: [Int],
        of keys: [KeyDigest],
        in run: Run,
        into found: inout [Int: [UInt64]]
    ) throws(StoreFailure) {
        guard !suspects.isEmpty else { return }
        let select = "SELECT entries FROM \(Self.table(run.day)) WHERE id = ?1"
        var loaded = -1
        var bytes: [UInt8] = []
        for index in suspects {
            let key = keys[index]
            // Chunks may share their first word: begin with the last one that surely begins before the key.
            var chunk = max(0, run.fences.partitionPoint { $0 >= key.high } - 1)
            let first = chunk
            while chunk < run.fences.count, chunk == first || run.fences[chunk] <= key.high {
                if chunk != loaded {
                    let id = run.number << Self.chunkBits | Int64(chunk)
                    bytes =
                        try database.first(select, .integer(id)) { (row) throws(StoreFailure) in row.blob(0) }
                        ?? []
                    loaded = chunk
                }
                bytes.withUnsafeBytes { bytes in
                    var place = KeyEntry.lowerBound(key, in: bytes)
                    while place < bytes.count / KeyEntry.size, KeyEntry.key(bytes, place) == key {
                        found[index, default: []].append(KeyEntry(bytes, place).content)
                        place += 1
                    }
                }
                chunk += 1
            }
        }
    }

    // MARK: adding

    /// Writes sorted entries of one day as a run, within the caller's transaction.
    func insert(_ entries: [KeyEntry], day: Int, into written: inout Written) throws(StoreFailure) {
        guard !entries.isEmpty else { return }
        if !days.contains(day) { try makeTable(day) }
        if entries.count >= Self.settledAtOnce {
            var writer = writer(day: day, count: entries.count)
            for entry in entries { try writer.append(entry) }
            written.settled.append(try writer.finish())
        } else {
            let run = nextRun
            nextRun += 1
            var writer = RunWriter(database, table: Self.table(day), run: run, day: day, filtered: nil)
            for entry in entries { try writer.append(entry) }
            _ = try writer.finish()
            written.young.append((day, run, entries))
        }
    }

    private func makeTable(_ day: Int) throws(StoreFailure) {
        try database.execute(
            "CREATE TABLE IF NOT EXISTS \(Self.table(day))(id INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT"
        )
    }

    private func writer(day: Int, count: Int) -> RunWriter {
        let run = nextRun
        nextRun += 1
        return RunWriter(database, table: Self.table(day), run: run, day: day, filtered: count)
    }

    /// Takes what was written into memory, once it is committed.
    func noteCommitted(_ written: Written) {
        for part in written.young { remember(part.entries, day: part.day, run: part.run) }
        settled += written.settled
    }

    private func remember(_ entries: [KeyEntry], day: Int, run: Int64) {
        young[day, default: Young()].runs.append(run)
        young[day, default: Young()].count += entries.count
        youngKeys.insert(entries, day: day)
    }

    // MARK: merging

    /// Settles young keys when there are too many of them, the fullest day first.
    func settleIfNeeded() throws(StoreFailure) {
        while youngCount > Self.youngLimit, let fullest = young.max(by: { $0.value.count < $1.value.count }) {
            try merge(fullest.key)
        }
    }

    /// Merges the young keys of a day with those settled runs that are not much larger, so that few runs remain.
    ///
    /// With `everything` all runs become one. With `keeping` only the keys of those streams stay.
    func merge(_ day: Int, everything: Bool = false, keeping: Set<UInt32>? = nil) throws(StoreFailure) {
        let fresh = young[day] ?? Young()
        var total = fresh.count
        var parts: [Run] = []
        for run in settled.filter({ $0.day == day }).sorted(by: { $0.count < $1.count })
        where everything || run.count < 3 * total {
            parts.append(run)
            total += run.count
        }
        guard total > 0, keeping != nil || parts.count > 1 || fresh.count > 0 else { return }
        let table = Self.table(day)
        let freshEntries = youngKeys.entries(of: day)
        let merged = try database.transaction { () throws(StoreFailure) -> Run? in
            var cursors = parts.map { RunCursor(database, table: table, run: $0.number) }
            cursors.append(RunCursor(freshEntries))
            var writer = writer(day: day, count: total)
            try drain(&cursors, keeping: keeping, into: &writer)
            let old = parts.map(\.number) + fresh.runs
            for run in old {
                try database.run(
                    "DELETE FROM \(table) WHERE id >= ?1 AND id < ?2",
                    .integer(run << Self.chunkBits),
                    .integer((run + 1) << Self.chunkBits)
                )
                try database.run("DELETE FROM key_runs WHERE run = ?1", .integer(run))
            }
            guard writer.count > 0 else {
                try writer.abandon()
                return nil
            }
            return try writer.finish()
        }
        _ = youngKeys.take(day)
        young[day] = nil
        let gone = Set(parts.map(\.number))
        settled.removeAll { gone.contains($0.number) }
        if let merged { settled.append(merged) }
    }

    private func drain(
        _ cursors: inout [RunCursor],
        keeping: Set<UInt32>?,
        into writer: inout RunWriter
    ) throws(StoreFailure) {
        var heads: [KeyEntry?] = []
        for index in cursors.indices { heads.append(try cursors[index].next()) }
        while true {
            var least: (index: Int, entry: KeyEntry)?
            for (index, head) in heads.enumerated() {
                if let head, least.map({ head < $0.entry }) ?? true { least = (index, head) }
            }
            guard let least else { return }
            heads[least.index] = try cursors[least.index].next()
            if keeping?.contains(least.entry.stream) ?? true { try writer.append(least.entry) }
        }
    }

    /// Drops a day whole.
    func drop(_ day: Int) throws(StoreFailure) {
        let table = Self.table(day)
        database.forgetStatements(naming: table)
        try database.transaction { () throws(StoreFailure) in
            try database.execute("DROP TABLE IF EXISTS \(table)")
            try database.run("DELETE FROM key_runs WHERE day = ?1", .number(day))
        }
        _ = youngKeys.take(day)
        young[day] = nil
        settled.removeAll { $0.day == day }
    }
}

extension Array {
    /// The number of leading elements for which `isAfter` is false, the array being ordered by it.
    func partitionPoint(_ isAfter: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
