// SPDX-License-Identifier: Apache-2.0
import CSQLite
import Glibc

/// One value of a row or of a statement's parameters.
enum Cell: Sendable, Equatable {
    case integer(Int64)
    case text(String)
    case blob([UInt8])
    case null
}

/// One connection to a SQLite file; whoever owns it calls it from one thread at a time.
final class Database {
    let path: String
    private let handle: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]

    /// Opens `path`, making it readable by its owner only where it is not there yet.
    init(path: String, readOnly: Bool = false) throws(StoreFailure) {
        self.path = path
        if !readOnly {
            // Made by us, since SQLite would make it as the mask says; its other files take over this mode.
            close(try Files.open(path, O_RDWR | O_CREAT, mode: 0o600))
        }
        var handle: OpaquePointer?
        let flags = (readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK, let handle else {
            defer { sqlite3_close_v2(handle) }
            let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            throw .database(code: code, message: message)
        }
        self.handle = handle
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, 10_000)
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    /// Runs statements without parameters or rows.
    func execute(_ sql: String) throws(StoreFailure) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
    }

    /// Runs one statement to its end.
    func run(_ sql: String, _ cells: Cell...) throws(StoreFailure) { try run(sql, cells: cells) }

    /// Runs one statement to its end.
    func run(_ sql: String, cells: [Cell]) throws(StoreFailure) {
        try query(sql, cells) { (_: Row) throws(StoreFailure) in }
    }

    /// Runs one statement and makes a value of each row.
    func rows<Made>(
        _ sql: String,
        _ cells: Cell...,
        make: (Row) throws(StoreFailure) -> Made
    ) throws(StoreFailure) -> [Made] {
        try rows(sql, cells: cells, make: make)
    }

    /// Runs one statement and makes a value of each row.
    func rows<Made>(
        _ sql: String,
        cells: [Cell],
        make: (Row) throws(StoreFailure) -> Made
    ) throws(StoreFailure) -> [Made] {
        var made: [Made] = []
        try query(sql, cells) { (row: Row) throws(StoreFailure) in made.append(try make(row)) }
        return made
    }

    /// Runs one statement and makes a value of its first row.
    func first<Made>(
        _ sql: String,
        _ cells: Cell...,
        make: (Row) throws(StoreFailure) -> Made
    ) throws(StoreFailure) -> Made? {
        var made: Made?
        try query(sql, cells) { (row: Row) throws(StoreFailure) in if made == nil { made = try make(row) } }
        return made
    }

    /// How many rows the last statement has changed.
    var changes: Int { Int(sqlite3_changes64(handle)) }

    /// The number of the last row inserted.
    var lastRow: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Runs `body` in one transaction: all of it, or nothing.
    func transaction<Result>(_ body: () throws(StoreFailure) -> Result) throws(StoreFailure) -> Result {
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // A failure may have ended the transaction already; then there is nothing to roll back.
            if sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
            throw error
        }
    }

    /// Copies the whole database as one consistent state to `path`, beside any writer.
    func copy(to path: String) throws(StoreFailure) {
        let target = try Database(path: path)
        guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else {
            throw target.failure()
        }
        let code = sqlite3_backup_step(backup, -1)
        sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE else {
            throw .database(code: code, message: String(cString: sqlite3_errstr(code)))
        }
    }

    // MARK: statements

    private func query(
        _ sql: String,
        _ cells: [Cell],
        _ each: (Row) throws(StoreFailure) -> Void
    ) throws(StoreFailure) {
        let statement = try prepared(sql)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, cell) in cells.enumerated() { try bind(cell, at: Int32(index + 1), of: statement) }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: try each(Row(statement: statement))
            case SQLITE_DONE: return
            default: throw failure()
            }
        }
    }

    private func prepared(_ sql: String) throws(StoreFailure) -> OpaquePointer {
        if let statement = statements[sql] { return statement }
        var statement: OpaquePointer?
        guard
            sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
                == SQLITE_OK,
            let statement
        else { throw failure() }
        statements[sql] = statement
        return statement
    }

    /// Forgets prepared statements over a table that is about to go.
    func forgetStatements(naming table: String) {
        for (sql, statement) in statements where sql.contains(table) {
            sqlite3_finalize(statement)
            statements[sql] = nil
        }
    }

    private func bind(_ cell: Cell, at index: Int32, of statement: OpaquePointer) throws(StoreFailure) {
        // SQLite copies texts and blobs: the cells need not outlive the step.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        let code =
            switch cell {
            case .integer(let value): sqlite3_bind_int64(statement, index, value)
            case .null: sqlite3_bind_null(statement, index)
            case .text(var value):
                value.withUTF8 { bytes in
                    // An empty text has no address, which SQLite would take for null.
                    bytes.withMemoryRebound(to: CChar.self) {
                        sqlite3_bind_text64(
                            statement,
                            index,
                            $0.baseAddress ?? emptyText,
                            UInt64($0.count),
                            transient,
                            UInt8(SQLITE_UTF8)
                        )
                    }
                }
            case .blob(let value):
                value.withUnsafeBytes {
                    $0.isEmpty
                        ? sqlite3_bind_zeroblob(statement, index, 0)
                        : sqlite3_bind_blob64(statement, index, $0.baseAddress, UInt64($0.count), transient)
                }
            }
        guard code == SQLITE_OK else { throw failure() }
    }

    private func failure() -> StoreFailure {
        let code = sqlite3_extended_errcode(handle)
        let primary = DatabaseCode(extended: code)
        let message = String(cString: sqlite3_errmsg(handle))
        if primary == .corrupt || primary == .notADatabase { return .corrupt(path: path, reason: message) }
        // SQLite tells a full disk as an I/O error in some places; the system's own word decides.
        if SystemError.isFull(sqlite3_system_errno(handle)), primary != .constraint, primary != .busy {
            return .database(code: DatabaseCode.full.rawValue, message: message)
        }
        return .database(code: code, message: message)
    }
}

/// An address for texts that have none.
nonisolated(unsafe) private let emptyText = UnsafePointer<CChar>(strdup(""))

/// The present row of a running statement; it does not outlive the closure it is handed to.
struct Row {
    fileprivate let statement: OpaquePointer

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    func text(_ column: Int32) -> String { optionalText(column) ?? "" }

    func optionalText(_ column: Int32) -> String? {
        guard let text = sqlite3_column_text(statement, column) else { return nil }
        return String(cString: text)
    }

    func flag(_ column: Int32) -> Bool { integer(column) != 0 }

    func blob(_ column: Int32) -> [UInt8] { withBlob(column) { Array($0) } }

    /// Lends the bytes of a blob without copying them.
    func withBlob<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = sqlite3_column_blob(statement, column)
        return body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }
}
