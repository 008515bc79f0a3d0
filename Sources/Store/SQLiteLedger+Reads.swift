// SPDX-License-Identifier: Apache-2.0
package import Basics
import Connectors
import JSON
package import Status

extension SQLiteLedger {
    /// All customers, by id.
    package func customers() throws -> [Customer] {
        try database.rows("SELECT id, name, created FROM customers ORDER BY id") {
            (row) throws(StoreFailure) in
            Customer(id: row.text(0), name: row.text(1), created: row.time(2))
        }
    }

    /// All registrations, oldest first.
    package func registrations() throws -> [Registration] {
        try database.rows(
            "SELECT id, cloud, tenant, client_key, body, created FROM registrations ORDER BY created, id"
        ) { (row) throws(StoreFailure) in
            registration(row)
        }
    }

    func registration(_ row: Row) -> Registration {
        let body = row.json(4)
        return Registration(
            id: row.text(0),
            cloud: row.text(1),
            tenant: row.text(2),
            clientKey: row.text(3),
            current: body["current"].flatMap { Credential(body: $0, role: .current) },
            next: body["next"].flatMap { Credential(body: $0, role: .next) },
            created: row.time(5)
        )
    }

    /// All connections, by customer and name.
    package func connections() throws -> [Connection] {
        try database.rows(
            "SELECT customer, connection, body FROM connections ORDER BY customer, connection"
        ) { (row) throws(StoreFailure) in try connection(row) }
    }

    /// What people agreed to of the home's own definitions and flows, by kind and id.
    package func trusts() throws -> [Trust] {
        try database.rows("SELECT kind, id, digest, by, at FROM trusts ORDER BY kind, id") {
            (row) throws(StoreFailure) in
            // A kind that a later version knows is trust in nothing that this one reads.
            Trust.Kind(rawValue: row.text(0)).map {
                Trust(kind: $0, id: row.text(1), digest: row.text(2), by: row.text(3), at: row.time(4))
            }
        }
        .compactMap(\.self)
    }

    /// The flows that were begun and are not over, the oldest first.
    package func flows() throws -> [FlowRecord] {
        try database.rows("SELECT id, flow, begun, touched, body FROM flows ORDER BY begun, id") {
            (row) throws(StoreFailure) in
            FlowRecord(
                id: row.text(0),
                flow: row.text(1),
                begun: row.time(2),
                touched: row.time(3),
                body: row.json(4)
            )
        }
    }

    /// What happened to a connection's set-up by itself, newest first.
    package func events(of key: ConnectionKey) throws -> [ConnectionEvent] {
        try database.rows(
            "SELECT at, words FROM events WHERE customer = ?1 AND connection = ?2 ORDER BY id DESC",
            .text(key.customer),
            .text(key.connection)
        ) { (row) throws(StoreFailure) in ConnectionEvent(at: row.time(0), words: row.text(1)) }
    }

    /// One connection, by its key.
    package func connection(_ key: ConnectionKey) throws -> Connection? { try find(key) }

    func find(_ key: ConnectionKey) throws(StoreFailure) -> Connection? {
        try database.first(
            "SELECT customer, connection, body FROM connections WHERE customer = ?1 AND connection = ?2",
            .text(key.customer),
            .text(key.connection)
        ) { (row) throws(StoreFailure) in try connection(row) }
    }

    private func connection(_ row: Row) throws(StoreFailure) -> Connection {
        let key = ConnectionKey(customer: row.text(0), connection: row.text(1))
        guard let connection = Connection(key: key, body: row.json(2)) else {
            throw .corrupt(path: database.path, reason: "connection \(key) does not read")
        }
        return connection
    }

    /// What is known of a connection as a whole.
    package func connectionFacts(_ key: ConnectionKey) throws -> ConnectionFacts {
        try database.first(
            "SELECT facts FROM connections WHERE customer = ?1 AND connection = ?2",
            .text(key.customer),
            .text(key.connection)
        ) { (row) throws(StoreFailure) in ConnectionFacts(body: row.json(0)) } ?? ConnectionFacts()
    }

    /// The facts of a stream; fresh ones where nothing is known yet.
    package func facts(of stream: StreamKey) throws -> StreamFacts {
        var facts =
            try database.first(
                "SELECT facts FROM streams WHERE customer = ?1 AND connection = ?2 AND stream = ?3",
                .text(stream.customer),
                .text(stream.connection),
                .text(stream.stream)
            ) { (row) throws(StoreFailure) in StreamFacts(json: row.json(0)) } ?? StreamFacts()
        // Cycles write facts that they read before; what stands is what the issues say now.
        facts.standing = Issue.standing(try issues(.stream(stream), openOnly: true))
        return facts
    }

    /// The facts of every stream that has any.
    package func allFacts() throws -> [StreamKey: StreamFacts] {
        let pairs = try database.rows(
            "SELECT customer, connection, stream, facts FROM streams WHERE facts IS NOT NULL"
        ) { (row) throws(StoreFailure) in (key(row), StreamFacts(json: row.json(3))) }
        var facts = Dictionary(pairs) { $1 }
        let open = Dictionary(grouping: try issues(.all, openOnly: true), by: \.stream)
        for stream in facts.keys { facts[stream]?.standing = Issue.standing(open[stream] ?? []) }
        return facts
    }

    func key(_ row: Row) -> StreamKey {
        StreamKey(customer: row.text(0), connection: row.text(1), stream: row.text(2))
    }

    /// A cursor of the stream, by its name.
    package func cursor(_ name: String, of stream: StreamKey) throws -> String? {
        guard let number = try knownNumber(of: stream) else { return nil }
        return try database.first(
            "SELECT value FROM cursors WHERE stream = ?1 AND name = ?2",
            .integer(number),
            .text(name)
        ) { (row) throws(StoreFailure) in row.text(0) }
    }

    /// When a step was last begun in its scope.
    package func begun(step: String, scope: StepScope, stream: StreamKey) throws -> Timestamp? {
        let number = try knownNumber(of: stream) ?? -1
        return try database.first(
            "SELECT begun FROM steps WHERE scope = ?1 AND step = ?2",
            .text(name(scope, stream: stream, number: number)),
            .text(step)
        ) { (row) throws(StoreFailure) in row.time(0) }
    }

    // MARK: coverage, gaps, parked and remembered items

    /// The stream's coverage rows that end after `since`, oldest first.
    package func coverage(of stream: StreamKey, since: Timestamp?) throws -> [CoverageRow] {
        guard let number = try knownNumber(of: stream) else { return [] }
        return try coverage(number, of: stream, since: since)
    }

    func coverage(_ number: Int64, of stream: StreamKey, since: Timestamp?) throws(StoreFailure)
        -> [CoverageRow]
    {
        try database.rows(
            """
            SELECT start, end, state, attempts, last_error, next_try, history, relisted,
                listed, fetched, stored, duplicate, late, changed, dropped, redacted, lost, unmatched
            FROM coverage WHERE stream = ?1 AND end > ?2 ORDER BY start, relisted
            """,
            .integer(number),
            .integer(since?.nanoseconds ?? .min)
        ) { (row) throws(StoreFailure) in
            guard let state = CoverageState(rawValue: row.text(2)) else {
                throw .corrupt(path: database.path, reason: "coverage of \(stream) has an unknown state")
            }
            return CoverageRow(
                stream: stream,
                from: row.time(0),
                to: row.time(1),
                state: state,
                counts: Counts(
                    listed: row.int(8),
                    fetched: row.int(9),
                    stored: row.int(10),
                    duplicate: row.int(11),
                    late: row.int(12),
                    changed: row.int(13),
                    dropped: row.int(14),
                    redacted: row.int(15),
                    lost: row.int(16),
                    unmatched: row.int(17)
                ),
                attempts: row.int(3),
                lastError: row.optionalText(4),
                nextTry: row.optionalTime(5),
                history: row.flag(6),
                relisted: row.flag(7)
            )
        }
    }

    /// Gaps of a stream, a connection, a customer or all, newest last.
    package func gaps(_ scope: GapScope, openOnly: Bool) throws -> [Gap] {
        let (sql, cells) = clause(scope)
        return try database.rows(
            """
            SELECT s.customer, s.connection, s.stream, g.id, g.kind, g.start, g.end, g.item, g.cause, g.how,
                g.detected, g.recoverable_until, g.recovered, g.lost, g.held, g.note, g.attempts, g.next_try
            FROM gaps g JOIN streams s ON s.number = g.stream
            WHERE \(sql) \(openOnly ? "AND g.recovered IS NULL AND g.lost = 0" : "") ORDER BY g.id
            """,
            cells: cells
        ) { (row) throws(StoreFailure) in
            Gap(
                id: row.integer(3),
                stream: key(row),
                kind: Gap.Kind(rawValue: row.text(4)) ?? .span,
                from: row.time(5),
                to: row.time(6),
                item: row.optionalText(7),
                cause: FaultClass(rawValue: row.text(8)) ?? .bug,
                how: row.text(9),
                detected: row.time(10),
                recoverableUntil: row.optionalTime(11),
                recovered: row.optionalTime(12),
                lost: row.flag(13),
                held: row.flag(14),
                note: row.optionalText(15),
                attempts: row.int(16),
                nextTry: row.optionalTime(17)
            )
        }
    }

    /// The items that wait to be tried again, soonest first.
    package func parked(of stream: StreamKey) throws -> [ParkedItem] {
        guard let number = try knownNumber(of: stream) else { return [] }
        return try database.rows(
            """
            SELECT item, listed, availability, expires, attempts, next_try, last_error, row
            FROM parked WHERE stream = ?1 ORDER BY next_try, item
            """,
            .integer(number)
        ) { (row) throws(StoreFailure) in
            ParkedItem(
                stream: stream,
                item: row.text(0),
                listed: row.blob(1),
                availability: row.time(2),
                expires: row.optionalTime(3),
                attempts: row.int(4),
                nextTry: row.time(5),
                lastError: row.optionalText(6),
                row: row.optionalTime(7)
            )
        }
    }

    /// Which of the items have been stored already.
    package func remembered(_ items: [String], of stream: StreamKey) throws -> Set<String> {
        guard let number = try knownNumber(of: stream) else { return [] }
        var known: Set<String> = []
        for item in items {
            let found = try database.first(
                "SELECT 1 FROM items WHERE stream = ?1 AND item = ?2",
                .integer(number),
                .blob(digest(item))
            ) { (_) throws(StoreFailure) in true }
            if found == true { known.insert(item) }
        }
        return known
    }

    // MARK: host, states, deliveries

    /// The host's last sign of life.
    package func tick() throws -> HostFacts? {
        try database.first("SELECT body FROM host") { (row) throws(StoreFailure) in
            HostFacts(body: row.json(0))
        }
    }

    /// The state the host last gave each stream.
    package func states() throws -> [StreamKey: Standing] {
        let pairs = try database.rows(
            "SELECT customer, connection, stream, standing FROM streams WHERE standing IS NOT NULL"
        ) { (row) throws(StoreFailure) in (key(row), Standing(json: row.json(3))) }
        return Dictionary(pairs.compactMap { pair in pair.1.map { (pair.0, $0) } }) { $1 }
    }

    /// State changes, newest first.
    package func transitions(_ scope: GapScope, since: Timestamp?) throws -> [RecordedChange] {
        let (sql, cells) = clause(scope)
        return try database.rows(
            """
            SELECT s.customer, s.connection, s.stream, c.at, c.body
            FROM changes c JOIN streams s ON s.number = c.stream
            WHERE \(sql) AND c.at >= \(since?.nanoseconds ?? .min) ORDER BY c.id DESC
            """,
            cells: cells
        ) { (row) throws(StoreFailure) -> RecordedChange? in
            StateChange(at: row.time(3), body: row.json(4)).map {
                RecordedChange(stream: key(row), change: $0)
            }
        }
        .compactMap(\.self)
    }

    /// How far a destination has come; `nil` for one that has not begun.
    package func delivered(_ destination: String) throws -> JournalPosition? {
        try database.first(
            "SELECT segment, offset FROM deliveries WHERE destination = ?1",
            .text(destination)
        ) { (row) throws(StoreFailure) in JournalPosition(segment: row.int(0), offset: row.integer(1)) }
    }

    /// The files that a destination has written, by path below its folder, in order.
    package func files(_ destination: String) throws -> [String] {
        try database.rows(
            "SELECT path FROM delivered_files WHERE destination = ?1 ORDER BY path",
            .text(destination)
        ) { (row) throws(StoreFailure) in row.text(0) }
    }

    /// The lengths that a destination's files had when its cursor last moved.
    package func lengths(_ destination: String, of files: [String]) throws -> [String: Int64] {
        var lengths: [String: Int64] = [:]
        for file in files {
            lengths[file] = try database.first(
                "SELECT length FROM delivered_files WHERE destination = ?1 AND path = ?2",
                .text(destination),
                .text(file)
            ) { (row) throws(StoreFailure) in row.integer(0) }
        }
        return lengths
    }
}
