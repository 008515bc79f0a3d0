// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Status
package import Store

/// Pauses, excludes and lets go on, as a person decides.
package enum Holding {
    /// What became of a selection's streams.
    package struct Outcome: Sendable, Equatable {
        /// Those that it was done with.
        package var done: [StreamKey] = []
        /// Those that are excluded and stay so: that was agreed to, and a pause or its end must not undo it.
        package var excluded: [StreamKey] = []
    }

    /// Holds every stream of `selection`; a pause leaves out those that are excluded.
    package static func hold(_ selection: Selection, _ hold: Hold, in ledger: any Ledger) async throws
        -> Outcome
    {
        let connections = try await ledger.connections()
        let meant = Set(try selection.streams(among: connections))
        var outcome = Outcome()
        for connection in connections {
            for (choice, key) in zip(connection.streams, connection.streamKeys) where meant.contains(key) {
                if hold.kind == .paused, choice.hold?.kind == .excluded {
                    outcome.excluded.append(key)
                } else {
                    outcome.done.append(key)
                }
            }
        }
        try await ledger.write(outcome.done.map { .hold($0, hold) })
        return outcome
    }

    /// Lets go on what is paused of `selection`, and what is excluded where `excludedToo` or a single stream is meant.
    ///
    /// From then on a stream's silence and failures count anew, so that the pause is not taken for a fault.
    package static func resume(
        _ selection: Selection,
        excludedToo: Bool = false,
        at now: Timestamp,
        in ledger: any Ledger
    ) async throws -> Outcome {
        let connections = try await ledger.connections()
        let meant = Set(try selection.streams(among: connections))
        var changes: [LedgerChange] = []
        var outcome = Outcome()
        for connection in connections {
            for (choice, key) in zip(connection.streams, connection.streamKeys)
            where choice.hold != nil && meant.contains(key) {
                guard choice.hold?.kind == .paused || excludedToo || selection.stream != nil else {
                    outcome.excluded.append(key)
                    continue
                }
                var facts = try await ledger.facts(of: key)
                facts.resumedAt = now
                changes += [.hold(key, nil), .stream(key, .facts(facts))]
                outcome.done.append(key)
            }
        }
        try await ledger.write(changes)
        return outcome
    }
}
