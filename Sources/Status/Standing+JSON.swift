// SPDX-License-Identifier: Apache-2.0
import Basics
package import JSON

extension Standing {
    /// The standing as the ledger keeps it.
    package var json: Value {
        members(
            ("state", .string(state.rawValue)),
            ("since", since.map { .int($0.nanoseconds) } ?? .null),
            ("cause", cause?.json ?? .null),
            ("better", .int(Int64(better))),
            ("changes", .array(changes.map { .int($0.nanoseconds) }))
        )
    }

    /// Reads what ``json`` wrote; `nil` for anything else.
    package init?(json value: Value) {
        guard let state = value["state"]?.stringValue.flatMap(StreamState.init(rawValue:)) else { return nil }
        self.init(
            state: state,
            since: value["since"]?.int64.map { Timestamp(nanoseconds: $0) },
            cause: value["cause"].flatMap(Cause.init(json:)),
            better: value["better"]?.int64.map(Int.init) ?? 0,
            changes: (value["changes"]?.arrayValue ?? []).compactMap {
                $0.int64.map { Timestamp(nanoseconds: $0) }
            }
        )
    }
}
