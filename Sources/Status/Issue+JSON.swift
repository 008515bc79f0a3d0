// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
package import JSON

extension Issue {
    /// The issue as `issues --json` prints it: what is not set is null.
    package var json: Value {
        members(
            ("id", id.map { .int($0) } ?? .null),
            ("customer", .string(stream.customer)),
            ("connection", .string(stream.connection)),
            ("stream", .string(stream.stream)),
            ("watch", .string(watch)),
            ("severity", .string(severity.rawValue)),
            ("class", .string(cause.faultClass.rawValue)),
            ("since", .time(cause.since)),
            ("seen", .time(seen)),
            ("cause", .string(cause.message)),
            ("remedy", cause.remedy?.json ?? .null),
            ("closed", .time(closed))
        )
    }
}
