// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

extension Rehearsal {
    /// The results a probe step can have.
    package static let results = ["pass", "pass-empty", "warn", "fail", "wait", "skip", "unknown"]

    /// Reads a test of `definition`; what is wrong with it is all in the findings.
    package static func read(
        _ bytes: [UInt8],
        file: String,
        of definition: Definition
    ) -> (rehearsal: Rehearsal?, findings: [Finding]) {
        let document: Document
        do { document = try Document(parsing: bytes) } catch {
            let finding = Finding(
                file: file,
                pointer: .root,
                line: error.position.line,
                column: error.position.column,
                rule: .json,
                message: "The file is no JSON: \(error.description).",
                fix: "Tests are strict JSON, one test a file."
            )
            return (nil, [finding])
        }
        let sheet = Sheet(file: file, document: document)
        let rehearsal = Rehearsal(Node(value: document.root, at: .root, sheet: sheet), definition)
        return (sheet.findings.isEmpty ? rehearsal : nil, sheet.findings)
    }

    private init(_ node: Node, _ definition: Definition) {
        let definition = Known(definition)
        var fields = Fields(node)
        name = fields.text("name")
        kind = fields.required("kind")?.choice(Kind.self) ?? .classify
        given = Given(fields.optional("given"), definition)
        exchanges = fields.list("http") { Exchange($0, definition) }
        then = Outcome(fields.optional("then"), definition)
        answers = fields.list("answers") { ClassifiedAnswer($0, definition) }
        fields.end()
        if kind == .classify {
            if answers.isEmpty { node.note(.missingKey, "gives no answers.", fix: "Add \"answers\".") }
            if !exchanges.isEmpty || then != .nothing {
                node.note(
                    .conflict,
                    "classifies and converses in one test.",
                    fix: "Leave \"http\" and \"then\" out."
                )
            }
        } else {
            if then == .nothing { node.note(.missingKey, "expects nothing.", fix: "Add \"then\".") }
            if !answers.isEmpty {
                node.note(.conflict, "converses and classifies in one test.", fix: "Leave \"answers\" out.")
            }
        }
    }

    /// What a test may name.
    struct Known {
        let definition: Definition

        init(_ definition: Definition) { self.definition = definition }

        func stream(_ name: String, _ node: Node) {
            guard definition.stream(name) == nil else { return }
            node.note(
                .reference,
                "names the stream \"\(name)\", which does not exist.",
                fix: "There are: \(definition.streams.map(\.id).joined(separator: ", "))."
            )
        }

        func service(_ name: String, _ node: Node) {
            guard !name.isEmpty, definition.service(name) == nil else { return }
            node.note(
                .reference,
                "names the service \"\(name)\", which does not exist.",
                fix: "There are: \(definition.services.map(\.name).joined(separator: ", "))."
            )
        }

        func remedy(_ name: String?, _ node: Node) {
            guard let name, definition.remedy(name) == nil else { return }
            node.note(
                .reference,
                "names the remedy \"\(name)\", which does not exist.",
                fix: "Use one of the definition's remedies."
            )
        }
    }
}

extension Node {
    /// An instant as RFC 3339 writes it.
    func instant() -> Timestamp? {
        guard let text = text() else { return nil }
        guard let instant = Timestamp(iso8601: text) else {
            note(.value, "is no instant: \"\(text)\".", fix: "Write such as \"2026-11-21T12:00:00Z\".")
            return nil
        }
        return instant
    }

    /// A place in a list, as ``PagePlace/text`` writes it.
    func place() -> PagePlace? {
        guard let text = text() else { return nil }
        guard let place = PagePlace(text: text) else {
            note(
                .value,
                "is no place: \"\(text)\".",
                fix: "Write \"link \" and an address, \"token \" and a token, or \"first\"."
            )
            return nil
        }
        return place
    }

    /// An object of texts.
    func dictionary() -> [String: String] {
        Dictionary(members { name, node in node.text().map { (name, $0) } }) { first, _ in first }
    }
}

extension Rehearsal.Given {
    init(_ node: Node?, _ known: Rehearsal.Known) {
        var fields = node.map { Fields($0) }
        now =
            fields?.optional("now")?.instant() ?? Timestamp(iso8601: "2026-11-21T12:00:00Z")
            ?? Timestamp(seconds: 0)
        ahead = fields?.optional("ahead")?.span() ?? .zero
        cloud = fields?.optionalText("cloud") ?? Clouds.usual
        credentials = fields?.optional("credentials")?.dictionary() ?? [:]
        credential =
            fields?.optional("credential")?.choice(Auth.Credential.self)
            ?? (known.definition.auth.credentials.contains(.secret)
                ? .secret : known.definition.auth.credentials.first ?? .secret)
        let streams = fields?.optional("streams")
        streams?.list { $0 }.forEach { known.stream($0.value.stringValue ?? "", $0) }
        self.streams = streams?.texts(atLeast: 1)
        start = fields?.optional("start")?.span()
        let places = fields?.optional("cursors")?.members { name, node in
            known.stream(name, node)
            return node.place().map { (name, $0) }
        }
        cursors = Dictionary(places ?? []) { first, _ in first }
        passes = fields?.optional("passes")?.whole(1...1_000) ?? 1
        every = fields?.optional("every")?.span(atLeast: .seconds(1)) ?? .minutes(5)
        token =
            fields?.optional("token").map { Rehearsal.Token($0) }
            ?? Rehearsal.Token(claims: Object(), expiresIn: 3_599)
        fields?.end()
        if every * passes > .days(36_600) || !(2000...2100).contains(Int(now.description.prefix(4)) ?? 0) {
            node?.note(
                .value,
                "lies outside 2000 to 2100, or takes more than a hundred years.",
                fix: "Choose \"now\", \"every\" and \"passes\" so that the clock can show it."
            )
        }
        for name in credentials.keys.sorted() where known.definition.credential(name)?.isSecret != false {
            node?.note(
                .reference,
                "gives \"\(name)\", which is no field with a visible value.",
                fix: "Secrets are made up."
            )
        }
    }
}

extension Rehearsal.Token {
    init(_ node: Node) {
        var fields = Fields(node)
        let claims = fields.optional("claims")
        if let claims, claims.value.objectValue == nil { claims.wrongType("an object") as Void? }
        self.claims = claims?.value.objectValue ?? Object()
        expiresIn = fields.optional("expiresIn")?.whole(1...86_400) ?? 3_599
        fields.end()
    }
}

extension Rehearsal.Exchange {
    init(_ node: Node, _ known: Rehearsal.Known) {
        var fields = Fields(node)
        expect = Rehearsal.Expected(fields.required("expect"), known)
        reply = fields.required("reply").map { Rehearsal.Reply($0) } ?? .nothing
        pass = fields.optional("pass")?.whole(1...1_000)
        switch fields.optional("times") {
        case nil: times = .exactly(1)
        case .some(let node) where node.value == "any": times = .any
        case .some(let node) where node.value == "some": times = .some
        case .some(let node): times = .exactly(node.whole(1...100_000) ?? 1)
        }
        fields.end()
    }
}

extension Rehearsal.Expected {
    init(_ node: Node?, _ known: Rehearsal.Known) {
        var fields = node.map { Fields($0) }
        method = fields?.optionalText("method")
        service = fields?.optionalText("service")
        path = fields?.optionalText("path")
        query = fields?.optional("query")?.dictionary() ?? [:]
        form = fields?.optional("form")?.dictionary() ?? [:]
        let json = fields?.optional("json")?.members { name, node -> (Pointer, String)? in
            guard let pointer = Pointer(name) else {
                node.note(
                    .value,
                    "is named by no JSON Pointer.",
                    fix: "Name a place of the body, such as \"/a/b\"."
                )
                return nil
            }
            return node.text().map { (pointer, $0) }
        }
        self.json = Dictionary(json ?? []) { first, _ in first }
        headers = fields?.optional("headers")?.dictionary() ?? [:]
        fields?.end()
        if let service, let node { known.service(service, node) }
    }
}

extension Rehearsal.Reply {
    static let nothing = Self(token: nil)

    /// A success at once: a token answer, or nothing at all.
    package init(token: Rehearsal.Token?) {
        self.init(status: 200, headers: [], body: [], trouble: nil, token: token, delay: .zero)
    }

    init(_ node: Node, and others: ((inout Fields) -> Void)? = nil) {
        var fields = Fields(node)
        others?(&fields)
        trouble = fields.optional("trouble")?.choice(Trouble.self)
        status = fields.optional("status")?.whole(100...599) ?? (trouble == nil ? 200 : 0)
        headers = fields.optional("headers")?.members { name, node in node.text().map { (name, $0) } } ?? []
        token = fields.optional("token").map { Rehearsal.Token($0) }
        let json = fields.optional("json"), text = fields.optional("text")
        // The text may be empty: an empty body is a case worth a test.
        body = json.map { $0.value.bytes() } ?? text?.value.stringValue.map { Array($0.utf8) } ?? []
        delay = fields.span("delay", else: .zero)
        fields.end()
        if let text, text.value.stringValue == nil { text.wrongType("a text") as Void? }
        if [json == nil, text == nil, token == nil].filter({ !$0 }).count > 1 {
            node.note(
                .conflict,
                "has more than one body.",
                fix: "Use one of \"json\", \"text\" and \"token\"."
            )
        }
    }
}

extension Rehearsal.ClassifiedAnswer {
    init(_ node: Node, _ known: Rehearsal.Known) {
        var fields = Fields(node)
        var service = "", step = Answer.Step.list
        reply =
            fields.required("answer").map { node in
                Rehearsal.Reply(node) { inner in
                    service = inner.text("service")
                    step = inner.optional("step")?.choice(Answer.Step.self) ?? .list
                }
            } ?? .nothing
        (self.service, self.step) = (service, step)
        var expect = fields.required("expect").map { Fields($0) }
        let rule = expect?.required("rule")
        self.rule = rule?.value == .null ? nil : rule?.text()
        faultClass = expect?.optional("class")?.choice(FaultClass.self)
        action = expect?.optional("action")?.choice(FaultAction.self)
        remedy = expect?.optionalText("remedy")
        wait = expect?.optional("wait")?.span()
        code = expect?.optionalText("code")
        expect?.end()
        fields.end()
        known.service(service, node)
        known.remedy(remedy, node)
    }
}
