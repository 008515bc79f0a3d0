// SPDX-License-Identifier: Apache-2.0

extension Definition {
    /// Reads what a document says of services that it asks without collecting anything: the services themselves, what
    /// their errors mean, remedies and limits; `nil` where it names no service.
    package init?(asking title: String, _ fields: inout Fields) {
        let services = fields.optional("services")?.members { name, node in ServiceUse(name, node) } ?? []
        let errors = fields.list("errors") { ErrorRule($0) }
        let remedies = fields.optional("remedies")?.members { name, node in RemedyTemplate(name, node) } ?? []
        let limits = fields.optional("limits").map { RequestLimits($0) } ?? .usual
        guard !services.isEmpty else { return nil }
        self.init(
            id: "flow",
            version: "1.0.0",
            title: title,
            publisher: "",
            summary: "",
            docs: [],
            knownLimits: [],
            hosts: [],
            credentials: [],
            identity: [],
            auth: .missing,
            permissions: [],
            licenses: [],
            prerequisites: [],
            services: services,
            quotas: [],
            dedupe: .usual,
            watch: [],
            probe: [],
            streams: [],
            errors: errors,
            remedies: remedies,
            limits: limits,
            health: Health(nil, over: nil),
            tier: .bronze,
            migrations: [],
            retired: [],
            included: []
        )
    }
}
