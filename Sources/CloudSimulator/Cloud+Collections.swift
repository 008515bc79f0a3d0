// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPServer
import JSON

/// Risk, service health, alerts and incidents: states that change, listed as they stand now.
extension Cloud {
    /// One item with all that orders and filters look at.
    private struct Standing {
        var item: Item
        var bytes: [UInt8]
        var value: Value

        func instant(_ property: String) -> Timestamp? {
            value[property]?.stringValue.flatMap { Timestamp(iso8601: $0) }
        }
    }

    /// One page of a collection, or one item of it.
    func collection(_ call: Call, _ acting: [Fault]) throws(Refusal) -> Decision.Answer {
        let (token, record) = try graphAccess(call)
        guard let rule = CollectionRule.of(call.operation) else { throw notFound(call) }
        try admit(call, rule, token, record)
        try checkOptions(call, rule)
        let generator = ItemGenerator(record.facts, form: .init(capitals: knobs.capitals))
        var all = standing(rule.feeds[0], record, generator)
        let depth = rule.address.split(separator: "/").count
        if call.graphPath.count > depth { return .response(try entity(call, rule, all)) }
        let filter = try filter(call, rule)
        let order = try order(call, rule)
        let top = try top(call, rule)
        let skip = try skip(call, rule)
        let mark = try mark(call)
        let twists = PageTwists(acting)
        if let filter { all.removeAll { !filter.matches($0.value) } }
        all.sort { left, right in
            let (one, other) = (left.instant(order.property), right.instant(order.property))
            // What has no time stands in its own order.
            guard let one, let other, one != other else { return left.item.index < right.item.index }
            return order.descending ? one > other : one < other
        }
        let first = min(all.count, mark?.place.index ?? skip)
        let size = min(top, max(1, knobs.itemsPerPage))
        var end = min(all.count, first + (twists.isShort ? max(1, size / 2) : size))
        if twists.isEmpty { end = first }
        var page = Array(all[first..<end])
        if twists.repeats, let again = first > 0 ? all[first - 1] : page.first { page.insert(again, at: 0) }
        var place: String?
        if end < all.count || twists.isEmpty {
            let next = PageMark(
                page: (mark?.page ?? 1) + 1,
                place: Item.Place(instant: now, index: end),
                issued: now
            )
            place = rule.linksBySkip ? "$skip=\(end)" : "$skiptoken=\(next.text(key: tokenKey))"
        }
        let link = graphLink(call, rule, place, twists)
        let count = call.query("$count")?.lowercased() == "true" ? all.count : nil
        var body = Array((graphHead(call, rule, link, count: count) + "\"value\":[").utf8)
        for (number, one) in page.enumerated() {
            if number > 0 { body.append(0x2c) }
            body.append(contentsOf: try shape(one, call, record, generator))
        }
        body.append(contentsOf: Array("]}".utf8))
        return .response(Response(headers: graphHeaders(call), body: body))
    }

    private func standing(_ feed: Feed, _ record: TenantRecord, _ generator: ItemGenerator) -> [Standing] {
        // Without any subscription there is nothing to announce.
        let isAnnouncement = feed == .healthOverviews || feed == .issues || feed == .messages
        if isAnnouncement, !record.facts.licensed { return [] }
        return (series(record.facts.id, feed)?.all(now: now) ?? []).map { item in
            let bytes = generator.bytes(item)
            return Standing(item: item, bytes: bytes, value: (try? Value(parsing: bytes)) ?? .null)
        }
    }

    private func entity(_ call: Call, _ rule: CollectionRule, _ all: [Standing]) throws(Refusal) -> Response {
        guard let id = call.graphPath.last,
            let found = all.first(where: { $0.value["id"]?.stringValue == id })
        else { throw notFound(call) }
        let head = String(graphHead(call, rule, nil).dropLast(2)) + "/$entity\","
        return Response(headers: graphHeaders(call), body: Array(head.utf8) + found.bytes.dropFirst())
    }

    /// An item as `$select` and `$expand` want it.
    private func shape(
        _ one: Standing,
        _ call: Call,
        _ record: TenantRecord,
        _ generator: ItemGenerator
    ) throws(Refusal) -> [UInt8] {
        guard var object = one.value.objectValue else { return one.bytes }
        var isChanged = false
        if let text = call.query("$select") {
            let wanted = Set(text.split(separator: ",").map { $0.filter { $0 != " " } })
            object = Object(object.filter { wanted.contains($0.key) }.map { ($0.key, $0.value) })
            isChanged = true
        }
        if let text = call.query("$expand") {
            let isIncident = call.operation == .incidents
            guard text == (isIncident ? "alerts" : "issues") else {
                throw badRequest("Parsing OData Select and Expand failed: no property '\(text)'.", call)
            }
            if isIncident, knobs.expandFails {
                throw graph(500, "InternalServerError", "Internal Server Error", call)
            }
            let mine = standing(isIncident ? .alerts : .issues, record, generator).filter { other in
                isIncident
                    ? other.value["incidentId"] == one.value["id"]
                    : other.value["service"] == one.value["service"]
            }
            object[text] = .array(mine.map(\.value))
            isChanged = true
        }
        return isChanged ? Value.object(object).bytes() : one.bytes
    }
}
