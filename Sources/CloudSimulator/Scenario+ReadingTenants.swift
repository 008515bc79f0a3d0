// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

extension Scenario.Tenant {
    init(_ from: Reading) throws(SimulatorFailure) {
        try from.check("tenant")
        self.init(id: try from.guid("id"), domain: try from.needed("domain").lowercased())
        for entry in try from.list("domains") { domains.append(try entry.text().lowercased()) }
        if let found = from.member("auditing") {
            if let on = found.value.boolValue {
                auditing = [Scenario.AuditingChange(on: on)]
            } else if found.value.arrayValue != nil {
                auditing = []
                for entry in try from.list("auditing") { auditing.append(try Scenario.AuditingChange(entry)) }
            } else {
                auditing = [try Scenario.AuditingChange(found)]
            }
        }
        licensed = try from.truth("licensed") ?? licensed
        hasService = try from.truth("hasService") ?? hasService
        subscriptions = try Self.subscriptions(from)
        if let volume = from.member("volume") { content = try Self.content(volume: volume) }
        for (name, plan) in try from.entries("content") {
            content[try plan.contentType(name)] = try Scenario.ContentPlan(plan)
        }
        firstContentDelay = try from.duration("firstContentDelay")
        latency = try from.duration("latency")
        requestsPerMinute = try from.whole("requestsPerMinute", 0...1_000_000_000)
        plans = try from.member("plans")?.texts() ?? plans
        for (name, plan) in try from.entries("feeds") {
            feeds[try plan.feed(name)] = try Scenario.FeedPlan(plan)
        }
        signIn = try from.member("signIn").map { reading throws(SimulatorFailure) in
            try Scenario.SignIn(reading)
        }
        okta = try from.member("okta").map(Scenario.Organization.read)
        github = try from.member("github").map(Scenario.Organization.read)
    }

    /// Either `"all"` or an array of types and objects.
    private static func subscriptions(_ from: Reading) throws(SimulatorFailure) -> [Scenario.Subscribed] {
        guard let found = from.member("subscriptions") else { return [] }
        if found.value == "all" { return ContentType.allCases.map { Scenario.Subscribed($0) } }
        var all: [Scenario.Subscribed] = []
        for entry in try from.list("subscriptions") {
            if let name = entry.value.stringValue {
                all.append(Scenario.Subscribed(try entry.contentType(name)))
                continue
            }
            try entry.check("subscription")
            guard let type = try entry.type("type") else { throw entry.failure("needs the text \"type\"") }
            var one = Scenario.Subscribed(type)
            one.enabled = try entry.truth("enabled") ?? one.enabled
            one.since = try entry.moment("since") ?? one.since
            one.app = try entry.text("app")?.lowercased()
            all.append(one)
        }
        return all
    }

    /// A number of events over all types, by the built-in profile's shares.
    private static func content(volume: Reading) throws(SimulatorFailure) -> [ContentType: Scenario
        .ContentPlan]
    {
        try volume.check("volume")
        guard let events = try volume.whole("events", 0...100_000_000) else {
            throw volume.failure("needs the number \"events\"")
        }
        return Scenario.content(
            events: events,
            eventsPerBlob: try volume.whole("eventsPerBlob", 1...1_000_000) ?? 100,
            spread: try volume.duration("spread") ?? .days(1),
            newest: try volume.duration("newest") ?? .zero,
            live: try volume.member("live").map(Scenario.Live.read) ?? nil
        )
    }
}

extension Scenario {
    /// Plans for all types that together hold `events`, by the profile's shares.
    package static func content(
        events: Int,
        eventsPerBlob: Int = 100,
        spread: Duration = .days(1),
        newest: Duration = .zero,
        live: Live? = nil,
        profile: DistributionProfile = .builtIn
    ) -> [ContentType: ContentPlan] {
        var plans: [ContentType: ContentPlan] = [:]
        for (type, share) in profile.shares(of: events) {
            // Blobs of one size: the last one is rounded away rather than made smaller.
            let blobs = share == 0 ? 0 : max(1, (share + eventsPerBlob / 2) / eventsPerBlob)
            var plan = ContentPlan(
                blobs: blobs,
                eventsPerBlob: blobs == 0 ? 0 : max(1, share / blobs),
                spread: spread,
                newest: newest
            )
            plan.live = live
            plans[type] = plan
        }
        return plans
    }
}

extension Scenario.AuditingChange {
    init(_ from: Reading) throws(SimulatorFailure) {
        try from.check("auditing")
        guard let on = try from.truth("on") else { throw from.failure("needs \"on\": true or false") }
        self.init(
            at: try from.moment("at"),
            on: on,
            answers: try Self.silence(from) ?? .errors,
            onAfterPolls: try Self.polls(from, on: on)
        )
    }

    /// How many are told that auditing is off before it comes on.
    static func polls(_ from: Reading, on: Bool) throws(SimulatorFailure) -> Int? {
        guard let polls = try from.whole("onAfterPolls", 0...1_000_000) else { return nil }
        guard !on else { throw from.failure("goes with \"on\": false", at: "onAfterPolls") }
        return polls
    }

    static func silence(_ from: Reading) throws(SimulatorFailure) -> Silence? {
        guard let text = try from.text("answers") else { return nil }
        guard let answers = Silence(rawValue: text) else {
            throw from.failure("expected errors or empty", at: "answers")
        }
        return answers
    }
}

extension Scenario.Live {
    static func read(_ from: Reading) throws(SimulatorFailure) -> Scenario.Live {
        try from.check("live")
        let events = try from.whole("events", 1...1_000_000) ?? 5
        if let rate = try from.whole("perMinute", 1...60_000) {
            return Scenario.Live(every: .milliseconds(60_000 / rate), events: events)
        }
        guard let every = try from.duration("every"), every >= .milliseconds(1) else {
            throw from.failure("needs \"every\" or \"perMinute\"")
        }
        return Scenario.Live(every: every, events: events)
    }
}

extension Scenario.ContentPlan {
    init(_ from: Reading) throws(SimulatorFailure) {
        try from.check("content")
        self.init()
        blobs = try from.whole("blobs", 0...99_999) ?? 0
        eventsPerBlob = try from.whole("eventsPerBlob", 0...1_000_000) ?? eventsPerBlob
        spread = try from.duration("spread") ?? spread
        newest = try from.duration("newest") ?? newest
        if let daily = try from.whole("eventsPerDay", 1...100_000_000) {
            guard eventsPerBlob > 0, from.member("blobs") == nil else {
                throw from.failure("goes with eventsPerBlob and without blobs", at: "eventsPerDay")
            }
            let events = Double(daily) * Double(spread.wholeSeconds) / 86_400
            blobs = min(99_999, max(1, Int((events / Double(eventsPerBlob)).rounded())))
        }
        repeatEvery = try from.whole("repeatEvery", 0...1_000_000) ?? 0
        live = try from.member("live").map(Scenario.Live.read)
        for entry in try from.list("placed") { placed.append(try Scenario.PlacedBlob(entry)) }
    }
}

extension Scenario.PlacedBlob {
    init(_ from: Reading) throws(SimulatorFailure) {
        try from.check("placed")
        self.init(
            created: try from.neededMoment("created"),
            visible: try from.moment("visible"),
            try Self.content(from)
        )
    }

    /// What a placed blob holds, from the one member that says so.
    static func content(_ from: Reading) throws(SimulatorFailure) -> Content {
        let given = ["events", "lines", "body", "file"].filter { from.member($0) != nil }
        guard given.count == 1 else { throw from.failure("needs one of events, lines, body and file") }
        if let path = try from.text("file") {
            // Looked at now, so that a missing file is an error of the scenario.
            _ = try LineFile.lines(path)
            return .file(
                path: path,
                perBlob: try from.whole("perBlob", 1...1_000_000) ?? 1_000_000,
                every: try from.duration("every") ?? .seconds(60)
            )
        }
        if let body = try from.text("body") { return .body(Array(body.utf8)) }
        if let count = try from.whole("events", 0...1_000_000) { return .generated(count) }
        var lines: [[UInt8]] = []
        for line in try from.list("lines") { lines.append(Array(try line.text().utf8)) }
        return .lines(lines)
    }
}

extension Scenario.Fleet {
    init(_ from: Reading) throws(SimulatorFailure) {
        try from.check("fleet")
        guard let count = try from.whole("count", 0...10_000_000) else {
            throw from.failure("needs \"count\"")
        }
        self.init(count: count, prefix: try from.text("prefix") ?? "tenant", app: try from.guid("app"))
        if from.member("roles") != nil {
            roles = []
            for role in try from.list("roles") { roles.append(try role.text()) }
        }
        if from.member("subscriptions") != nil {
            subscriptions = []
            for type in try from.list("subscriptions") {
                subscriptions.append(try type.contentType(type.text()))
            }
        }
        for (name, plan) in try from.entries("content") {
            content[try plan.contentType(name)] = try Scenario.ContentPlan(plan)
        }
    }
}
