// SPDX-License-Identifier: Apache-2.0
package import Basics
import Status

/// The ledger in a SQLite file, on a thread of its own.
///
/// Several processes may have it open: the host, and commands that look or change the set-up. Every write is one
/// short transaction and on disk when the call returns.
package actor SQLiteLedger: Ledger {
    let database: Database
    let keys: KeyTables
    let time: any TimeSource
    let log: Log
    private let executor = ThreadExecutor("headgate-ledger")
    private var numbers: [StreamKey: Int64] = [:]
    private var dataVersion: Int64 = -1

    /// Runs on the ledger's own thread.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens the ledger of `home`, making or migrating it; refuses one that is damaged or newer.
    package init(home: Home, time: any TimeSource = SystemTime(), log: Log = .silent) throws(StoreFailure) {
        database = try Database(path: home.ledger)
        try Schema.probe(database)
        try database.execute("PRAGMA journal_mode=WAL")
        try database.execute("PRAGMA synchronous=FULL")
        try database.execute("PRAGMA wal_autocheckpoint=2000")
        try database.execute("PRAGMA journal_size_limit=33554432")
        // Reading the filters fills the cache with pages that nobody asks for again.
        try database.execute("PRAGMA cache_size=-1000")
        try Schema.migrate(database)
        try Schema.check(database)
        keys = KeyTables(database)
        self.time = time
        self.log = log
    }

    /// Makes all changes in one short transaction, or none of them.
    package func write(_ changes: [LedgerChange]) throws {
        guard !changes.isEmpty else { return }
        do {
            try database.transaction { () throws(StoreFailure) in
                for change in changes { try make(change) }
            }
        } catch {
            numbers.removeAll()
            throw error
        }
    }

    /// Whether another process has written anything since the last call.
    package func changed() throws -> Bool {
        let version =
            try database.first("PRAGMA data_version") { (row) throws(StoreFailure) in row.integer(0) } ?? 0
        defer { dataVersion = version }
        return dataVersion != -1 && version != dataVersion
    }

    // MARK: numbers of streams

    /// The number of a stream, given out once for good so that its keys outlive taking it off and adding it again.
    func number(of stream: StreamKey) throws(StoreFailure) -> Int64 {
        if let number = try knownNumber(of: stream) { return number }
        try database.run(
            "INSERT INTO streams(customer, connection, stream) VALUES (?1, ?2, ?3)",
            .text(stream.customer),
            .text(stream.connection),
            .text(stream.stream)
        )
        let number = database.lastRow
        numbers[stream] = number
        return number
    }

    /// Forgets numbers that a rolled-back transaction may have given out.
    func forgetNumbers() { numbers.removeAll() }

    func knownNumber(of stream: StreamKey) throws(StoreFailure) -> Int64? {
        if let number = numbers[stream] { return number }
        let number = try database.first(
            "SELECT number FROM streams WHERE customer = ?1 AND connection = ?2 AND stream = ?3",
            .text(stream.customer),
            .text(stream.connection),
            .text(stream.stream)
        ) { (row) throws(StoreFailure) in row.integer(0) }
        if let number { numbers[stream] = number }
        return number
    }

    /// The part of a WHERE clause, with its cells, that takes the streams of a scope.
    func clause(_ scope: GapScope) -> (sql: String, cells: [Cell]) {
        switch scope {
        case .all: ("1", [])
        case .customer(let customer): ("s.customer = ?1", [.text(customer)])
        case .connection(let key):
            ("s.customer = ?1 AND s.connection = ?2", [.text(key.customer), .text(key.connection)])
        case .stream(let key):
            (
                "s.customer = ?1 AND s.connection = ?2 AND s.stream = ?3",
                [.text(key.customer), .text(key.connection), .text(key.stream)]
            )
        }
    }
}
