// SPDX-License-Identifier: Apache-2.0

/// How a command ends, as its exit code says it.
enum Exit: Int32, Sendable {
    case done = 0
    /// Something that was checked is not well.
    case notWell = 1
    case usage = 2
    /// Input is needed that only a person can give.
    case inputNeeded = 3
    /// The outside has to act first; go on later.
    case waiting = 4
    case checkFailed = 5
    /// Refused: a lock, a missing trust, permissions that are too wide.
    case refused = 6
    /// A fault of Headgate's own.
    case fault = 70
    case interrupted = 130
}

/// An ending with a sentence for the person: what happened, why, and what to do next.
struct Stop: Error, Sendable, CustomStringConvertible {
    let exit: Exit
    let description: String

    init(_ exit: Exit, _ sentence: String) {
        self.exit = exit
        description = sentence
    }
}
