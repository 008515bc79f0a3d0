// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

extension Reading {
    /// The feed that a name stands for.
    func feed(_ name: String) throws(SimulatorFailure) -> Feed {
        guard let feed = Feed(rawValue: name) else {
            throw failure("no feed; known are \(Feed.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return feed
    }

    /// The JSON of an item: an object, or a text that holds it byte for byte.
    func itemBody(_ key: String) throws(SimulatorFailure) -> [UInt8]? {
        guard let found = member(key) else { return nil }
        if let text = found.value.stringValue { return Array(text.utf8) }
        guard found.value.objectValue != nil else { throw found.failure("expected an object or a text") }
        return found.value.bytes()
    }
}

extension Scenario.FeedPlan {
    init(_ from: Reading) throws(SimulatorFailure) {
        try from.check("feed")
        self.init(items: try from.whole("items", 0...1_000_000) ?? 0)
        spread = try from.duration("spread") ?? spread
        newest = try from.duration("newest") ?? newest
        seed = try from.whole("seed", 0...Int.max).map { UInt64($0) }
        live = try from.member("live").map(Scenario.Live.read)
        late = try from.member("late").map(Scenario.Lateness.read)
        for entry in try from.list("changes") { changes.append(try entry.moment()) }
        changing = try from.whole("changing", 1...1_000_000) ?? changing
        for entry in try from.list("placed") {
            try entry.check("placedItem")
            placed.append(try Scenario.PlacedItem(entry))
        }
    }
}

extension Scenario.Lateness {
    static func read(_ from: Reading) throws(SimulatorFailure) -> Scenario.Lateness {
        try from.check("late")
        guard let every = try from.whole("every", 1...1_000_000), let by = try from.duration("by") else {
            throw from.failure("needs \"every\" and \"by\"")
        }
        return Scenario.Lateness(every: every, by: by)
    }
}

extension Scenario.PlacedItem {
    /// Reads what makes up an item; the members of `from` are checked by whoever calls.
    init(_ from: Reading, created: Scenario.Moment? = nil) throws(SimulatorFailure) {
        let told = try from.moment("created") ?? created
        guard let told else { throw from.failure("needs the instant \"created\"") }
        self.init(
            created: told,
            visible: try from.moment("visible"),
            removed: try from.moment("removed")
        )
        body = try from.itemBody("body")
        for entry in try from.list("changes") {
            try entry.check("itemChange")
            changes.append(Change(at: try entry.neededMoment("at")))
            changes[changes.count - 1].body = try entry.itemBody("body")
        }
    }
}

extension Scenario.Organization {
    static func read(_ from: Reading) throws(SimulatorFailure) -> Scenario.Organization {
        try from.check("organization")
        var organization = Scenario.Organization(name: try from.needed("name"))
        organization.enterprise = try from.truth("enterprise") ?? organization.enterprise
        for entry in try from.list("tokens") {
            try entry.check("apiToken")
            organization.tokens.append(
                Scenario.Token(
                    try entry.needed("value"),
                    expires: try entry.moment("expires"),
                    reads: try entry.truth("reads") ?? true
                )
            )
        }
        return organization
    }
}
