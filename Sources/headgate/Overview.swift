// SPDX-License-Identifier: Apache-2.0

/// The page that `headgate --help` prints.
enum Overview {
    /// The page of several commands whose names begin alike.
    static func family(_ commands: [Command]) -> String {
        commands.map { "\($0.usage)\n  \($0.summary)\n" }.joined(
            separator: "\n"
        )
    }

    static func text(_ commands: [Command]) -> String {
        let width = (commands.map(\.name.count).max() ?? 0) + 2
        let rows = commands.map { command in
            "  " + command.name + String(repeating: " ", count: width - command.name.count) + command.summary
        }
        return """
            Headgate collects audit logs of many tenants without losing or doubling a record, and says truthfully,
            per stream, how far collection has come.

            usage: headgate COMMAND [ARGUMENTS] [--home DIR] [--quiet] [--verbose] [--no-input]

            \(rows.joined(separator: "\n"))

            headgate COMMAND --help explains one of them. State lives in --home, else HEADGATE_HOME, else
            $XDG_STATE_HOME/headgate, else ~/.local/state/headgate. Data goes to standard output, talk to standard
            error. Exit codes: 0 done, 1 something is not well, 2 usage, 3 input needed, 4 waiting on the outside,
            5 a check failed, 6 refused, 70 a fault of Headgate's own, 130 interrupted.

            """
    }
}
