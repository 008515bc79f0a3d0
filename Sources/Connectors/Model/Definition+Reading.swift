// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

extension Definition {
    /// Reads a definition; what is wrong with it is all in the findings, and only one without any may be used.
    ///
    /// `files` are those that it may take parts from.
    package static func read(
        _ bytes: [UInt8],
        file: String = "connector.json",
        including files: IncludedFiles = .none
    ) -> (definition: Definition?, findings: [Finding]) {
        let (definition, sheet) = reading(bytes, file: file, including: files)
        return (sheet.findings.isEmpty ? definition : nil, sheet.findings)
    }

    /// Reads a definition onto a sheet, on which more can be noted.
    static func reading(
        _ bytes: [UInt8],
        file: String,
        including files: IncludedFiles
    ) -> (definition: Definition?, sheet: Sheet) {
        let document: Document
        do { document = try Document(parsing: bytes) } catch {
            let sheet = Sheet(file: file, document: nil)
            sheet.noteUnparsable(error)
            return (nil, sheet)
        }
        let sheet = Sheet(file: file, document: document)
        if let version = document.root["headgate"]?.int64, version > language {
            // Nothing else of a later language can be judged, so nothing else is said of it.
            sheet.note(
                .language,
                Pointer(tokens: ["headgate"]),
                "The definition is written in language version \(version); this Headgate knows version \(language).",
                fix: "Update Headgate, or use an older release of the connector."
            )
            return (nil, sheet)
        }
        var inclusion = Inclusion(files, sheet)
        let whole = inclusion.whole(document.root)
        let node = Node(value: whole, at: .root, sheet: sheet)
        let definition = Definition(node, included: inclusion.included)
        definition.check(node)
        return (definition, sheet)
    }

    private init(_ node: Node, included: [String]) {
        self.included = included
        let sheet = node.sheet
        var fields = Fields(node)
        _ = fields.optionalText("$schema")
        _ = fields.required("headgate")?.whole(1...Self.language)
        id = Self.id(fields.required("id"))
        version = Self.version(fields.required("version"))
        title = fields.text("title")
        publisher = fields.text("publisher")
        summary = fields.text("summary")
        docs =
            fields.optional("docs")?.members { name, node in
                node.link().map { DocumentationLink(name: name, url: $0) }
            } ?? []
        knownLimits = fields.texts("knownLimits")
        // Expressions everywhere, the fields' own included, name credentials, so the names are gathered first.
        for field in node.value["credentials"]?.arrayValue ?? [] {
            guard let name = field["name"]?.stringValue else { continue }
            let kind = field["type"]?.stringValue.flatMap { CredentialField.Kind(rawValue: $0) }
            if kind?.isSecret == true { sheet.secrets.insert(name) } else { sheet.credentials.insert(name) }
        }
        credentials = fields.required("credentials")?.list(atLeast: 1) { CredentialField($0) } ?? []
        hosts = fields.list("hosts") { HostRule($0) }
        identity = fields.required("identity")?.texts(atLeast: 1) ?? []
        auth = fields.required("auth").map { Auth($0) } ?? .missing
        permissions = fields.list("permissions") { Permission($0) }
        licenses = fields.list("licenses") { License($0) }
        prerequisites = fields.list("prerequisites") { Prerequisite($0) }
        services = fields.required("services")?.members { name, node in ServiceUse(name, node) } ?? []
        quotas = fields.list("quotas") { Quota($0) }
        dedupe = fields.optional("dedupe").map { Dedupe($0) } ?? .usual
        watch = fields.list("watch") { WatchRule($0) }
        probe = fields.required("probe")?.list(atLeast: 1) { ProbeStep($0) } ?? []
        let health = Health(fields.required("health"), over: nil)
        self.health = health
        streams = fields.required("streams").map { StreamDefinition.read($0, health: health) } ?? []
        errors = fields.required("errors")?.list { ErrorRule($0) } ?? []
        remedies = fields.required("remedies")?.members { name, node in RemedyTemplate(name, node) } ?? []
        limits = fields.optional("limits").map { RequestLimits($0) } ?? .usual
        tier = fields.required("tier")?.choice(Tier.self) ?? .bronze
        migrations = fields.list("migrations") { Migration($0) }
        retired = fields.list("retired") { Retirement($0) }
        if let tests = fields.optional("tests"), tests.value != "tests" {
            tests.note(
                .value,
                "is another folder.",
                fix: "Tests stand in the folder \"tests\" beside the definition."
            )
        }
        fields.end()
    }

    private static func id(_ node: Node?) -> String {
        guard let node, let text = node.text() else { return "" }
        if !Identifier.isSmallName(text) {
            node.note(
                .value,
                "is \"\(text)\".",
                fix: "Use small letters, digits, underscore and hyphen, 63 at most."
            )
        }
        return text
    }

    private static func version(_ node: Node?) -> String {
        guard let node, let text = node.text() else { return "" }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count != 3 || !parts.allSatisfy({ Int($0).map { $0 >= 0 } ?? false }) {
            node.note(.value, "is \"\(text)\".", fix: "Write three numbers such as \"1.0.0\".")
        }
        return text
    }
}

extension Auth {
    /// Stands in for one that is missing, so that the rest can be read.
    static let missing = Auth(
        kind: .clientCredentials,
        credentials: [],
        token: nil,
        nextAudienceOn: [],
        assertion: nil,
        refreshBefore: .minutes(5),
        claims: nil,
        header: nil,
        user: nil,
        password: nil
    )
}
