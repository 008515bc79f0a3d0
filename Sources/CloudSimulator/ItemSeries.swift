// SPDX-License-Identifier: Apache-2.0
import Basics

/// All items of one feed of one tenant: planned, coming as time passes, and placed.
///
/// Nothing of a generated item but its time is kept; its bytes are made when they are asked for.
struct ItemSeries: Sendable {
    /// Which items a page holds, by when they say they happened.
    struct Query {
        var from: Timestamp
        /// The first instant that no longer belongs to it.
        var to: Timestamp
        var after: Item.Place?
        var newestFirst: Bool
        var limit: Int
        var now: Timestamp
    }

    /// An item whose place, and perhaps whose bytes, were given.
    struct Placed: Sendable {
        var created: Timestamp
        var visible: Timestamp
        var removed: Timestamp?
        var body: [UInt8]?
        var changes: [(at: Timestamp, body: [UInt8]?)]
    }

    private static let firstLive = 1_000_000
    private static let firstPlaced = 2_000_000_000

    let feed: Feed
    private let plan: Scenario.FeedPlan
    private let start: Timestamp
    private let seed: UInt64
    /// When each planned item happened, in order.
    private let times: [Timestamp]
    /// When all changing items change, in order.
    private let changes: [Timestamp]
    private var placed: [Placed] = []
    /// When single items changed on top of the plan.
    private var touched: [Int: [Timestamp]] = [:]

    init(_ plan: Scenario.FeedPlan, feed: Feed, tenant: String, seed: UInt64, start: Timestamp) {
        self.plan = plan
        self.feed = feed
        self.start = start
        self.seed = plan.seed ?? seed
        changes = plan.changes.map { $0.instant(start: start) }.sorted()
        var random = SeededRandom(seed: self.seed, "item times", tenant, feed.rawValue)
        let count = min(plan.items, Self.firstLive)
        let first = (start - plan.newest - plan.spread).nanoseconds
        let step = count > 0 ? Double(plan.spread.wholeNanoseconds) / Double(count) : 0
        let tick = feed.tick
        times = (0..<count).map { index in
            let nanoseconds = first + Int64((Double(index) + random.fraction()) * step)
            // Some tell whole seconds only, as real ones do.
            let unit = index % 8 == 3 ? 1_000_000_000 : tick
            return Timestamp(nanoseconds: nanoseconds - nanoseconds % unit)
        }.sorted()
        for given in plan.placed { place(given) }
    }

    /// Puts an item at an exact place and answers its index.
    @discardableResult
    mutating func place(_ given: Scenario.PlacedItem) -> Int {
        let created = given.created.instant(start: start)
        placed.append(
            Placed(
                created: created,
                visible: max(created, given.visible?.instant(start: start) ?? created),
                removed: given.removed?.instant(start: start),
                body: given.body,
                changes: given.changes.map { (at: $0.at.instant(start: start), body: $0.body) }
                    .sorted { $0.at < $1.at }
            )
        )
        return Self.firstPlaced + placed.count - 1
    }

    /// Changes a generated item once more.
    mutating func touch(_ index: Int, at instant: Timestamp) {
        touched[index, default: []].append(instant)
        touched[index]?.sort()
    }

    // MARK: Listing

    /// The items of a page that can be seen; `accepts` is asked only while there is room.
    func items(_ query: Query, where accepts: (Item) -> Bool = { _ in true }) -> [Item] {
        var query = query
        if let after = query.after {
            if query.newestFirst {
                query.to = min(query.to, after.instant + .nanoseconds(1))
            } else {
                query.from = max(query.from, after.instant)
            }
        }
        var found: [Item] = []
        gather(planned(query), query, accepts, &found)
        if let live = plan.live, live.every > .zero, live.events > 0 {
            gather(coming(query, live), query, accepts, &found)
        }
        // Placed ones are in no order.
        var all = query
        all.limit = .max
        gather(Self.firstPlaced..<Self.firstPlaced + placed.count, all, accepts, &found)
        found.sort { query.newestFirst ? $0.place > $1.place : $0.place < $1.place }
        return Array(found.prefix(query.limit))
    }

    /// The longest time between when an item happened and when it can be seen.
    var mostLate: Duration { placed.map { $0.visible - $0.created }.reduce(plan.late?.by ?? .zero, max) }

    /// Every item that can be seen now, oldest first.
    func all(now: Timestamp) -> [Item] {
        items(
            Query(
                from: Timestamp(nanoseconds: 0),
                to: now + .seconds(1),
                after: nil,
                newestFirst: false,
                limit: .max,
                now: now
            )
        )
    }

    /// Every state in which an item could be seen until now, item by item.
    func states(now: Timestamp) -> [Item] {
        all(now: now).flatMap { last in
            let moments = [last.visible] + changesOf(last.index, last.created).filter { $0 > last.visible }
            return moments.compactMap { $0 <= now ? item(last.index, now: $0) : nil }
        }
    }

    /// The item at `index` as it stands at `now`; `nil` where there is none to see.
    func item(_ index: Int, now: Timestamp) -> Item? {
        let created: Timestamp
        var body: [UInt8]?
        var visible: Timestamp
        switch index {
        case 0..<times.count:
            created = times[index]
            visible = created + lateness(index)
        case Self.firstLive..<Self.firstPlaced:
            guard let live = plan.live, live.events > 0 else { return nil }
            let number = (index - Self.firstLive) / live.events + 1
            created = start + live.every * number
            visible = created + lateness(index - Self.firstLive)
        case Self.firstPlaced..<Self.firstPlaced + placed.count:
            let given = placed[index - Self.firstPlaced]
            if let removed = given.removed, removed <= now { return nil }
            (created, visible, body) = (given.created, given.visible, given.body)
            if let last = given.changes.last(where: { $0.at <= now }), let new = last.body { body = new }
        default: return nil
        }
        guard visible <= now else { return nil }
        let past = changesOf(index, created).filter { $0 <= now }
        return Item(
            feed: feed,
            index: index,
            created: created,
            visible: visible,
            version: past.count,
            updated: past.last ?? created,
            body: body,
            seed: seed
        )
    }

    /// Adds what of some places belongs to a page, as long as there is room.
    private func gather(
        _ indices: Range<Int>,
        _ query: Query,
        _ accepts: (Item) -> Bool,
        _ found: inout [Item]
    ) {
        var taken = 0
        for step in 0..<indices.count {
            if taken >= query.limit { return }
            let index = query.newestFirst ? indices.upperBound - 1 - step : indices.lowerBound + step
            guard let item = item(index, now: query.now), item.created >= query.from,
                item.created < query.to
            else { continue }
            if let after = query.after {
                guard query.newestFirst ? item.place < after : item.place > after else { continue }
            }
            guard accepts(item) else { continue }
            found.append(item)
            taken += 1
        }
    }

    /// The places of the planned items in a span.
    private func planned(_ query: Query) -> Range<Int> {
        let (low, high) = (firstPlanned(query.from), firstPlanned(query.to))
        return low..<max(low, high)
    }

    /// The places of the live items in a span.
    private func coming(_ query: Query, _ live: Scenario.Live) -> Range<Int> {
        let every = live.every.wholeNanoseconds
        // The n-th group, from 1, comes at start + n × every.
        let low = max(1, ((query.from - start).wholeNanoseconds + every - 1) / every)
        let last = (min(query.to, query.now + .nanoseconds(1)) - start).wholeNanoseconds - 1
        let high = last < 0 ? 0 : last / every
        let first = min(Self.firstPlaced, Self.firstLive + Int(max(0, low - 1)) * live.events)
        let end = min(Self.firstPlaced, Self.firstLive + Int(max(0, high)) * live.events)
        return first..<max(first, end)
    }

    /// How much later than it happened a generated item can be seen.
    private func lateness(_ index: Int) -> Duration {
        guard let late = plan.late, index % late.every == late.every - 1 else { return .zero }
        return late.by
    }

    /// When an item changes: as it was given, or as the plan says and the control said.
    private func changesOf(_ index: Int, _ created: Timestamp) -> [Timestamp] {
        if index >= Self.firstPlaced, index - Self.firstPlaced < placed.count {
            let given = placed[index - Self.firstPlaced].changes.map(\.at)
            return (given + (touched[index] ?? [])).sorted()
        }
        let planned = feed.isLog || changes.isEmpty || index % plan.changing != 0 ? [] : changes
        guard let more = touched[index] else { return planned.filter { $0 > created } }
        return (planned + more).filter { $0 > created }.sorted()
    }

    /// The first planned item that did not happen before `instant`.
    private func firstPlanned(_ instant: Timestamp) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] < instant { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
