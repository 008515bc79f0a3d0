// SPDX-License-Identifier: Apache-2.0

/// How far the journal reaches: what is committed, and nothing of what lies beyond.
package struct JournalExtent: Sendable, Equatable {
    /// The lengths that count of the segments that are full or were given up.
    package var closed: [Int: Int64]
    /// The committed end.
    package var end: JournalPosition

    /// Puts it together from its parts.
    package init(closed: [ClosedSegment], end: JournalPosition) {
        self.closed = Dictionary(closed.map { ($0.number, $0.length) }) { $1 }
        self.end = end
    }

    /// Asks the ledger.
    package init(_ ledger: any Ledger) async throws {
        // The end first: a segment that is closed between the two answers is then merely read up to the old end,
        // whereas the other way round its length would be missing.
        let end = try await ledger.committedEnd()
        self.init(closed: try await ledger.closedSegments(), end: end)
    }

    /// How many bytes of segment `number` count; `nil` for one that does not stand any more.
    package func length(of number: Int) -> Int64? { number == end.segment ? end.offset : closed[number] }

    /// The segments of `home` that hold less than what was committed; nothing is changed.
    package func faults(in home: Home) -> [StoreFailure] {
        (closed.map { ($0.key, $0.value) } + [(end.segment, end.offset)]).sorted { $0.0 < $1.0 }
            .compactMap { number, length in
                let path = Journal.path(number, in: home.journal)
                let found = Files.size(path) ?? 0
                return found < length ? .journalShort(path: path, needed: length, found: found) : nil
            }
    }

    /// The oldest segment that still stands.
    package var oldest: Int { min(closed.keys.min() ?? end.segment, end.segment) }
}
