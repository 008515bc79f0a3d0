// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Crypto
import JSON
import Status

extension SQLiteLedger {
    /// Moves one thing of a stream within the running transaction.
    func apply(_ effect: Effect, to stream: StreamKey, number: Int64) throws(StoreFailure) {
        switch effect {
        case .remember(let item, let availability):
            try remember(item, availability: availability, number: number)
        case .coverage(let row): try put(row, number: number)
        case .count(let from, let relisted, let counts):
            try add(counts, from: from, relisted: relisted, number: number)
        case .removeCoverage(let from, let relisted):
            try database.run(
                "DELETE FROM coverage WHERE stream = ?1 AND start = ?2 AND relisted = ?3",
                .integer(number),
                .time(from),
                .flag(relisted)
            )
        case .facts(let facts):
            try database.run(
                "UPDATE streams SET facts = ?2 WHERE number = ?1",
                .integer(number),
                .json(facts.json)
            )
        case .openGap(let gap): try open(gap, number: number)
        case .updateGap(let gap): try update(gap)
        case .park(let item): try park(item, number: number)
        case .resolve(let item, let recovered):
            try database.run(
                "DELETE FROM parked WHERE stream = ?1 AND item = ?2",
                .integer(number),
                .text(item)
            )
            try database.run(
                """
                UPDATE gaps SET recovered = ?3, lost = ?4, next_try = NULL
                WHERE stream = ?1 AND item = ?2 AND recovered IS NULL AND lost = 0
                """,
                .integer(number),
                .text(item),
                .time(recovered),
                .flag(recovered == nil)
            )
        case .begin(let step, let scope, let at):
            try database.run(
                """
                INSERT INTO steps(scope, step, begun) VALUES (?1, ?2, ?3)
                ON CONFLICT(scope, step) DO UPDATE SET begun = excluded.begun
                """,
                .text(name(scope, stream: stream, number: number)),
                .text(step),
                .time(at)
            )
        case .connection(let facts):
            try database.run(
                "UPDATE connections SET facts = ?3 WHERE customer = ?1 AND connection = ?2",
                .text(stream.customer),
                .text(stream.connection),
                .json(facts.body)
            )
        case .members(let members): try put(members, number: number)
        case .cursor(let name, nil):
            try database.run(
                "DELETE FROM cursors WHERE stream = ?1 AND name = ?2",
                .integer(number),
                .text(name)
            )
        case .cursor(let name, let value?):
            try database.run(
                """
                INSERT INTO cursors(stream, name, value) VALUES (?1, ?2, ?3)
                ON CONFLICT(stream, name) DO UPDATE SET value = excluded.value
                """,
                .integer(number),
                .text(name),
                .text(value)
            )
        case .hold(let record): try hold(record, number: number)
        case .match(let held):
            try database.run("UPDATE held SET matched = 1 WHERE id = ?1", .integer(held))
        case .letGo(let before): try letGo(before, number: number)
        case .sighting(let sighting): try note(sighting, of: stream, number: number)
        }
    }

    /// The name under which a step's time is kept.
    func name(_ scope: StepScope, stream: StreamKey, number: Int64) -> String {
        switch scope {
        case .stream: "s:\(number)"
        case .connection: "c:\(stream.connectionKey)"
        case .registration(let id): "r:\(id)"
        }
    }

    /// Content ids are long and only ever compared: sixteen bytes of their digest stand for them.
    func digest(_ item: String) -> [UInt8] { Array(Digest.sha256(Array(item.utf8)).prefix(16)) }

    func remember(_ item: String, availability: Timestamp, number: Int64) throws(StoreFailure) {
        try database.run(
            """
            INSERT INTO items(stream, item, day) VALUES (?1, ?2, ?3)
            ON CONFLICT(stream, item) DO UPDATE SET day = max(day, excluded.day)
            """,
            .integer(number),
            .blob(digest(item)),
            .number(KeyTables.day(of: availability))
        )
    }

    // MARK: coverage

    private static let countColumns = [
        "listed", "fetched", "stored", "duplicate", "late", "changed", "dropped", "redacted", "lost",
        "unmatched",
    ]
    private static let addition = countColumns.map { "\($0) = \($0) + excluded.\($0)" }.joined(
        separator: ", "
    )

    private func put(_ row: CoverageRow, number: Int64) throws(StoreFailure) {
        try database.run(
            """
            INSERT INTO coverage(stream, start, relisted, end, state, attempts, last_error, next_try, history,
                listed, fetched, stored, duplicate, late, changed, dropped, redacted, lost,
                unmatched)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
            ON CONFLICT(stream, start, relisted) DO UPDATE SET end = excluded.end, state = excluded.state,
                attempts = excluded.attempts, last_error = excluded.last_error, next_try = excluded.next_try,
                history = excluded.history, \(Self.addition)
            """,
            .integer(number),
            .time(row.from),
            .flag(row.relisted),
            .time(row.to),
            .text(row.state.rawValue),
            .number(row.attempts),
            .optional(row.lastError),
            .time(row.nextTry),
            .flag(row.history),
            .number(row.counts.listed),
            .number(row.counts.fetched),
            .number(row.counts.stored),
            .number(row.counts.duplicate),
            .number(row.counts.late),
            .number(row.counts.changed),
            .number(row.counts.dropped),
            .number(row.counts.redacted),
            .number(row.counts.lost),
            .number(row.counts.unmatched)
        )
        if row.state.isSettled, !row.relisted { try takeIn(row, number: number) }
    }

    /// Unfinished rows that began inside a settled one, such as windows that were split, end in it with their counts.
    private func takeIn(_ row: CoverageRow, number: Int64) throws(StoreFailure) {
        let inside = """
            FROM coverage WHERE stream = ?1 AND start > ?2 AND start < ?3 AND relisted = 0
                AND state IN ('open', 'failed')
            """
        let sums = Self.countColumns.map { "coalesce(sum(\($0)), 0)" }.joined(separator: ", ")
        let cells: [Cell] = [.integer(number), .time(row.from), .time(row.to)]
        let found = try database.rows("SELECT count(*), \(sums) \(inside)", cells: cells) {
            (found) throws(StoreFailure) in
            (
                found.int(0),
                Counts(
                    listed: found.int(1),
                    fetched: found.int(2),
                    stored: found.int(3),
                    duplicate: found.int(4),
                    late: found.int(5),
                    changed: found.int(6),
                    dropped: found.int(7),
                    redacted: found.int(8),
                    lost: found.int(9)
                )
            )
        }
        guard let (count, counts) = found.first, count > 0 else { return }
        try add(counts, from: row.from, relisted: false, number: number)
        try database.run("DELETE \(inside)", cells: cells)
    }

    /// Adds to the row that holds `from`, which merging may have made longer since.
    func add(_ counts: Counts, from: Timestamp, relisted: Bool, number: Int64) throws(StoreFailure) {
        guard counts != Counts() else { return }
        for relisted in [relisted, !relisted] {
            try database.run(
                """
                UPDATE coverage SET listed = listed + ?4, fetched = fetched + ?5, stored = stored + ?6,
                    duplicate = duplicate + ?7, late = late + ?8, changed = changed + ?9, dropped = dropped + ?10,
                    redacted = redacted + ?11, lost = lost + ?12, unmatched = unmatched + ?13
                WHERE stream = ?1 AND relisted = ?3 AND start =
                    (SELECT max(start) FROM coverage WHERE stream = ?1 AND start <= ?2 AND relisted = ?3)
                """,
                .integer(number),
                .time(from),
                .flag(relisted),
                .number(counts.listed),
                .number(counts.fetched),
                .number(counts.stored),
                .number(counts.duplicate),
                .number(counts.late),
                .number(counts.changed),
                .number(counts.dropped),
                .number(counts.redacted),
                .number(counts.lost),
                .number(counts.unmatched)
            )
            if database.changes > 0 { return }
        }
    }

    // MARK: gaps and parked items

    private func cells(_ gap: Gap) -> [Cell] {
        [
            .text(gap.kind.rawValue), .time(gap.from), .time(gap.to), .optional(gap.item),
            .text(gap.cause.rawValue), .text(gap.how), .time(gap.detected), .time(gap.recoverableUntil),
            .time(gap.recovered), .flag(gap.lost), .flag(gap.held), .optional(gap.note),
            .number(gap.attempts),
            .time(gap.nextTry),
        ]
    }

    private func open(_ gap: Gap, number: Int64) throws(StoreFailure) {
        let same = try database.first(
            """
            SELECT id, detected FROM gaps WHERE stream = ?1 AND start = ?2 AND end = ?3 AND kind = ?4 AND item IS ?5
                AND recovered IS NULL AND lost = 0
            """,
            .integer(number),
            .time(gap.from),
            .time(gap.to),
            .text(gap.kind.rawValue),
            .optional(gap.item)
        ) { (row) throws(StoreFailure) in (row.integer(0), row.time(1)) }
        if let (id, detected) = same {
            var known = gap
            known.id = id
            known.detected = min(detected, gap.detected)
            return try update(known)
        }
        try database.run(
            """
            INSERT INTO gaps(kind, start, end, item, cause, how, detected, recoverable_until, recovered, lost, held,
                note, attempts, next_try, stream)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
            """,
            cells: cells(gap) + [.integer(number)]
        )
    }

    private func update(_ gap: Gap) throws(StoreFailure) {
        guard let id = gap.id else { throw .missing("number of a gap of \(gap.stream)") }
        try database.run(
            """
            UPDATE gaps SET kind = ?1, start = ?2, end = ?3, item = ?4, cause = ?5, how = ?6, detected = ?7,
                recoverable_until = ?8, recovered = ?9, lost = ?10, held = ?11, note = ?12, attempts = ?13,
                next_try = ?14
            WHERE id = ?15
            """,
            cells: cells(gap) + [.integer(id)]
        )
    }

    private func park(_ item: ParkedItem, number: Int64) throws(StoreFailure) {
        try database.run(
            """
            INSERT INTO parked(stream, item, listed, availability, expires, attempts, next_try, last_error, row)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            ON CONFLICT(stream, item) DO UPDATE SET listed = excluded.listed, expires = excluded.expires,
                attempts = excluded.attempts, next_try = excluded.next_try, last_error = excluded.last_error
            """,
            .integer(number),
            .text(item.item),
            .blob(item.listed),
            .time(item.availability),
            .time(item.expires),
            .number(item.attempts),
            .time(item.nextTry),
            .optional(item.lastError),
            .time(item.row)
        )
    }
}
