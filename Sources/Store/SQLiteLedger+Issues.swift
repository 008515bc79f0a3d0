// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
package import Status

extension SQLiteLedger {
    /// The cursor under which the time is kept up to which a watch is settled.
    private func mark(_ watch: String) -> String { "watch/\(watch)" }

    /// Moves the issue of a watch by what the records of one batch say.
    func note(_ sighting: Sighting, of stream: StreamKey, number: Int64) throws(StoreFailure) {
        let known =
            try database.first(
                "SELECT value FROM cursors WHERE stream = ?1 AND name = ?2",
                .integer(number),
                .text(mark(sighting.watch))
            ) { (row) throws(StoreFailure) in Int64(row.text(0)).map { Timestamp(nanoseconds: $0) } } ?? nil
        let open = try issues(.stream(stream), openOnly: true).first { $0.watch == sighting.watch }
        let (issue, settled) = sighting.outcome(open: open, settled: known)
        if let settled, settled != known {
            let value = String(settled.nanoseconds)
            try apply(.cursor(name: mark(sighting.watch), value: value), to: stream, number: number)
        }
        guard let issue, issue != open else { return }
        guard let id = issue.id else { return try insert(issue, number: number) }
        try database.run(
            "UPDATE issues SET cause = ?2, seen = ?3, closed = ?4 WHERE id = ?1",
            .integer(id),
            .json(issue.cause.json),
            .time(issue.seen),
            .time(issue.closed)
        )
    }

    private func insert(_ issue: Issue, number: Int64) throws(StoreFailure) {
        try database.run(
            "INSERT INTO issues(stream, watch, severity, cause, seen, closed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            .integer(number),
            .text(issue.watch),
            .text(issue.severity.rawValue),
            .json(issue.cause.json),
            .time(issue.seen),
            .time(issue.closed)
        )
    }

    /// Issues of a stream, a connection, a customer or all, newest last.
    package func issues(_ scope: GapScope, openOnly: Bool) throws(StoreFailure) -> [Issue] {
        let (sql, cells) = clause(scope)
        return try database.rows(
            """
            SELECT s.customer, s.connection, s.stream, i.id, i.watch, i.severity, i.cause, i.seen, i.closed
            FROM issues i JOIN streams s ON s.number = i.stream
            WHERE \(sql) \(openOnly ? "AND i.closed IS NULL" : "") ORDER BY i.id
            """,
            cells: cells
        ) { (row) throws(StoreFailure) in
            guard let cause = Cause(json: row.json(6)) else {
                throw .corrupt(path: database.path, reason: "an issue of \(key(row)) does not read")
            }
            return Issue(
                id: row.integer(3),
                stream: key(row),
                watch: row.text(4),
                severity: Issue.Severity(rawValue: row.text(5)) ?? .warning,
                cause: cause,
                seen: row.time(7),
                closed: row.optionalTime(8)
            )
        }
    }
}
