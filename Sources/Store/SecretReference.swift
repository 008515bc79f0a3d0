// SPDX-License-Identifier: Apache-2.0
import JSON

/// Where a secret is read at each use instead of resting in the vault.
package enum SecretReference: Sendable, Equatable, CustomStringConvertible {
    /// A variable of the environment.
    case environment(String)
    /// A file, of which one final newline is dropped.
    case file(String)
    /// What a program prints, run without a shell.
    case command([String])

    /// Reads `env:NAME`, `file:PATH` or `command:["program","argument"]`.
    package init?(_ text: String) {
        if text.hasPrefix("env:"), text.count > 4 {
            self = .environment(String(text.dropFirst(4)))
        } else if text.hasPrefix("file:"), text.count > 5 {
            self = .file(String(text.dropFirst(5)))
        } else if text.hasPrefix("command:"),
            case .array(let words)? = try? Value(parsing: Array(text.dropFirst(8).utf8)), !words.isEmpty,
            case let argv = words.compactMap(\.stringValue), argv.count == words.count
        {
            self = .command(argv)
        } else {
            return nil
        }
    }

    package var description: String {
        switch self {
        case .environment(let name): "env:" + name
        case .file(let path): "file:" + path
        case .command(let argv): "command:" + Value.array(argv.map { .string($0) }).text()
        }
    }
}
