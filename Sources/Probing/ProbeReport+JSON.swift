// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
package import JSON
import Status

extension ProbeReport {
    /// The document of `headgate test --json`.
    package static func document(_ reports: [ProbeReport]) -> Value {
        members(("schema", 1), ("tests", .array(reports.map(\.json))))
    }

    /// The test as `test --json` prints it.
    package var json: Value {
        members(
            ("customer", .string(connection.customer)),
            ("connection", .string(connection.connection)),
            ("connector", .string(connector)),
            ("at", .time(at)),
            ("successful", .bool(isSuccessful)),
            ("headline", .string(headline)),
            ("stage", .text(firstFailure?.stage.rawValue)),
            (
                "counts",
                .object(Object(CheckResult.Mark.allCases.map { ($0.rawValue, .int(Int64(count($0)))) }))
            ),
            (
                "streams",
                .array(
                    streams.map {
                        members(("id", .string($0)), ("result", .string(mark(ofStream: $0).rawValue)))
                    }
                )
            ),
            ("steps", .array(steps.map(\.json)))
        )
    }
}

extension CheckResult {
    /// The step as `test --json` prints it.
    package var json: Value {
        members(
            ("id", .string(id)),
            ("title", .string(title)),
            ("stage", .string(stage.rawValue)),
            ("stream", .text(stream)),
            ("result", .string(mark.rawValue)),
            ("class", .text(faultClass?.rawValue)),
            ("message", .text(message)),
            ("skippedFor", .text(skippedFor)),
            ("evidence", evidence.map(\.json) ?? .null),
            ("remedy", remedy?.json ?? .null)
        )
    }
}

extension CheckResult.Evidence {
    fileprivate var json: Value {
        members(
            ("status", status.map { .int(Int64($0)) } ?? .null),
            ("code", .text(code)),
            ("requestId", .text(requestID)),
            ("at", .time(at)),
            ("durationMs", .int(max(0, duration.wholeNanoseconds / 1_000_000)))
        )
    }
}
