// SPDX-License-Identifier: Apache-2.0

/// Why a question could not be asked or answered.
package enum TerminalFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Nobody sits at the other end.
    case notATerminal
    /// The person ended the input.
    case ended
    /// The person pressed Ctrl-C.
    case interrupted
    /// The terminal refused to hide what is typed.
    case cannotHide
    /// The answer is longer than anything sensible.
    case tooLong

    package var description: String {
        switch self {
        case .notATerminal:
            "there is no terminal to ask on; give the answer in a file, or the secret with --secret-file or --secret-stdin"
        case .ended: "the input ended before the question was answered"
        case .interrupted: "interrupted"
        case .cannotHide:
            "the terminal does not let what is typed be hidden; give the secret with --secret-file or --secret-stdin"
        case .tooLong: "the answer is longer than 64 KiB"
        }
    }
}
