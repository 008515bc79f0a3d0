// SPDX-License-Identifier: Apache-2.0
import Basics
package import Status

extension SQLiteLedger {
    func put(_ ack: Ack) throws(StoreFailure) {
        try database.run(
            """
            INSERT INTO acks(issue, connection, by, reason, at, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT(issue) DO UPDATE SET connection = excluded.connection, by = excluded.by,
            reason = excluded.reason, at = excluded.at, until = excluded.until
            """,
            .text(ack.issue),
            .text(ack.connection),
            .text(ack.by),
            .text(ack.reason),
            .time(ack.at),
            .time(ack.until)
        )
    }

    /// What people let stand, by the issues' ids; also what has come to its end.
    package func acks() throws -> [Ack] {
        try database.rows("SELECT issue, connection, by, reason, at, until FROM acks ORDER BY issue") {
            (row) throws(StoreFailure) in
            Ack(
                issue: row.text(0),
                connection: row.text(1),
                by: row.text(2),
                reason: row.text(3),
                at: row.time(4),
                until: row.time(5)
            )
        }
    }

    /// The streams that a person wants looked at, each told once.
    package func takeWoken() throws -> [StreamKey] {
        let woken = try database.rows(
            "SELECT s.customer, s.connection, s.stream FROM wakes w JOIN streams s ON s.number = w.stream"
        ) { (row) throws(StoreFailure) in key(row) }
        // Nothing is written where there is nothing to tell, which is nearly always.
        if !woken.isEmpty {
            try database.transaction { () throws(StoreFailure) in
                for key in woken {
                    try database.run("DELETE FROM wakes WHERE stream = ?1", .integer(try number(of: key)))
                }
            }
        }
        return woken
    }
}
