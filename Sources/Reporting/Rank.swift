// SPDX-License-Identifier: Apache-2.0
import Status

/// The order in which people see states: what needs them first.
enum Rank {
    static func of(_ state: StreamState) -> Int {
        switch state {
        case .unknown: 9
        case .blocked: 8
        case .failing: 7
        case .draft: 6
        case .late: 5
        case .pending: 4
        case .quiet: 3
        case .paused: 2
        case .active: 1
        case .excluded: 0
        }
    }

    /// Whether one comes before the other, equal states by their ids.
    static func isWorse(_ one: StreamState, _ other: StreamState, _ id: String, _ otherID: String) -> Bool {
        (-of(one), id) < (-of(other), otherID)
    }
}
