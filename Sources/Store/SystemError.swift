// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The system's error numbers in words.
enum SystemError {
    static func text(_ code: Int32) -> String {
        guard let text = strerror(code) else { return "error \(code)" }
        return String(cString: text)
    }

    /// Whether there is no room, be it of the disk or of a quota.
    static func isFull(_ code: Int32) -> Bool { code == ENOSPC || code == EDQUOT }
}
