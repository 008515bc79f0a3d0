// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON

extension FlowStep {
    init(_ node: Node) {
        var fields = Fields(node)
        let empty = Template(literal: "")
        id = fields.required("id")?.identifier() ?? ""
        kind = fields.required("kind")?.choice(Kind.self) ?? .intro
        title = fields.required("title")?.template(.flow) ?? empty
        body = fields.list("body") { $0.template(.flow) }
        when = fields.optional("when")?.predicate(.flow)
        next = Dictionary(
            fields.optional("next")?.members { name, node in node.text().map { (name, $0) } } ?? []
        ) { first, _ in first }
        answer = fields.optional("answer")?.identifier()
        credentials = fields.texts("credentials")
        question = fields.optional("question")?.template(.flow)
        help = fields.list("help") { $0.template(.flow) }
        example = fields.optionalText("example")
        usual = fields.optional("usual")?.template(.flow)
        isOptional = fields.flag("optional", else: false)
        reject = fields.list("reject") { Rejection($0) }
        options = fields.list("options") { Option($0) }
        offers = fields.list("offers") { $0.choice(Offer.self) }
        run = fields.optional("run")?.choice(Run.self)
        `where` = fields.optional("where")?.template(.flow)
        link = fields.optional("link")?.template(.flow)
        changes = fields.list("changes") { Change($0) }
        of = fields.optionalText("of")
        files = fields.list("files") { HandoffFile($0) }
        every = fields.optional("every")?.span(atLeast: .seconds(1)) ?? .seconds(20)
        limit = fields.optional("for")?.span(atLeast: .seconds(1)) ?? .minutes(5)
        until = fields.optional("until")?.choice(ProbeStep.Stage.self)
        fields.end()
        check(node)
    }

    /// What each kind must say, in the words of the keys.
    private func check(_ node: Node) {
        switch kind {
        case .ask:
            need(node, (answer != nil) != !credentials.isEmpty, "\"answer\" or \"credentials\", not both")
        case .choose:
            need(node, answer != nil, "\"answer\"")
            need(node, !options.isEmpty, "\"options\"")
        case .secret: need(node, !offers.isEmpty, "\"offers\"")
        case .check: need(node, run != nil, "\"run\"")
        case .apply:
            need(node, run != nil, "\"run\"")
            need(node, (run == .changes) == !changes.isEmpty, "\"changes\" with \"run\": \"changes\" only")
        case .wait: need(node, until != nil, "\"until\"")
        case .handoff: need(node, !files.isEmpty, "\"files\"")
        case .intro, .instruct: need(node, !body.isEmpty, "\"body\"")
        case .confirm, .summary: break
        }
        let allowed: Set<Run> =
            switch kind {
            case .check: [.tenant, .signIn, .signOut, .probe, .firstCycle]
            case .apply: [.connect, .changes, .rotate, .reauth, .declare, .remove, .repair, .reconfigure]
            default: []
            }
        if let run, !allowed.contains(run) {
            node.note(
                .conflict,
                "is of the kind \(kind.rawValue), which does not run \"\(run.rawValue)\".",
                fix: allowed.isEmpty
                    ? "Leave \"run\" out."
                    : "Write one of \(allowed.map(\.rawValue).sorted().joined(separator: ", "))."
            )
        }
    }

    private func need(_ node: Node, _ holds: Bool, _ what: String) {
        guard !holds else { return }
        node.note(.missingKey, "is of the kind \(kind.rawValue), which needs \(what).", fix: "Say \(what).")
    }
}

extension FlowStep.Option {
    init(_ node: Node) {
        var fields = Fields(node)
        id = fields.required("id")?.identifier() ?? ""
        label = fields.required("label")?.template(.flow) ?? Template(literal: "")
        help = fields.optional("help")?.template(.flow)
        when = fields.optional("when")?.predicate(.flow)
        goto = fields.optionalText("goto")
        fields.end()
    }
}

extension FlowStep.Rejection {
    init?(_ node: Node) {
        var fields = Fields(node)
        let condition = fields.required("if")?.predicate(.flow)
        say = fields.required("say")?.template(.flow) ?? Template(literal: "")
        fields.end()
        guard let condition else { return nil }
        self.condition = condition
    }
}

extension HandoffFile {
    init(_ node: Node) {
        var fields = Fields(node)
        from = fields.required("from")?.identifier() ?? ""
        to = fields.required("to")?.template(.flow) ?? Template(literal: "")
        label = fields.text("label")
        fields.end()
    }
}

extension Change {
    init(_ node: Node) {
        var fields = Fields(node)
        id = fields.required("id")?.identifier() ?? ""
        title = fields.required("title")?.template(.flow) ?? Template(literal: "")
        each = fields.optional("forEach")?.choice(Each.self)
        when = fields.optional("when")?.predicate(.flow)
        find = fields.optional("find").flatMap { Look($0) }
        request = fields.required("request").map { RequestTemplate($0, .flow) } ?? .nothing
        accept = fields.texts("accept")
        save =
            fields.optional("save")?.members { name, node in
                node.pointer().map { SavedPart(name: name, pointer: $0) }
            } ?? []
        let found =
            fields.optional("saveFound")?.members { name, node in
                node.pointer().map { SavedPart(name: name, pointer: $0) }
            } ?? []
        saveFound = found.isEmpty ? save : found
        saveSecret = fields.optional("saveSecret")?.pointer()
        retry = fields.optional("retry").map { Retry($0) }
        readBack = fields.optional("readBack").flatMap { Look($0) }
        undo = fields.optional("undo").map { RequestTemplate($0, .flow) }
        fields.end()
        if undo == nil, request.method != .get, find == nil {
            node.note(
                .conflict,
                "makes something that can neither be found again nor be taken back.",
                fix: "Add \"find\" or \"undo\"."
            )
        }
    }
}

extension Change.Look {
    init?(_ node: Node) {
        var fields = Fields(node)
        request = fields.required("request").map { RequestTemplate($0, .flow) } ?? .nothing
        let holds = fields.required("if")?.predicate(.flow)
        fields.end()
        if request.method != .get {
            node.note(
                .conflict,
                "looks with \(request.method.rawValue).",
                fix: "A look changes nothing: use GET."
            )
        }
        guard let holds else { return nil }
        self.holds = holds
    }
}

extension Change.Retry {
    init(_ node: Node) {
        var fields = Fields(node)
        on = fields.texts("on")
        every = fields.required("every")?.span(atLeast: .seconds(1)) ?? .seconds(2)
        limit = fields.required("for")?.span(atMost: .hours(1)) ?? .zero
        fields.end()
    }
}
