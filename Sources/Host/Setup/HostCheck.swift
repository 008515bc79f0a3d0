// SPDX-License-Identifier: Apache-2.0
import Basics
package import JSON
package import Probing

/// What was found of one part of this machine, the home or the host.
package struct HostCheck: Sendable, Equatable {
    /// The parts that are looked at, in order.
    package enum Subject: String, Sendable, CaseIterable {
        case home, disk, settings, vault, ledger, journal, clouds, definitions, host, tls, clock

        /// What people call it.
        package var title: String {
            switch self {
            case .home: "Home"
            case .disk: "Disk"
            case .settings: "Settings"
            case .vault: "Vault"
            case .ledger: "Ledger"
            case .journal: "Journal"
            case .clouds: "Clouds"
            case .definitions: "Definitions"
            case .host: "Host"
            case .tls: "TLS"
            case .clock: "Clock"
            }
        }
    }

    package let subject: Subject
    package let mark: CheckResult.Mark
    /// What was found, in a sentence.
    package let message: String
    /// What to do about it; `nil` where nothing needs doing.
    package let remedy: String?

    /// Puts it together from its parts.
    package init(_ subject: Subject, _ mark: CheckResult.Mark, _ message: String, remedy: String? = nil) {
        self.subject = subject
        self.mark = mark
        self.message = message
        self.remedy = remedy
    }

    /// The check as `doctor --json` prints it.
    package var json: Value {
        [
            "id": .string(subject.rawValue), "title": .string(subject.title),
            "result": .string(mark.rawValue),
            "message": .string(message), "remedy": remedy.map { .string($0) } ?? .null,
        ]
    }

    /// The exit code of many marks together, as the connection test gives it: 5, 1, 4 or 0.
    package static func exitCode(of marks: [CheckResult.Mark]) -> Int32 {
        if marks.contains(.fail) { return 5 }
        if marks.contains(.warn) { return 1 }
        return marks.contains(.wait) || marks.contains(.unknown) ? 4 : 0
    }
}
