// SPDX-License-Identifier: Apache-2.0

extension Command {
    static let version = Command(
        name: "version",
        synopsis: "",
        summary: "says which version this is",
        help: "Prints the version of Headgate."
    ) { invocation in
        invocation.output.line("headgate \(Headgate.version)")
        return .done
    }
}
