// SPDX-License-Identifier: Apache-2.0

/// The tables of the ledger, and the numbered steps that lead to them.
enum Schema {
    /// Each step takes a ledger from its place in the list to the next version; written ones never change.
    static let migrations = [
        """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE host(id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL) STRICT;
        CREATE TABLE customers(id TEXT PRIMARY KEY, name TEXT NOT NULL, created INTEGER NOT NULL) STRICT;
        CREATE TABLE registrations(
            id TEXT PRIMARY KEY, cloud TEXT NOT NULL, tenant TEXT NOT NULL, client_key TEXT NOT NULL,
            body TEXT NOT NULL, created INTEGER NOT NULL, UNIQUE (cloud, tenant, client_key)) STRICT;
        CREATE TABLE connections(
            customer TEXT NOT NULL, connection TEXT NOT NULL, body TEXT NOT NULL, facts TEXT,
            PRIMARY KEY (customer, connection)) STRICT;
        CREATE TABLE streams(
            number INTEGER PRIMARY KEY, customer TEXT NOT NULL, connection TEXT NOT NULL, stream TEXT NOT NULL,
            facts TEXT, standing TEXT, UNIQUE (customer, connection, stream)) STRICT;
        CREATE TABLE cursors(
            stream INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (stream, name)) STRICT, WITHOUT ROWID;
        CREATE TABLE steps(
            scope TEXT NOT NULL, step TEXT NOT NULL, begun INTEGER NOT NULL,
            PRIMARY KEY (scope, step)) STRICT, WITHOUT ROWID;
        CREATE TABLE coverage(
            stream INTEGER NOT NULL, start INTEGER NOT NULL, relisted INTEGER NOT NULL, end INTEGER NOT NULL,
            state TEXT NOT NULL, listed INTEGER NOT NULL, fetched INTEGER NOT NULL, stored INTEGER NOT NULL,
            duplicate INTEGER NOT NULL, late INTEGER NOT NULL, changed INTEGER NOT NULL, dropped INTEGER NOT NULL,
            redacted INTEGER NOT NULL, lost INTEGER NOT NULL, attempts INTEGER NOT NULL, last_error TEXT,
            next_try INTEGER, history INTEGER NOT NULL,
            PRIMARY KEY (stream, start, relisted)) STRICT, WITHOUT ROWID;
        CREATE TABLE gaps(
            id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, kind TEXT NOT NULL, start INTEGER NOT NULL,
            end INTEGER NOT NULL, item TEXT, cause TEXT NOT NULL, how TEXT NOT NULL, detected INTEGER NOT NULL,
            recoverable_until INTEGER, recovered INTEGER, lost INTEGER NOT NULL, held INTEGER NOT NULL, note TEXT,
            attempts INTEGER NOT NULL, next_try INTEGER) STRICT;
        CREATE INDEX gaps_by_stream ON gaps(stream, start);
        CREATE TABLE parked(
            stream INTEGER NOT NULL, item TEXT NOT NULL, listed BLOB NOT NULL, availability INTEGER NOT NULL,
            expires INTEGER, attempts INTEGER NOT NULL, next_try INTEGER NOT NULL, last_error TEXT, row INTEGER,
            PRIMARY KEY (stream, item)) STRICT, WITHOUT ROWID;
        CREATE TABLE items(
            stream INTEGER NOT NULL, item BLOB NOT NULL, day INTEGER NOT NULL,
            PRIMARY KEY (stream, item)) STRICT, WITHOUT ROWID;
        CREATE TABLE changes(
            id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
        CREATE INDEX changes_by_stream ON changes(stream, at);
        CREATE TABLE segments(number INTEGER PRIMARY KEY, length INTEGER NOT NULL, closed INTEGER NOT NULL) STRICT;
        CREATE TABLE deliveries(
            destination TEXT PRIMARY KEY, segment INTEGER NOT NULL, offset INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE delivered_files(
            destination TEXT NOT NULL, path TEXT NOT NULL, length INTEGER NOT NULL,
            PRIMARY KEY (destination, path)) STRICT, WITHOUT ROWID;
        CREATE TABLE key_runs(
            run INTEGER PRIMARY KEY, day INTEGER NOT NULL, settled INTEGER NOT NULL, count INTEGER NOT NULL,
            fences BLOB NOT NULL, filter BLOB NOT NULL) STRICT;
        INSERT INTO meta VALUES ('segment', 1), ('offset', 0);
        """,
        """
        CREATE TABLE held(
            id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, side TEXT NOT NULL, key TEXT NOT NULL,
            version TEXT NOT NULL, collected INTEGER NOT NULL, matched INTEGER NOT NULL, event BLOB NOT NULL,
            UNIQUE (stream, side, key, version)) STRICT;
        CREATE INDEX held_by_age ON held(stream, collected);
        CREATE TABLE held_refs(
            stream INTEGER NOT NULL, ref TEXT NOT NULL, held INTEGER NOT NULL,
            PRIMARY KEY (stream, ref, held)) STRICT, WITHOUT ROWID;
        CREATE INDEX held_refs_by_held ON held_refs(held);
        CREATE TABLE issues(
            id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, watch TEXT NOT NULL, severity TEXT NOT NULL,
            cause TEXT NOT NULL, seen INTEGER NOT NULL, closed INTEGER) STRICT;
        CREATE UNIQUE INDEX issues_open ON issues(stream, watch) WHERE closed IS NULL;
        ALTER TABLE coverage ADD COLUMN unmatched INTEGER NOT NULL DEFAULT 0;
        """,
        """
        CREATE TABLE trusts(
            connector TEXT PRIMARY KEY, digest TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
        """,
        """
        CREATE TABLE events(
            id INTEGER PRIMARY KEY, customer TEXT NOT NULL, connection TEXT NOT NULL, at INTEGER NOT NULL,
            words TEXT NOT NULL) STRICT;
        CREATE INDEX events_by_connection ON events(customer, connection, at);
        """,
        // The members of the sets that are compared as a whole.
        """
        CREATE TABLE members(
            stream INTEGER NOT NULL, key BLOB NOT NULL, name BLOB NOT NULL, versions BLOB NOT NULL,
            turns INTEGER NOT NULL, missed INTEGER NOT NULL, gone INTEGER,
            PRIMARY KEY (stream, key)) STRICT, WITHOUT ROWID;
        """,
        // What people ask of the host, and what they let stand.
        """
        CREATE TABLE wakes(stream INTEGER PRIMARY KEY) STRICT;
        CREATE TABLE acks(
            issue TEXT PRIMARY KEY, connection TEXT NOT NULL, by TEXT NOT NULL, reason TEXT NOT NULL,
            at INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;
        """,
        """
        CREATE TABLE flows(
            id TEXT PRIMARY KEY, flow TEXT NOT NULL, begun INTEGER NOT NULL, touched INTEGER NOT NULL,
            body TEXT NOT NULL) STRICT;
        """,
        // Flows are agreed to as well, and may be called as a connector is.
        """
        ALTER TABLE trusts RENAME TO connector_trusts;
        CREATE TABLE trusts(
            kind TEXT NOT NULL, id TEXT NOT NULL, digest TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (kind, id)) STRICT;
        INSERT INTO trusts SELECT 'connector', connector, digest, by, at FROM connector_trusts;
        DROP TABLE connector_trusts;
        """,
    ]

    static var version: Int { migrations.count }

    /// The tables that are checked at every start; those that grow with the records are checked as they are read.
    static let core = [
        "meta", "host", "customers", "registrations", "connections", "streams", "cursors", "steps",
        "segments",
        "deliveries", "parked", "issues", "trusts",
    ]

    /// Reads the list of tables, so that damage is told before anything is written.
    static func probe(_ database: Database) throws(StoreFailure) {
        do {
            _ = try database.first("SELECT count(*) FROM sqlite_schema") { (row) throws(StoreFailure) in
                row.int(0)
            }
        } catch {
            // A header that makes no sense comes as a plain error of the statement.
            guard case .database(1, let message) = error else { throw error }
            throw .corrupt(path: database.path, reason: message)
        }
    }

    /// Brings a ledger to the present version, in one transaction.
    static func migrate(_ database: Database) throws(StoreFailure) {
        func present() throws(StoreFailure) -> Int {
            try database.first("PRAGMA user_version") { (row) throws(StoreFailure) in row.int(0) } ?? 0
        }
        let found = try present()
        guard found <= version else {
            throw .tooNew(path: database.path, version: found, known: version)
        }
        guard found < version else { return }
        try database.transaction { () throws(StoreFailure) in
            // Another process may have been faster.
            for step in try present()..<version {
                try database.execute(migrations[step])
                try database.execute("PRAGMA user_version = \(step + 1)")
            }
        }
    }

    /// Reads the small tables whole, so that damage is told at the start and not in the middle of the night.
    static func check(_ database: Database) throws(StoreFailure) {
        for table in core { try check(database, "PRAGMA quick_check(\(table))") }
    }

    /// Looks at every table, which takes the longer the more a ledger holds.
    static func checkAll(_ database: Database) throws(StoreFailure) {
        try check(database, "PRAGMA quick_check(1)")
    }

    private static func check(_ database: Database, _ pragma: String) throws(StoreFailure) {
        let words = try database.rows(pragma) { (row) throws(StoreFailure) in row.text(0) }
        if let word = words.first, word != "ok" { throw .corrupt(path: database.path, reason: word) }
    }
}
