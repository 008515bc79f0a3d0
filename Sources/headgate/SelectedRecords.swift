// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import Status
import Store

/// What a connection leaves out or blackens of one stream, with what that came to so far.
struct SelectedRecords {
    let stream: StreamKey
    let words: String
    let counts: Counts

    /// Everything that is selected within `scope`.
    static func all(_ scope: GapScope, _ desk: Desk?) async throws -> [SelectedRecords] {
        guard let desk else { return [] }
        var found: [SelectedRecords] = []
        for connection in try await desk.ledger.connections() {
            for (choice, key) in zip(connection.streams, connection.streamKeys) {
                guard let select = choice.select, scope.holds(key) else { continue }
                let rows = try await desk.ledger.coverage(of: key, since: nil)
                let words = RecordSelection.read(select).selection?.words ?? "a choice that cannot be read"
                found.append(
                    SelectedRecords(
                        stream: key,
                        words: words,
                        counts: rows.reduce(Counts()) { $0 + $1.counts }
                    )
                )
            }
        }
        return found
    }

    var json: Value {
        [
            "customer": .string(stream.customer), "connection": .string(stream.connection),
            "stream": .string(stream.stream), "words": .string(words),
            "dropped": .int(Int64(counts.dropped)), "redacted": .int(Int64(counts.redacted)),
        ]
    }

    var line: String {
        "\(stream) \(words) (\(counts.dropped) left out, \(counts.redacted) blackened so far)"
    }
}

extension GapScope {
    /// Whether `stream` lies within it.
    fileprivate func holds(_ stream: StreamKey) -> Bool {
        switch self {
        case .all: true
        case .customer(let customer): stream.customer == customer
        case .connection(let key): stream.connectionKey == key
        case .stream(let key): stream == key
        }
    }
}
