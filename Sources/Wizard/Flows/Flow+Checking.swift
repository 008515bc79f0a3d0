// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON

extension Flow {
    /// What can only be seen of the whole: names that lead nowhere, and steps that nobody could leave.
    func check(_ node: Node) {
        let sheet = node.sheet
        var seen: Set<String> = []
        for (index, step) in steps.enumerated() {
            let at = Pointer(tokens: ["steps", String(index)])
            if !seen.insert(step.id).inserted {
                sheet.note(
                    .reference,
                    at.appending("id"),
                    "The step \"\(step.id)\" is there twice.",
                    fix: "Give each step an id of its own."
                )
            }
            for (outcome, target) in step.next.sorted(by: { $0.key < $1.key }) {
                lead(target, from: at.appending("next").appending(outcome), sheet)
            }
            for (number, option) in step.options.enumerated() {
                if let target = option.goto {
                    lead(target, from: at.appending("options").appending(number).appending("goto"), sheet)
                }
            }
            if let of = step.of, self.step(of)?.kind != .apply {
                sheet.note(
                    .reference,
                    at.appending("of"),
                    "names the step \"\(of)\", which changes nothing.",
                    fix: "Name a step of the kind apply."
                )
            }
            for (number, change) in step.changes.enumerated() {
                check(change, at.appending("changes").appending(number), sheet)
            }
            if step.run == .signIn, signIn == nil {
                sheet.note(
                    .missingKey,
                    at.appending("run"),
                    "lets a person sign in, and the flow does not say how.",
                    fix: "Add \"signIn\" to the flow."
                )
            }
            if step.kind == .apply, step.run == .changes,
                !steps.prefix(index).contains(where: { $0.of == step.id })
            {
                sheet.note(
                    .conflict,
                    at,
                    "changes something that nobody agreed to.",
                    fix: "Put a step of the kind confirm with \"of\": \"\(step.id)\" before it."
                )
            }
        }
        checkIssuing(sheet)
        if steps.last?.kind != .summary {
            sheet.note(
                .missingKey,
                Pointer(tokens: ["steps"]),
                "The flow does not end with a summary.",
                fix: "Add a step of the kind summary as the last one."
            )
        }
        if let signIn {
            for (key, name) in [("service", signIn.service), ("for", signIn.for)]
            where asker?.service(name) == nil {
                unknown(name, Pointer(tokens: ["signIn", key]), sheet)
            }
            if let look = signIn.look {
                check(look.request, Pointer(tokens: ["signIn", "look", "request"]), sheet)
            }
        }
    }

    /// Notes a secret that no change makes, and one that is made and that nobody waits for.
    private func checkIssuing(_ sheet: Sheet) {
        let waits = steps.firstIndex { $0.offers.contains(.issued) }
        let makes = steps.firstIndex { $0.changes.contains { $0.saveSecret != nil } }
        if let waits, makes.map({ $0 < waits }) ?? true {
            sheet.note(
                .conflict,
                Pointer(tokens: ["steps", String(waits), "offers"]),
                "offers a secret that no later change makes.",
                fix: "Add a change with \"saveSecret\" after it, or leave \"issued\" out."
            )
        }
        if let makes, waits == nil {
            sheet.note(
                .conflict,
                Pointer(tokens: ["steps", String(makes), "changes"]),
                "makes a secret that no step offers.",
                fix: "Add a step of the kind secret that offers \"issued\" before it."
            )
        }
        for (index, step) in steps.enumerated() {
            for (number, change) in step.changes.enumerated()
            where change.saveSecret != nil && (change.find == nil || change.undo == nil) {
                sheet.note(
                    .missingKey,
                    Pointer(tokens: ["steps", String(index), "changes", String(number)]),
                    "makes a secret, and could not take away one whose answer was lost.",
                    fix: "Add \"find\" and \"undo\"."
                )
            }
        }
    }

    private func lead(_ target: String, from at: Pointer, _ sheet: Sheet) {
        guard step(target) == nil else { return }
        sheet.note(
            .reference,
            at,
            "leads to the step \"\(target)\", which there is none of.",
            fix: "There are: \(steps.map(\.id).joined(separator: ", "))."
        )
    }

    private func check(_ change: Change, _ at: Pointer, _ sheet: Sheet) {
        check(change.request, at.appending("request"), sheet)
        if let find = change.find { check(find.request, at.appending("find").appending("request"), sheet) }
        if let look = change.readBack {
            check(look.request, at.appending("readBack").appending("request"), sheet)
        }
        if let undo = change.undo { check(undo, at.appending("undo"), sheet) }
        let rules = Set(asker?.errors.map(\.id) ?? [])
        let named = [("accept", change.accept), ("retry", change.retry?.on ?? [])]
        for (key, names) in named {
            for name in names where !rules.contains(name) {
                sheet.note(
                    .reference,
                    at.appending(key),
                    "names the error rule \"\(name)\", which the flow does not have.",
                    fix: "Name a rule of \"errors\"."
                )
            }
        }
    }

    private func check(_ request: RequestTemplate, _ at: Pointer, _ sheet: Sheet) {
        if asker?.service(request.service) == nil { unknown(request.service, at.appending("service"), sheet) }
    }

    private func unknown(_ service: String, _ at: Pointer, _ sheet: Sheet) {
        let known = asker?.services.map(\.name).joined(separator: ", ") ?? ""
        sheet.note(
            .reference,
            at,
            "names the service \"\(service)\", which the flow does not have.",
            fix: known.isEmpty ? "Add \"services\" to the flow." : "There are: \(known)."
        )
    }
}
