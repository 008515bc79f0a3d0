// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What keeps a destination from getting its records, each with a sentence for a person.
///
/// The destination's cursor then stands where the last commit put it: the next delivery goes on from there, and
/// nothing is doubled.
package enum DeliveryFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// No room for `path`, be it of the disk or of a quota.
    case diskFull(path: String)
    /// A file that could not be opened, read, written or synced; `code` is the system's error number.
    case file(path: String, operation: String, code: Int32)

    /// A file of ours that another program keeps changing.
    case disturbed(path: String)

    /// Whether the disk has no room; what is due waits in the journal.
    package var isDiskFull: Bool {
        if case .diskFull = self { true } else { false }
    }

    package var description: String {
        switch self {
        case .diskFull(let path):
            "\(path) could not be written: the disk is full. Make room; delivery goes on by itself, nothing is lost"
                + " or doubled."
        case .file(let path, let operation, let code):
            "\(path) could not be \(operation): \(String(cString: strerror(code))). Check the disk and its"
                + " permissions; delivery goes on by itself."
        case .disturbed(let path):
            "\(path) is changed by another program while Headgate writes it: let that program work on a copy; delivery"
                + " goes on by itself."
        }
    }

    /// The failure of a system call on `path`, by its error number.
    static func of(_ path: String, _ operation: String, _ code: Int32) -> DeliveryFailure {
        code == ENOSPC || code == EDQUOT
            ? .diskFull(path: path) : .file(path: path, operation: operation, code: code)
    }
}
