// SPDX-License-Identifier: Apache-2.0

/// The ten states of a stream, of a connection and of a customer.
package enum StreamState: String, Sendable, CaseIterable {
    case draft, pending, active, quiet, late, failing, blocked, paused, excluded, unknown

    /// How bad it is in a headline; `nil` for the states that are somebody's decision and no matter of health.
    package var severity: Int? {
        switch self {
        case .active: 0
        case .quiet: 1
        case .pending: 2
        case .late: 3
        case .failing: 4
        case .blocked: 5
        case .unknown: 6
        case .draft, .paused, .excluded: nil
        }
    }

    /// Whether records come in, be it late or none to come.
    package var isCollecting: Bool { self == .active || self == .quiet || self == .late }
}
