// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
package import JSON

extension RaisedIssue {
    /// The issue as `issues --json` prints it: what is not set is null.
    package var json: Value {
        members(
            ("id", .string(id)),
            ("origin", .string(origin.rawValue)),
            ("customer", .text(connection?.customer)),
            ("connection", .text(connection?.connection)),
            ("alsoOf", .array(others.map { .string($0.description) })),
            ("streams", .array(streams.map { .string($0) })),
            ("watch", .text(watch)),
            ("severity", .string(severity.rawValue)),
            ("class", .string(cause.faultClass.rawValue)),
            ("code", .text(cause.code)),
            ("since", .time(cause.since)),
            ("seen", .time(seen)),
            ("cause", .string(cause.message)),
            ("remedy", cause.remedy?.json ?? .null),
            ("fix", .string(fix.rawValue)),
            ("ignoredUntil", .time(ignored?.until)),
            ("ignoredBy", .text(ignored?.by)),
            ("reason", .text(ignored?.reason)),
            ("closed", .time(closed))
        )
    }
}
