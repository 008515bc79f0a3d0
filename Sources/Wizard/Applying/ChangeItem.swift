// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON

/// One making of a change: the change itself, for one permission or API where it is made for each.
struct ChangeItem: Sendable {
    let change: Change
    /// For what it is made; empty where it is made once.
    let item: String
    /// What its requests and words may name beside everything else.
    let names: [(name: String, value: Value)]

    /// The makings of `step` in order, `base` being what may be named and `entries` what was made so far.
    static func all(of step: FlowStep, in base: Names, _ entries: [ChangeEntry]) -> [ChangeItem] {
        step.changes.flatMap { change -> [ChangeItem] in
            switch change.each {
            case nil: return [ChangeItem(change: change, item: "", names: [])]
            case .resources?:
                return resources(base, step, entries).map { resource in
                    ChangeItem(change: change, item: resource.id, names: [("resource", resource.value)])
                }
            case .permissions?:
                return resources(base, step, entries).flatMap { resource in
                    (resource.value["permissions"]?.arrayValue ?? []).map { permission in
                        ChangeItem(
                            change: change,
                            item: resource.id + "/" + (permission["id"]?.stringValue ?? ""),
                            names: [("resource", resource.value), ("permission", permission)]
                        )
                    }
                }
            }
        }.filter { item in item.change.when?.holds(in: item.names(over: base)) ?? true }
    }

    /// `base` with what is named for this making.
    func names(over base: Names) -> Names {
        names.reduce(base) { $0.with($1.name, $1.value) }
    }

    /// The APIs with what earlier changes have given for each.
    private static func resources(
        _ base: Names,
        _ step: FlowStep,
        _ entries: [ChangeEntry]
    ) -> [(id: String, value: Value)] {
        (base["resources"]?.arrayValue ?? []).map { value in
            let id = value["appId"]?.stringValue ?? ""
            var object = value.objectValue ?? [:]
            var saved: Object = [:]
            for change in step.changes where change.each == .resources {
                let own = entries.first { $0.change == change.id && $0.item == id }
                for (name, value) in own?.saved ?? [:] { saved[name] = value }
            }
            object["saved"] = .object(saved)
            return (id, .object(object))
        }
    }
}
