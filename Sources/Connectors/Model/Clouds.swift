// SPDX-License-Identifier: Apache-2.0
import JSON

/// The clouds that connections can be in: those shipped, with what the home directory adds or overrides.
package struct Clouds: Sendable, Equatable {
    /// The cloud whose audiences stand in where another names none.
    package static let usual = "commercial"

    /// The clouds by name.
    package private(set) var clouds: [String: Cloud]

    /// The names of the clouds, the usual one first.
    package var names: [String] {
        clouds.keys.sorted { ($0 == Self.usual ? 0 : 1, $0) < ($1 == Self.usual ? 0 : 1, $1) }
    }

    /// The cloud of that name.
    package subscript(name: String) -> Cloud? { clouds[name] }

    /// Reads the shipped file and, over it, the home directory's, if there is one.
    package static func read(shipped: [UInt8], home: [UInt8]? = nil) throws(ConnectorFailure) -> Clouds {
        var clouds = Clouds(clouds: [:])
        try clouds.merge(shipped, file: "connectors/clouds.json")
        if let home { try clouds.merge(home, file: "clouds.json") }
        return clouds
    }

    private mutating func merge(_ bytes: [UInt8], file: String) throws(ConnectorFailure) {
        let document: Document
        do { document = try Document(parsing: bytes) } catch {
            throw ConnectorFailure.unreadable(file: file, why: error.description)
        }
        let sheet = Sheet(file: file, document: document)
        let top = Node(value: document.root, at: .root, sheet: sheet)
        let read = top.members { name, node in cloud(name, node) }
        if let first = sheet.findings.first {
            throw ConnectorFailure.refused(first, others: sheet.findings.count - 1)
        }
        for cloud in read { clouds[cloud.name] = cloud }
        fillIn()
    }

    private func cloud(_ name: String, _ node: Node) -> Cloud? {
        guard Identifier.isSmallName(name) else {
            node.note(
                .value,
                "is no name for a cloud.",
                fix: "Use small letters, digits, hyphen and underscore."
            )
            return nil
        }
        var fields = Fields(node)
        var bases = clouds[name]?.bases ?? [:]
        for service in Cloud.services.sorted() {
            guard let base = fields.optional(service) else { continue }
            guard let text = base.text() else { continue }
            guard let url = BaseURL(text) else {
                base.note(
                    .host,
                    "is no address a token may be sent to: \"\(text)\".",
                    fix:
                        "Use https; plain http is for literal loopback addresses such as http://127.0.0.1:9100 only."
                )
                continue
            }
            bases[service] = url
        }
        var audiences = clouds[name]?.audiences ?? [:]
        if let node = fields.optional("audiences") {
            var inner = Fields(node)
            for service in Cloud.services.sorted() {
                guard let named = inner.optional(service) else { continue }
                audiences[service] =
                    named.value.stringValue == nil ? named.texts(atLeast: 1) : named.text().map { [$0] }
            }
            inner.end()
        }
        fields.end()
        return Cloud(name: name, bases: bases, audiences: audiences)
    }

    /// Audiences and the portal, to which no token ever goes, are the usual cloud's where a cloud names none.
    private mutating func fillIn() {
        guard let usual = clouds[Self.usual] else { return }
        for (name, cloud) in clouds {
            var bases = cloud.bases
            if bases["portal"] == nil { bases["portal"] = usual.bases["portal"] }
            clouds[name] = Cloud(
                name: name,
                bases: bases,
                audiences: cloud.audiences.merging(usual.audiences) { own, _ in own }
            )
        }
    }
}
