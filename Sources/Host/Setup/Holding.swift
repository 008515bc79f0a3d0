// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Status
package import Store

/// Pauses, excludes and lets go on, as a person decides.
package enum Holding {
    /// Holds every stream of `selection` and says which.
    package static func hold(_ selection: Selection, _ hold: Hold, in ledger: any Ledger) async throws
        -> [StreamKey]
    {
        let streams = try await selection.streams(among: ledger.connections())
        try await ledger.write(streams.map { .hold($0, hold) })
        return streams
    }

    /// Lets go on what is held of `selection`, and says which streams that were.
    ///
    /// From then on a stream's silence and failures count anew, so that the pause is not taken for a fault.
    package static func resume(_ selection: Selection, at now: Timestamp, in ledger: any Ledger) async throws
        -> [StreamKey]
    {
        let connections = try await ledger.connections()
        let meant = Set(try selection.streams(among: connections))
        var changes: [LedgerChange] = []
        var resumed: [StreamKey] = []
        for connection in connections {
            for (choice, key) in zip(connection.streams, connection.streamKeys)
            where choice.hold != nil && meant.contains(key) {
                var facts = try await ledger.facts(of: key)
                facts.resumedAt = now
                changes += [.hold(key, nil), .stream(key, .facts(facts))]
                resumed.append(key)
            }
        }
        try await ledger.write(changes)
        return resumed
    }
}
