// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

extension Definition {
    /// Notes what no single part can see: names that refer to nothing, and troubles without words.
    func check(_ node: Node) {
        let top = node.at
        let note = node.sheet.note
        unique(note, top)
        checkReferences(note, top)
        checkRequests(note, top)
        checkTokens(note, top)
        checkKeyHeader(note, top)
        // Without the key at all, one finding says it; a hundred that follow from it would hide the rest.
        if node.value["remedies"] != nil { checkRemedies(note, top) }
        checkProbe(note, top)
        checkConfirmations(note, top)
        checkCredentials(note, top)
        checkTier(note, top)
        checkRetired(note, top)
        checkMigrations(note, top)
    }

    typealias Note = (Finding.Rule, Pointer, String, String) -> Void

    private func unique(_ note: Note, _ top: Pointer) {
        func check(_ key: String, _ ids: [String]) {
            var seen: Set<String> = []
            for (i, id) in ids.enumerated() where !seen.insert(id).inserted && !id.isEmpty {
                note(
                    .reference,
                    top.appending(key).appending(i),
                    "\"\(id)\" is given twice in \(key).",
                    "Give each its own name."
                )
            }
        }
        check("credentials", credentials.map(\.name))
        check("streams", streams.map(\.id))
        check("errors", errors.map(\.id))
        check("probe", probe.map(\.id))
        check("quotas", quotas.map(\.id))
        check("permissions", permissions.map(\.value))
        check("licenses", licenses.map(\.id))
        check("watch", watch.map(\.id))
    }

    private func checkReferences(_ note: Note, _ top: Pointer) {
        func known(_ names: [String], _ all: [String], _ at: Pointer, _ what: String) {
            for name in names where !all.contains(name) && !name.isEmpty {
                let near = Near.miss(name, among: all).map { "Did you mean \"\($0)\"? " } ?? ""
                note(
                    .reference,
                    at,
                    "\"\(name)\" is no \(what) of this definition.",
                    near + (all.isEmpty ? "There is none." : "There are: \(all.joined(separator: ", ")).")
                )
            }
        }
        let fields = credentials.map(\.name)
        known(identity.filter { $0 != "cloud" }, fields, top.appending("identity"), "credential")
        for (i, field) in credentials.enumerated() {
            known(
                field.requiredUnless.map { [$0] } ?? [],
                fields,
                top.appending("credentials").appending(i),
                "credential"
            )
        }
        for (i, permission) in permissions.enumerated() {
            known(
                [permission.service],
                services.map(\.name),
                top.appending("permissions").appending(i),
                "service"
            )
        }
        for (i, stream) in streams.enumerated() {
            let at = top.appending("streams").appending(i)
            known(stream.neededPermissions, permissions.map(\.value), at, "permission")
            known(stream.neededLicenses, licenses.map(\.id), at, "license")
            for (j, retention) in stream.retention.enumerated() {
                let place = at.appending("retention").appending(j).appending("plan")
                known(retention.plan.map { [$0] } ?? [], licenses.map(\.id), place, "license")
            }
            let sources = streams.filter { !$0.isDerived && $0.from.isEmpty }.map(\.id)
            known(stream.from, sources, at.appending("from"), "stream that asks its source itself")
        }
        for (i, step) in probe.enumerated() {
            let at = top.appending("probe").appending(i)
            known(step.needs, probe[..<i].map(\.id), at.appending("needs"), "earlier probe step")
            known(step.provides.map(\.field), fields, at.appending("provides"), "credential")
        }
        for (i, rule) in errors.enumerated() {
            known(rule.match.service, services.map(\.name), top.appending("errors").appending(i), "service")
        }
        for (i, rule) in watch.enumerated() {
            // A set is stored by what changed in it, which is no place to look for what happened.
            let watched = streams.filter { stream in
                if case .snapshot = stream.cursor { false } else { !stream.isDerived }
            }
            known(
                [rule.stream],
                watched.map(\.id),
                top.appending("watch").appending(i),
                "stream that asks its source for what happened"
            )
        }
        for (i, item) in prerequisites.enumerated() {
            known(
                item.checkedBy.map { [$0] } ?? [],
                probe.map(\.id),
                top.appending("prerequisites").appending(i),
                "probe step"
            )
        }
        for (i, host) in hosts.enumerated() {
            guard case .entered(let credential, _) = host else { continue }
            known([credential], fields, top.appending("hosts").appending(i), "credential")
        }
    }

    /// A source that lets its tokens go needs another way to what came meanwhile.
    private func checkTokens(_ note: Note, _ top: Pointer) {
        let expires = errors.contains { rule in
            (rule.match.step.isEmpty || rule.match.step.contains(.list))
                && (rule.action == .resetPaging || rule.faultClass == .gone)
        }
        guard expires else { return }
        for (i, stream) in streams.enumerated() {
            guard case .token(let token) = stream.cursor, token.fallback == nil else { continue }
            note(
                .conflict,
                top.appending("streams").appending(i).appending("cursor"),
                "The source may refuse a token, and there is no other way to what came meanwhile.",
                "Add \"fallback\" with the windows to ask for then."
            )
        }
    }

    /// A page's token in the header that carries the key would take the key's place.
    private func checkKeyHeader(_ note: Note, _ top: Pointer) {
        guard let name = auth.header?.name.lowercased() else { return }
        for (i, stream) in streams.enumerated() {
            guard case .header(let header) = stream.paging.target, header.lowercased() == name else {
                continue
            }
            note(
                .conflict,
                top.appending("streams").appending(i).appending("paging"),
                "The token goes into the header \"\(header)\", which carries the key.",
                "Name another header, or put the token into the query or the body."
            )
        }
    }

    private func checkRequests(_ note: Note, _ top: Pointer) {
        for (request, at) in requests(top) {
            if !request.service.isEmpty, service(request.service) == nil {
                note(
                    .reference,
                    at,
                    "\"\(request.service)\" is no service of this definition.",
                    "There are: \(services.map(\.name).joined(separator: ", "))."
                )
            }
            for quota in request.quotas where self.quota(quota) == nil {
                note(
                    .reference,
                    at,
                    "\"\(quota)\" is no quota of this definition.",
                    "Add it to \"quotas\", or correct the name."
                )
            }
        }
        for use in services {
            guard let base = use.base else { continue }
            let at = top.appending("services").appending(use.name).appending("base")
            if base.expressions.isEmpty {
                guard let url = BaseURL(base.source) else {
                    note(.host, at, "\"\(base.source)\" is no address a token may be sent to.", "Use https.")
                    continue
                }
                if !hosts.contains(.exactly(url.host)) {
                    note(.host, at, "\"\(url.host)\" is not among the allowed hosts.", "Add it to \"hosts\".")
                }
            } else if !hosts.contains(where: { if case .entered = $0 { true } else { false } }) {
                note(
                    .host,
                    at,
                    "The address is entered by a person, and no host is allowed for that.",
                    "Add {\"credential\", \"mustEndWith\"} to \"hosts\"."
                )
            }
        }
    }

    /// Every request with its place.
    private func requests(_ top: Pointer) -> [(RequestTemplate, Pointer)] {
        var all: [(RequestTemplate, Pointer)] = []
        if let token = auth.token { all.append((token, top.appending("auth").appending("token"))) }
        for (i, step) in probe.enumerated() {
            if let request = step.request {
                all.append((request, top.appending("probe").appending(i).appending("request")))
            }
            for (j, confirmation) in step.confirm.enumerated() {
                let place = top.appending("probe").appending(i).appending("confirm").appending(j)
                all.append((confirmation.request, place.appending("request")))
            }
            if let ends = step.ends {
                let place = top.appending("probe").appending(i).appending("ends")
                all.append((ends.request, place.appending("request")))
            }
        }
        for (i, stream) in streams.enumerated() {
            let at = top.appending("streams").appending(i)
            for (j, step) in stream.before.enumerated() {
                let place = at.appending("before").appending(j)
                if let look = step.look { all.append((look, place.appending("look"))) }
                all.append((step.request, place.appending("request")))
                if let undo = step.undo { all.append((undo, place.appending("undo").appending("request"))) }
            }
            guard stream.from.isEmpty, !stream.isDerived else { continue }
            all.append((stream.list.request, at.appending("list").appending("request")))
            if let fetch = stream.fetch {
                all.append((fetch.request, at.appending("fetch").appending("request")))
            }
        }
        return all
    }

    private func checkRemedies(_ note: Note, _ top: Pointer) {
        var used: Set<String> = []
        func need(_ id: String?, _ faultClass: FaultClass?, _ at: Pointer, _ what: String) {
            if let id {
                used.insert(id)
                if !remedies.contains(where: { $0.id == id }) {
                    note(
                        .remedy,
                        at,
                        "\(what) names the remedy \"\(id)\", which does not exist.",
                        "Add it to \"remedies\"."
                    )
                }
            } else if faultClass?.isBlocking == true {
                note(
                    .remedy,
                    at,
                    "\(what) is of class \(faultClass?.rawValue ?? "") and has no remedy.",
                    "A person must act here: add \"remedy\"."
                )
            }
        }
        for (i, rule) in errors.enumerated() {
            need(
                rule.remedy,
                rule.faultClass,
                top.appending("errors").appending(i),
                "The rule \"\(rule.id)\""
            )
        }
        for (i, step) in probe.enumerated() {
            let at = top.appending("probe").appending(i)
            need(step.remedy, nil, at, "The step \"\(step.id)\"")
            need(step.starting?.remedy, nil, at.appending("starting"), "The start of \"\(step.id)\"")
            for (j, check) in step.refuse.enumerated() {
                need(
                    check.remedy,
                    check.faultClass,
                    at.appending("refuse").appending(j),
                    "A check of \"\(step.id)\""
                )
            }
        }
        for (i, stream) in streams.enumerated() {
            for (j, step) in stream.before.enumerated() {
                for (k, check) in step.refuse.enumerated() {
                    let at = top.appending("streams").appending(i).appending("before").appending(j)
                    need(
                        check.remedy,
                        check.faultClass,
                        at.appending("refuse").appending(k),
                        "A check of \"\(step.id)\""
                    )
                }
            }
        }
        for (i, rule) in watch.enumerated() {
            need(
                rule.remedy,
                rule.faultClass,
                top.appending("watch").appending(i),
                "The watch \"\(rule.id)\""
            )
        }
        for (i, item) in prerequisites.enumerated() {
            need(
                item.remedy,
                nil,
                top.appending("prerequisites").appending(i),
                "The prerequisite \"\(item.id)\""
            )
        }
        for remedy in remedies where !used.contains(remedy.id) {
            note(
                .remedy,
                top.appending("remedies").appending(remedy.id),
                "The remedy \"\(remedy.id)\" is used by nothing.",
                "Refer to it from an error or a probe step, or leave it out."
            )
        }
    }
}
