// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
package import JSON

extension Gap {
    /// The gap as `gaps --json` prints it: what is not set is null.
    package var json: Value {
        members(
            ("id", id.map { .int($0) } ?? .null),
            ("customer", .string(stream.customer)),
            ("connection", .string(stream.connection)),
            ("stream", .string(stream.stream)),
            ("kind", .string(kind.rawValue)),
            ("from", .time(from)),
            ("to", .time(to)),
            ("item", .text(item)),
            ("cause", .string(cause.rawValue)),
            ("how", .string(how)),
            ("detected", .time(detected)),
            ("recoverableUntil", .time(recoverableUntil)),
            ("recovered", .time(recovered)),
            ("lost", .bool(lost)),
            ("held", .bool(held)),
            ("note", .text(note)),
            ("attempts", .int(Int64(attempts))),
            ("nextTry", .time(nextTry))
        )
    }
}
