// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPServer
import JSON

/// Sign-ins, directory audits and provisioning: logs by time, page by page.
extension Cloud {
    /// One page of a log.
    func report(_ call: Call, _ acting: [Fault]) throws(Refusal) -> Decision.Answer {
        let (token, record) = try graphAccess(call)
        guard let rule = CollectionRule.of(call.operation), call.graphPath.count == 2 else {
            throw notFound(call)
        }
        try admit(call, rule, token, record)
        try checkOptions(call, rule)
        let filter = try filter(call, rule)
        let order = try order(call, rule)
        let top = try top(call, rule)
        let mark = try mark(call)
        let twists = PageTwists(acting)
        let generator = ItemGenerator(record.facts, form: .init(beta: call.graphVersion == "beta"))
        var query = ItemSeries.Query(
            from: Timestamp(nanoseconds: 0),
            to: now + .nanoseconds(1),
            after: mark?.place,
            newestFirst: order.descending,
            limit: 0,
            now: now
        )
        try narrow(&query, filter, rule, call)
        if let widest = twists.widest, query.to - query.from > widest {
            throw graph(504, "GatewayTimeout", "The server could not process the request in time.", call)
        }
        query.from = max(query.from, now - record.reportRetention)
        let size = min(top, max(1, knobs.itemsPerPage))
        let limit = twists.isShort ? max(1, size / 2) : size
        query.limit = limit + 1
        let others =
            filter?.terms.filter { $0.property != rule.time && $0.property != "signInEventTypes" } ?? []
        var found: [Item] = []
        for feed in feeds(filter, rule) {
            found +=
                series(token.tenant, feed)?.items(query) { item in
                    guard !others.isEmpty else { return true }
                    let value = (try? Value(parsing: generator.bytes(item))) ?? .null
                    return others.allSatisfy { $0.matches(value) }
                } ?? []
        }
        found.sort { order.descending ? $0.place > $1.place : $0.place < $1.place }
        var items = Array(found.prefix(limit))
        let begin = Item.Place(
            instant: order.descending ? query.to : query.from - .nanoseconds(1),
            index: order.descending ? .max : -1
        )
        var last = found.count > limit ? items.last?.place : nil
        if twists.isEmpty { (items, last) = ([], mark?.place ?? begin) }
        if twists.repeats {
            let again = mark.flatMap { item(token.tenant, at: $0.place) } ?? items.first
            if let again { items.insert(again, at: 0) }
        }
        let next = last.map {
            PageMark(page: (mark?.page ?? 1) + 1, place: $0, issued: now).text(key: tokenKey)
        }
        let link = graphLink(call, rule, next.map { "$skiptoken=\($0)" }, twists)
        return .page(graphPage(call, rule, items, generator, link))
    }

    /// A page of items of Graph.
    private func graphPage(
        _ call: Call,
        _ rule: CollectionRule,
        _ items: [Item],
        _ generator: ItemGenerator,
        _ link: String?
    ) -> ItemPage {
        ItemPage(
            items: items,
            generator: generator,
            before: graphHead(call, rule, link) + "\"value\":[",
            after: "]}",
            headers: graphHeaders(call)
        )
    }

    /// What stands in front of the items of a page: its context, its count and its next link.
    func graphHead(_ call: Call, _ rule: CollectionRule, _ link: String?, count: Int? = nil) -> String {
        let context = "\(bases.published)/graph/\(call.graphVersion)/$metadata#\(rule.address)"
        var head = "{\"@odata.context\":\(Value.string(context).text()),"
        if let count { head += "\"@odata.count\":\(count)," }
        if let link { head += "\"@odata.nextLink\":\(Value.string(link).text())," }
        return head
    }

    /// The next link of a page: the whole request with another place, or where faults lead.
    func graphLink(_ call: Call, _ rule: CollectionRule, _ place: String?, _ twists: PageTwists) -> String? {
        let address = "\(bases.published)/graph/\(call.graphVersion)/\(rule.address)"
        let isLater = call.query("$skiptoken") != nil || call.query("$skip") != nil
        if twists.loops, isLater { return address + "?" + call.request.rawQuery }
        let dropped: Set<String> = ["$skiptoken", "$skip"]
        guard let place = place ?? (twists.leadsAbroad ? "$skiptoken=abroad" : nil) else { return nil }
        let link = address + "?" + (call.query(without: dropped) + [place]).joined(separator: "&")
        return twists.leadsAbroad ? bases.foreign + link.dropFirst(bases.published.count) : link
    }

    /// The item at a place of a listing by time.
    private func item(_ tenant: String, at place: Item.Place) -> Item? {
        guard let parts = Item.parts(ofRank: place.index) else { return nil }
        return series(tenant, parts.feed)?.item(parts.index, now: now)
    }

    /// The feeds that are asked for: the beta filter chooses among the kinds of sign-ins.
    private func feeds(_ filter: Filter?, _ rule: CollectionRule) -> [Feed] {
        guard rule.feeds.count > 1 else { return rule.feeds }
        guard let term = filter?.terms.first(where: { $0.property == "signInEventTypes" }) else {
            return [.signIns]
        }
        return rule.feeds.filter { term.values.contains($0.signInEventType ?? "") }
    }

    /// Narrows a query to the time that the filter tells.
    private func narrow(
        _ query: inout ItemSeries.Query,
        _ filter: Filter?,
        _ rule: CollectionRule,
        _ call: Call
    ) throws(Refusal) {
        let midnight = Timestamp(seconds: now.seconds / 86_400 * 86_400)
        let floor = midnight - .days(30)
        for term in filter?.terms ?? [] where term.property == rule.time {
            guard let instant = term.instant else { continue }
            let behind = instant + .nanoseconds(1)
            switch term.comparison {
            case .eq: (query.from, query.to) = (max(query.from, instant), min(query.to, behind))
            case .ge: query.from = max(query.from, instant)
            case .gt: query.from = max(query.from, behind)
            case .lt: query.to = min(query.to, instant)
            case .le: query.to = min(query.to, behind)
            default: continue
            }
            let isLower = term.comparison != .lt && term.comparison != .le
            if isLower, instant < floor {
                let day = floor.day.split(separator: "-").compactMap { Int($0) }
                let told = "\(day[1])/\(day[2])/\(day[0]) 12:00:00 AM"
                throw badRequest(
                    "Specified argument was out of the range of valid values. (Parameter 'Minimum allowed time for "
                        + "\(rule.time) is \(told)')",
                    call
                )
            }
        }
    }
}
