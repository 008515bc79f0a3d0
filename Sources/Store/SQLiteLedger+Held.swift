// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Status

extension SQLiteLedger {
    /// Holds a record; one with its key and version that is there, because its time is over, gives way.
    func hold(_ record: HeldRecord, number: Int64) throws(StoreFailure) {
        let old = try database.first(
            "SELECT id FROM held WHERE stream = ?1 AND side = ?2 AND key = ?3 AND version = ?4",
            .integer(number),
            .text(record.side.rawValue),
            .text(record.key),
            .text(record.version)
        ) { (row) throws(StoreFailure) in row.integer(0) }
        if let old {
            try database.run("DELETE FROM held_refs WHERE held = ?1", .integer(old))
            try database.run("DELETE FROM held WHERE id = ?1", .integer(old))
        }
        try database.run(
            """
            INSERT INTO held(stream, side, key, version, collected, matched, event)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """,
            .integer(number),
            .text(record.side.rawValue),
            .text(record.key),
            .text(record.version),
            .time(record.collected),
            .flag(record.isMatched),
            .blob(record.event)
        )
        let id = database.lastRow
        for ref in Set(record.refs) {
            try database.run(
                "INSERT INTO held_refs(stream, ref, held) VALUES (?1, ?2, ?3)",
                .integer(number),
                .text(ref),
                .integer(id)
            )
        }
    }

    /// Lets go what was collected before `instant`.
    func letGo(_ instant: Timestamp, number: Int64) throws(StoreFailure) {
        try database.run(
            "DELETE FROM held_refs WHERE held IN (SELECT id FROM held WHERE stream = ?1 AND collected < ?2)",
            .integer(number),
            .time(instant)
        )
        try database.run(
            "DELETE FROM held WHERE stream = ?1 AND collected < ?2",
            .integer(number),
            .time(instant)
        )
    }

    /// What a derived stream holds of one side and refers to a key, in the order in which it came.
    package func held(_ side: HeldRecord.Side, referringTo key: String, of stream: StreamKey) throws
        -> [HeldRecord]
    {
        guard let number = try knownNumber(of: stream) else { return [] }
        return try database.rows(
            """
            SELECT h.id, h.key, h.version, h.collected, h.matched, h.event
            FROM held_refs r JOIN held h ON h.id = r.held
            WHERE r.stream = ?1 AND r.ref = ?2 AND h.side = ?3 ORDER BY h.id
            """,
            .integer(number),
            .text(key),
            .text(side.rawValue)
        ) { (row) throws(StoreFailure) in
            HeldRecord(
                id: row.integer(0),
                side: side,
                key: row.text(1),
                version: row.text(2),
                refs: [key],
                collected: row.time(3),
                isMatched: row.flag(4),
                event: row.blob(5)
            )
        }
    }

    /// Whether a derived stream holds a record of that side, key and version that was collected since an instant.
    package func isHeld(_ record: HeldRecord, of stream: StreamKey, since: Timestamp) throws -> Bool {
        guard let number = try knownNumber(of: stream) else { return false }
        return try database.first(
            """
            SELECT 1 FROM held
            WHERE stream = ?1 AND side = ?2 AND key = ?3 AND version = ?4 AND collected >= ?5
            """,
            .integer(number),
            .text(record.side.rawValue),
            .text(record.key),
            .text(record.version),
            .time(since)
        ) { (_) throws(StoreFailure) in true } ?? false
    }

    /// How many held records collected before an instant have found no other half.
    package func unmatched(of stream: StreamKey, before instant: Timestamp) throws -> Int {
        guard let number = try knownNumber(of: stream) else { return 0 }
        return try database.first(
            "SELECT count(*) FROM held WHERE stream = ?1 AND collected < ?2 AND matched = 0",
            .integer(number),
            .time(instant)
        ) { (row) throws(StoreFailure) in row.int(0) } ?? 0
    }

    /// Before which instant held records must go for the others to be no more than `bytes`; `nil` where none must.
    package func heldLimit(of stream: StreamKey, bytes: Int) throws -> Timestamp? {
        guard let number = try knownNumber(of: stream) else { return nil }
        return try database.first(
            """
            SELECT max(collected) + 1 FROM (
                SELECT collected, sum(length(event)) OVER (ORDER BY collected DESC, id DESC) AS total
                FROM held WHERE stream = ?1)
            WHERE total > ?2
            """,
            .integer(number),
            .number(bytes)
        ) { (row) throws(StoreFailure) in row.optionalTime(0) } ?? nil
    }
}
