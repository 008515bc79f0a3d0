// SPDX-License-Identifier: Apache-2.0
import Basics
package import Connectors
import JSON
import Probing

extension Flow {
    /// Reads a flow; what is wrong with it is all in the findings, and only one without any may be used.
    ///
    /// `shelf` says which connectors there are, and `files` what it may take parts from.
    package static func read(
        _ bytes: [UInt8],
        file: String = "flow.json",
        including files: IncludedFiles = .none,
        shelf: Shelf
    ) -> (flow: Flow?, findings: [Finding]) {
        let (opened, sheet) = Sheet.open(bytes, file: file, including: files)
        guard let node = opened else { return (nil, sheet.findings) }
        if let version = node.value["headgate"]?.int64, version > language {
            node.sheet.note(
                .language,
                Pointer(tokens: ["headgate"]),
                "The flow is written in language version \(version); this Headgate knows version \(language).",
                fix: "Update Headgate, or use an older release of the flow."
            )
            return (nil, node.sheet.findings)
        }
        let flow = Flow(node, shelf)
        flow.check(node)
        return (node.sheet.findings.isEmpty ? flow : nil, node.sheet.findings)
    }

    private init(_ node: Node, _ shelf: Shelf) {
        let sheet = node.sheet
        var fields = Fields(node)
        _ = fields.optionalText("$schema")
        _ = fields.required("headgate")?.whole(1...Self.language)
        id = fields.required("id")?.identifier() ?? ""
        purpose = fields.required("does")?.choice(Purpose.self) ?? .setup
        title = fields.text("title")
        members = fields.list("connectors") { Member($0, shelf) }
        // Expressions name the fields of the connectors' forms, so these are gathered first.
        let definitions =
            members.isEmpty
            ? shelf.items.compactMap(\.definition)
            : members.compactMap { member in
                shelf.items.first { $0.id == member.id }?.definition
            }
        for field in definitions.flatMap(\.credentials) {
            if field.isSecret {
                sheet.secrets.insert(field.name)
            } else {
                sheet.credentials.insert(field.name)
            }
        }
        sheet.clouds = Cloud.services
        config =
            Dictionary(
                fields.optional("config")?.members { name, node in node.text().map { (name, $0) } } ?? []
            ) { first, _ in first }
        asker = Definition(asking: title, &fields)
        signIn = fields.optional("signIn").map { SignIn($0) }
        steps = fields.required("steps")?.list(atLeast: 1) { FlowStep($0) } ?? []
        fields.end()
    }
}

extension Flow.Member {
    init?(_ node: Node, _ shelf: Shelf) {
        var fields = Fields(node)
        let id = fields.text("id")
        name = fields.required("name")?.identifier() ?? id
        isChosen = fields.flag("chosen", else: false)
        fields.end()
        guard shelf.items.contains(where: { $0.id == id }) else {
            node.note(
                .reference,
                "names the connector \"\(id)\", which there is none of.",
                fix: "There are: \(shelf.items.map(\.id).joined(separator: ", "))."
            )
            return nil
        }
        self.id = id
    }
}

extension SignIn {
    init(_ node: Node) {
        var fields = Fields(node)
        service = fields.text("service")
        tenant = fields.optional("tenant")?.template(.flow)
        codePath = fields.text("codePath")
        tokenPath = fields.text("tokenPath")
        client = fields.required("client")?.template(.flow) ?? Template(literal: "")
        scopes = fields.required("scopes")?.texts(atLeast: 1) ?? []
        `for` = fields.text("for")
        claims = fields.optional("claims").map { Auth.Claims($0) }
        declinedErrors = Set(fields.texts("declinedErrors"))
        provides = FlowValue.all(fields.optional("provides"))
        look = fields.optional("look").map { Look($0) }
        says = fields.optional("says")?.template(.flow)
        fields.end()
    }
}

extension SignIn.Look {
    init(_ node: Node) {
        var fields = Fields(node)
        request = fields.required("request").map { RequestTemplate($0, .flow) } ?? .nothing
        provides = FlowValue.all(fields.required("provides"))
        fields.end()
        if request.method != .get {
            node.note(
                .conflict,
                "looks with \(request.method.rawValue).",
                fix: "A look changes nothing: use GET."
            )
        }
    }
}

extension FlowValue {
    fileprivate static func all(_ node: Node?) -> [FlowValue] {
        node?.members { name, node in
            node.template(.flow).map { FlowValue(name: name, value: $0) }
        } ?? []
    }
}

extension RequestTemplate {
    /// Stands in for one that is missing, so that the rest can be read.
    static let nothing = RequestTemplate(service: "", path: Template(literal: "/"))
}
