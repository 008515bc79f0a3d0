// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

/// How a walk ended, as `--json` prints it last.
struct WalkEnding {
    let name: String
    var words: String?
    /// The answers for want of which it could not go on.
    var missing: [String] = []
    /// By which it can be taken up again.
    var walk: String?

    /// The line, `exit` being the code that the process ends with.
    func line(_ exit: Exit) -> String {
        let value: Value = [
            "schema": 1, "ending": .string(name), "exit": .int(Int64(exit.rawValue)),
            "walk": walk.map { .string($0) } ?? .null, "words": words.map { .string($0) } ?? .null,
            "missing": .array(missing.map { .string($0) }),
        ]
        return Redaction.shared.redact(value.text())
    }
}
