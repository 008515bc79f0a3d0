// SPDX-License-Identifier: Apache-2.0
package import Basics
import Collecting
package import Connectors
package import Status
package import Store

/// How the streams of new connections stand after they were collected for the first time.
package struct FirstCycle: Sendable, Equatable {
    /// One stream.
    package struct Line: Sendable, Equatable {
        package let stream: StreamKey
        package let state: StreamState
        package let cause: Cause?
        package let firstDataBy: Timestamp?
        package let stored: Int64?
    }

    package let lines: [Line]

    /// The heads of ``rows``.
    package static let head = ["stream", "state", "stored", "note"]

    /// A row for each stream, for people.
    package var rows: [[String]] {
        lines.map { line in
            var notes = [line.cause?.message].compactMap(\.self)
            if let cause = line.cause, cause.faultClass.isBlocking, !cause.confirmed {
                notes.append("not yet confirmed: asked again in some minutes while a host runs")
            } else if line.state == .pending, let by = line.firstDataBy {
                notes.append("first data can take until \(by.day) \(by.clockText) UTC")
            }
            let note = notes.joined(separator: "; ")
            return [line.stream.stream, line.state.rawValue, line.stored.map(String.init) ?? "-", note]
        }
    }

    /// Why streams are not collected.
    package var causes: [Cause] { lines.compactMap(\.cause) }

    /// The least of what the streams have come to: `active`, `pending`, or what is wrong.
    package var outcome: String {
        if lines.isEmpty { return "unknown" }
        if lines.contains(where: { $0.state == .blocked || $0.state == .failing }) { return "failing" }
        if lines.contains(where: { $0.cause?.blocks ?? false }) { return "failing" }
        return lines.contains { $0.state == .active || $0.state == .quiet } ? "active" : "pending"
    }

    /// What one pass over these connections came to.
    package init(_ summary: OncePass.Summary, _ connections: Set<ConnectionKey>) {
        let asked = summary.lines.filter { connections.contains($0.stream.connectionKey) }.map { line in
            Line(
                stream: line.stream,
                state: line.assessment?.state ?? .pending,
                cause: line.assessment?.cause,
                firstDataBy: line.assessment?.firstDataBy,
                stored: Int64(line.end.stored)
            )
        }
        let unasked = summary.unasked.filter { connections.contains($0.key.connectionKey) }.map {
            key,
            assessment in
            Line(
                stream: key,
                state: assessment.state,
                cause: assessment.cause,
                firstDataBy: assessment.firstDataBy,
                stored: nil
            )
        }
        lines = (asked + unasked).sorted { $0.stream < $1.stream }
    }

    private init(_ lines: [Line]) {
        self.lines = lines
    }

    /// Waits until the running host has been through every stream of these connections, at most a minute.
    ///
    /// `shelf` says by when a stream must have had its first record.
    package static func awaited(
        _ connections: Set<ConnectionKey>,
        from ledger: any Ledger,
        shelf: Shelf,
        time: any TimeSource,
        limit: Duration = .seconds(60)
    ) async throws -> FirstCycle {
        let until = time.now + limit
        while true {
            let facts = try await ledger.allFacts()
            let states = try await ledger.states()
            let asked = try await ledger.connections().filter { connections.contains($0.key) }
            let streams = asked.flatMap { connection in
                zip(connection.streams, connection.streamKeys).filter { $0.0.hold == nil }.map(\.1)
            }
            let isOver = streams.allSatisfy { key in
                guard let own = facts[key] else { return false }
                return own.wholeCycles > 0 && states[key] != nil || own.cause != nil
            }
            if isOver || time.now >= until {
                return FirstCycle(
                    streams.sorted().map { key in
                        Line(
                            stream: key,
                            state: states[key]?.state ?? .pending,
                            cause: facts[key]?.cause,
                            firstDataBy: asked.first { $0.key == key.connectionKey }.flatMap { connection in
                                deadline(key, of: connection, facts[key], shelf)
                            },
                            stored: nil
                        )
                    }
                )
            }
            try await time.sleep(for: .milliseconds(500))
        }
    }

    private static func deadline(
        _ key: StreamKey,
        of connection: Connection,
        _ facts: StreamFacts?,
        _ shelf: Shelf
    ) -> Timestamp? {
        guard let facts, !facts.everHadRecord, let accepted = facts.acceptedAt,
            let stream = try? shelf.definition(connection.connector).stream(key.stream)
        else { return nil }
        return accepted + Thresholds(stream).firstData
    }
}
