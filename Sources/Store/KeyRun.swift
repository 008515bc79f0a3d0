// SPDX-License-Identifier: Apache-2.0

/// Goes through the entries of one run in order, a chunk in memory at a time.
struct RunCursor {
    private let database: Database?
    private let select: String
    private var row: Int64
    private var bytes: [UInt8] = []
    private var entries: [KeyEntry] = []
    private var place = 0

    init(_ database: Database, table: String, run: Int64) {
        self.database = database
        select = "SELECT entries FROM \(table) WHERE id = ?1"
        row = run << KeyTables.chunkBits
    }

    /// Goes through entries that are in memory already.
    init(_ entries: [KeyEntry]) {
        database = nil
        select = ""
        row = 0
        self.entries = entries
    }

    mutating func next() throws(StoreFailure) -> KeyEntry? {
        guard let database else {
            guard place < entries.count else { return nil }
            defer { place += 1 }
            return entries[place]
        }
        if place >= bytes.count / KeyEntry.size {
            bytes =
                try database.first(select, .integer(row)) { (row) throws(StoreFailure) in row.blob(0) } ?? []
            guard !bytes.isEmpty else { return nil }
            row += 1
            place = 0
        }
        defer { place += 1 }
        return bytes.withUnsafeBytes { KeyEntry($0, place) }
    }
}

/// Writes sorted entries as chunks of one run, and its row with fences and filter at the end.
struct RunWriter {
    private let database: Database
    private let table: String
    private let run: Int64
    private let day: Int
    private var filter: KeyFilter?
    private var fences: [UInt64] = []
    private var bytes: [UInt8] = []
    private var chunks: Int64 = 0
    private(set) var count = 0
    private var last: KeyEntry?

    /// `filtered` is how many entries a settled run will have at most; a young one has no filter.
    init(_ database: Database, table: String, run: Int64, day: Int, filtered: Int?) {
        self.database = database
        self.table = table
        self.run = run
        self.day = day
        filter = filtered.map { KeyFilter(count: $0) }
        bytes.reserveCapacity(KeyTables.chunk * KeyEntry.size)
    }

    mutating func append(_ entry: KeyEntry) throws(StoreFailure) {
        guard entry != last else { return }
        last = entry
        if bytes.isEmpty { fences.append(entry.key.high) }
        entry.append(to: &bytes)
        filter?.insert(entry.key)
        count += 1
        if bytes.count >= KeyTables.chunk * KeyEntry.size { try flush() }
    }

    private mutating func flush() throws(StoreFailure) {
        guard !bytes.isEmpty else { return }
        try database.run(
            "INSERT INTO \(table)(id, entries) VALUES (?1, ?2)",
            .integer(run << KeyTables.chunkBits | chunks),
            .blob(bytes)
        )
        chunks += 1
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func finish() throws(StoreFailure) -> KeyTables.Run {
        try flush()
        let isSettled = filter != nil
        try database.run(
            "INSERT INTO key_runs(run, day, settled, count, fences, filter) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            .integer(run),
            .number(day),
            .flag(isSettled),
            .number(count),
            .blob(isSettled ? fences.withUnsafeBytes { Array($0) } : []),
            .blob(filter?.bytes ?? [])
        )
        return KeyTables.Run(
            number: run,
            day: day,
            count: count,
            fences: fences,
            filter: filter ?? KeyFilter(count: 0)
        )
    }

    /// Leaves nothing behind of a run without entries.
    mutating func abandon() throws(StoreFailure) { bytes.removeAll() }
}
