// SPDX-License-Identifier: Apache-2.0
import Host
import JSON
import Store

extension Command {
    static let export = Command(
        name: "export",
        synopsis: "",
        summary: "prints the whole set-up as one document",
        help:
            "Prints customers, connections, registrations and settings as one JSON document; never a secret."
    ) { invocation in
        let desk = try Desk.existing(invocation)
        invocation.output.json(
            ExportDocument.document(
                customers: try await desk?.ledger.customers() ?? [],
                registrations: try await desk?.ledger.registrations() ?? [],
                connections: try await desk?.ledger.connections() ?? [],
                settings: try Desk.settings(invocation.place)
            )
        )
        return .done
    }
}
