// SPDX-License-Identifier: Apache-2.0
import Basics

/// Whether something on the terminal told the person to run a command of ours.
enum Named {
    private static let seen = Locked(false)

    static var aCommand: Bool { seen.withLock { $0 } }

    /// Looks for one in what is shown; a sentence that merely begins with our name is none.
    static func note(_ text: String) {
        guard !aCommand, text.contains("headgate ") else { return }
        let first = Set(Headgate.commands.compactMap { $0.name.split(separator: " ").first })
        let isNamed = text.ranges(of: "headgate ").contains { range in
            first.contains(text[range.upperBound...].prefix { $0.isLetter })
        }
        if isNamed { seen.withLock { $0 = true } }
    }
}
