// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

/// What the feeds hold, and changing it while the cloud runs.
extension Cloud {
    /// Every item of a feed that can be seen now, or every state in which one could be seen until now.
    func held(_ id: String, _ feed: Feed, states: Bool) -> [Simulator.HeldItem] {
        guard let facts = tenant(id), let series = series(facts.id, feed) else { return [] }
        // Only what is known as beta has no older form.
        let form = ItemGenerator.Form(
            beta: feed.signInEventType != nil && feed != .signIns,
            capitals: knobs.capitals
        )
        let generator = ItemGenerator(facts, form: form)
        return (states ? series.states(now: now) : series.all(now: now)).map { item in
            let bytes = generator.bytes(item)
            let key = (try? Value(parsing: bytes))?[feed.key]?.stringValue ?? ""
            return Simulator.HeldItem(
                index: item.index,
                id: key,
                created: item.created,
                visible: item.visible,
                updated: item.updated,
                bytes: bytes
            )
        }
    }

    /// Puts an item and answers its index.
    func addItem(_ item: Scenario.PlacedItem, tenant id: String, _ feed: Feed) -> Int? {
        guard let facts = record(id)?.facts else { return nil }
        let plan = Scenario.FeedPlan()
        var series =
            series(id, feed)
            ?? ItemSeries(plan, feed: feed, tenant: facts.id, seed: scenario.seed, start: start)
        let index = series.place(item)
        let changed = series
        _ = change(id) { $0.feeds[feed] = changed }
        return index
    }

    /// Changes an item once more.
    func touch(_ index: Int, tenant id: String, _ feed: Feed, at instant: Timestamp) {
        guard var series = series(id, feed) else { return }
        series.touch(index, at: instant)
        let changed = series
        _ = change(id) { $0.feeds[feed] = changed }
    }

    /// Gives a tenant other service plans.
    func setPlans(_ plans: [String], tenant id: String) { _ = change(id) { $0.changedPlans = plans } }

    // MARK: Over the control path

    func heldItems(_ call: Call) throws(SimulatorFailure) -> Value {
        guard let id = call.query("tenant").flatMap({ tenant($0.lowercased())?.id }),
            let feed = call.query("feed").flatMap({ Feed(rawValue: $0) })
        else { throw .scenario(pointer: "", line: nil, reason: "items needs tenant and feed") }
        return .array(held(id, feed, states: call.query("states") == "true").map(\.value))
    }

    private func feed(_ from: Reading) throws(SimulatorFailure) -> Feed {
        guard let found = from.member("feed") else { throw from.failure("needs the text \"feed\"") }
        return try found.feed(found.text())
    }

    func addItem(_ from: Reading) throws(SimulatorFailure) -> Value {
        try from.check("controlItem")
        let item = try Scenario.PlacedItem(from, created: .at(now))
        let index = addItem(item, tenant: try knownTenant(from), try feed(from))
        return ["index": index.map { .int($0) } ?? .null]
    }

    func changeItem(_ from: Reading) throws(SimulatorFailure) -> Value {
        try from.check("controlChange")
        guard let index = try from.whole("index", 0...Int.max) else {
            throw from.failure("needs the number \"index\"")
        }
        let at = try from.moment("at")?.instant(start: start) ?? now
        touch(index, tenant: try knownTenant(from), try feed(from), at: at)
        return ["at": .string(at.millisecondsText)]
    }

    func setPlans(_ from: Reading) throws(SimulatorFailure) -> Value {
        try from.check("controlPlans")
        guard let plans = try from.member("plans")?.texts() else { throw from.failure("needs \"plans\"") }
        setPlans(plans, tenant: try knownTenant(from))
        return ["plans": .array(plans.map { .string($0) })]
    }
}

extension Simulator.HeldItem {
    /// The item as JSON.
    var value: Value {
        [
            "index": .int(index), "id": .string(id), "created": .string(created.ticksText),
            "visible": .string(visible.ticksText), "updated": .string(updated.ticksText),
            "item": (try? Value(parsing: bytes)) ?? .string(String(decoding: bytes, as: UTF8.self)),
        ]
    }
}
