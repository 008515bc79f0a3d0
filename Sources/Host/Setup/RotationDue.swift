// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Store

/// The registrations whose credential ends soon, those that end first in front.
package enum RotationDue {
    /// Those that end within `span` of `now`, ended ones included; one whose end nobody knows is not among them.
    package static func list(
        _ registrations: [Registration],
        _ connections: [Connection],
        within span: Duration,
        now: Timestamp
    ) -> [RotationSubject] {
        let due = registrations.compactMap { registration in
            registration.current?.expiresAt.flatMap { $0 <= now + span ? (registration, $0) : nil }
        }
        return due.sorted { ($0.1, $0.0.id) < ($1.1, $1.0.id) }.map { registration, _ in
            RotationSubject(registration, among: connections, registrations)
        }
    }
}
