// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

extension StreamDefinition {
    /// Reads all streams; one that is `like` another takes everything from it but what it states itself.
    static func read(_ node: Node, health: Health) -> [StreamDefinition] {
        guard let elements = node.value.arrayValue else {
            node.wrongType("a list") as Void?
            return []
        }
        if elements.isEmpty { node.note(.value, "is empty.", fix: "A connector has at least one stream.") }
        guard elements.count <= 500 else {
            node.note(.value, "has more than 500 streams.", fix: "Make several connectors of it.")
            return []
        }
        let ids = elements.map { $0["id"]?.stringValue }
        return elements.indices.map { i in
            let own = Node(value: elements[i], at: node.at.appending(i), sheet: node.sheet)
            guard let like = own.value["like"] else { return StreamDefinition(own, [:], health) }
            let at = Node(value: like, at: own.at.appending("like"), sheet: node.sheet)
            guard let name = at.text(), let base = ids.firstIndex(of: name), elements[base]["like"] == nil,
                let inherited = elements[base].objectValue, var whole = own.value.objectValue
            else {
                at.note(
                    .reference,
                    "names no stream that stands on its own.",
                    fix: "Name the id of a stream that has no \"like\" itself."
                )
                return StreamDefinition(own, [:], health)
            }
            var origins: [String: Pointer] = [:]
            for member in inherited.members where whole[member.key] == nil {
                whole[member.key] = member.value
                origins[member.key] = node.at.appending(base).appending(member.key)
            }
            return StreamDefinition(
                Node(value: .object(whole), at: own.at, sheet: node.sheet),
                origins,
                health
            )
        }
    }

    private init(_ node: Node, _ origins: [String: Pointer], _ health: Health) {
        var fields = Fields(node, origins: origins)
        id = fields.required("id")?.identifier() ?? ""
        _ = fields.optional("like")
        title = fields.text("title")
        summary = fields.text("summary")
        enabledByDefault = fields.flag("enabledByDefault", else: true)
        neededPermissions = fields.texts("neededPermissions")
        neededLicenses = fields.texts("neededLicenses")
        from = fields.optional("from")?.texts(atLeast: 1) ?? []
        join = fields.optional("join").flatMap { Join($0) }
        let isDerived = node.value["from"] != nil || node.value["join"] != nil
        if isDerived { Self.refuseAsking(&fields) }
        let nothing = Paging(kind: .none, addQuery: [], end: .noLink, maxPages: 1, size: nil)
        before = isDerived ? [] : fields.list("before") { BeforeStep($0) }
        list = isDerived ? .missing : fields.required("list").map { List($0) } ?? .missing
        fetch = isDerived ? nil : fields.optional("fetch").map { Fetch($0) }
        paging = isDerived ? nothing : fields.required("paging").map { Paging($0, .list) } ?? nothing
        cursor = isDerived ? .none : fields.required("cursor").map { Cursor($0) } ?? .none
        key = isDerived ? [] : fields.list("key") { $0.fieldPath() }
        (eventTime, timeFormat) = fields.optional("time").map { Self.time($0) } ?? (nil, .iso)
        retention = isDerived ? [] : fields.list("retention") { Retention($0) }
        keepsFrom = isDerived ? nil : fields.optionalText("keepsFrom")
        relist = isDerived ? [] : fields.list("relist") { Relist($0) }
        self.health = fields.optional("health").map { Health($0, over: health) } ?? health
        fields.end()
        check(node, origins)
    }

    /// What a stream may say only where it asks a source itself.
    private static let asking = [
        "before", "list", "fetch", "paging", "cursor", "key", "retention", "keepsFrom", "relist",
    ]

    /// Notes all that says how to ask a source in a stream that asks nobody.
    private static func refuseAsking(_ fields: inout Fields) {
        for key in asking {
            fields.optional(key)?.note(
                .conflict,
                "stands in a derived stream, which asks nobody.",
                fix: "Leave it out, or leave out \"from\" and \"join\"."
            )
        }
        for key in ["from", "join"] { _ = fields.required(key) }
    }

    private static func time(_ node: Node) -> (FieldPath?, TimeFormat) {
        var fields = Fields(node)
        let event = fields.required("event")?.fieldPath()
        let format = fields.optional("format")?.choice(TimeFormat.self) ?? .iso
        fields.end()
        return (event, format)
    }

    /// What contradicts itself inside one stream.
    private func check(_ node: Node, _ origins: [String: Pointer]) {
        func at(_ key: String) -> Pointer { origins[key] ?? node.at.appending(key) }
        if let keepsFrom, !before.contains(where: { $0.id == keepsFrom }) {
            node.sheet.note(
                .reference,
                at("keepsFrom"),
                "\"keepsFrom\" names \"\(keepsFrom)\", which is no before step.",
                fix: "There are: \(before.map(\.id).joined(separator: ", "))."
            )
        }
        if Set(before.map(\.id)).count < before.count {
            node.sheet.note(
                .reference,
                at("before"),
                "Two before steps have one id.",
                fix: "Give each its own."
            )
        }
        if let join, let first = eventTime?.names.first, ![join.left.name, join.right.name].contains(first) {
            node.sheet.note(
                .reference,
                at("time"),
                "\"time\" reads \"\(first)\", which is no part of the joined event.",
                fix: "Begin with \(join.left.name) or \(join.right.name)."
            )
        }
        guard !isDerived else { return }
        checkCombinations { rule, key, message, fix in
            node.sheet.note(rule, at(key), message, fix: fix)
        }
        guard case .window(let window) = cursor else { return }
        if let kept = retention(), kept < window.initial {
            node.sheet.note(
                .conflict,
                at("cursor"),
                "\"initial\" reaches back further than the source keeps anything.",
                fix: "Make initial at most \(kept.iso8601)."
            )
        }
        if let kept = retention(), kept < window.longest {
            node.sheet.note(
                .conflict,
                at("cursor"),
                "The longest window is longer than the source keeps anything.",
                fix: "Make step.max at most \(kept.iso8601)."
            )
        }
        if window.clock == .available, list.available == nil {
            node.sheet.note(
                .missingKey,
                at("list"),
                "The windows are on the availability clock, and \"list\" does not say where an element tells it.",
                fix: "Add \"available\" to \"list\"."
            )
        }
        if health.lateAfter < window.settle + health.interval {
            node.sheet.note(
                .conflict,
                origins["health"] ?? node.at,
                "A stream with these waits is late as soon as it is asked.",
                fix: "Make lateAfter at least interval and settle together."
            )
        }
    }
}

extension StreamDefinition.List {
    static let missing = Self(
        request: RequestTemplate(service: "", path: Template(literal: "/")),
        items: .root,
        contentID: nil,
        available: nil,
        expires: nil
    )

    private enum Expected: String, CaseIterable {
        case array
    }

    init(_ node: Node) {
        var fields = Fields(node)
        request = fields.required("request").map { RequestTemplate($0, .list) } ?? Self.missing.request
        items = fields.required("items")?.pointer() ?? .root
        // An answer of another shape is an error, never zero records: said in the definition so that it is seen.
        _ = fields.required("expect")?.choice(Expected.self)
        contentID = fields.optional("contentId")?.fieldPath()
        available = fields.optional("available")?.fieldPath()
        expires = fields.optional("expires")?.fieldPath()
        fields.end()
    }
}

extension StreamDefinition.Fetch {
    init(_ node: Node) {
        var fields = Fields(node)
        request =
            fields.required("request").map { RequestTemplate($0, .fetch) }
            ?? StreamDefinition.List.missing.request
        link = fields.optional("link")?.fieldPath()
        items = fields.required("items")?.pointer() ?? .root
        fields.end()
    }
}

extension StreamDefinition.Retention {
    init(_ node: Node) {
        var fields = Fields(node)
        value = fields.required("value")?.span(atLeast: .hours(1)) ?? .days(7)
        plan = fields.optionalText("plan")
        fields.end()
    }
}

extension StreamDefinition.Relist {
    init(_ node: Node) {
        var fields = Fields(node)
        after = fields.required("after")?.span(atLeast: .minutes(1)) ?? .hours(3)
        span = fields.required("span")?.span(atLeast: .minutes(1)) ?? .hours(12)
        fields.end()
    }
}
