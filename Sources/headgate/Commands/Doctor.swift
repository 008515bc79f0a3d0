// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Host
import JSON
import Probing
import Reporting
import Store
import Terminal

extension Command {
    static let doctor = Command(
        name: "doctor",
        synopsis: "[--json]",
        summary: "looks at this machine, the home and every connection",
        help: """
            Looks at the home's rights, the disk, the settings, the vault, the ledger, the journal, the clouds, the
            definitions, the host's last sign of life, TLS and the clock; then tests every connection as `headgate test`
            does. One line each, with what to do where something is wrong. Nothing is changed, here or at the source.

            Exit 0 when everything is well, 1 with warnings, 4 where something waits or cannot be told, 5 when
            something is broken.

              --json  for machines; docs/schemas/doctor.json describes it
            """,
        flags: ["--json"]
    ) { invocation in
        let isJSON = invocation.arguments.has("--json")
        let style = Live(invocation.output).style()
        let visit = Visit(place: invocation.place) { check in
            guard !isJSON else { return }
            let text = HostCheckText(
                check.subject.title,
                check.mark,
                check.message,
                remedy: check.remedy,
                style: style
            )
            for line in text.lines { invocation.output.line(line) }
        } seeing: { tested in
            guard !isJSON else { return }
            for line in tested.text(style).lines { invocation.output.line(line) }
        }
        let found = try await visit.make()
        if isJSON { invocation.output.json(found.json) }
        return Exit(rawValue: found.exitCode) ?? .fault
    }
}
