// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPServer
import JSON

/// Okta's System Log.
extension Cloud {
    /// What a request asks the log for.
    private struct Wish {
        var from: Timestamp
        var to: Timestamp
        /// Whether it goes by when events came to be seen, and never ends.
        var polls: Bool
        var newestFirst: Bool
        var limit: Int
        var mark: PageMark?
    }

    /// What anybody may read of the organization that a host name belongs to.
    private func oktaOrganization(_ call: Call) -> Response {
        let known = scenario.tenants.first {
            $0.okta != nil && (call.tenant.isEmpty || $0.okta?.name == call.tenant)
        }
        guard let facts = known else { return Response(status: 404) }
        let body: Value = [
            "id": .string("00o" + guid().filter(\.isHexDigit).prefix(17)), "pipeline": "idx",
            "_links": ["organization": ["href": .string("https://\(facts.okta?.name ?? "").okta.com")]],
            "settings": ["analyticsCollectionEnabled": false],
        ]
        return .json(body.text())
    }

    /// One page of an organization's log.
    func oktaLog(_ call: Call, _ acting: [Fault]) throws(Refusal) -> Decision.Answer {
        if call.rest == ".well-known/okta-organization" { return .response(oktaOrganization(call)) }
        let given = call.token(scheme: "SSWS") ?? ""
        guard let facts = owner(of: call), let organization = facts.okta,
            let token = organization.tokens.first(where: { $0.value == given }), isGood(token)
        else { throw badOktaToken(call) }
        let window = quotas.count(
            "okta \(organization.name)",
            knobs.oktaRequests,
            per: .minutes(1),
            at: clock.real
        )
        if let window, window.isOver {
            throw tooManyForOkta(call, status: 429, wait: window.left)
        }
        guard call.request.method == "GET" else {
            throw okta(405, "E0000022", "The endpoint does not support the provided HTTP method", call)
        }
        guard call.rest.lowercased() == "api/v1/logs" else {
            throw okta(404, "E0000007", "Not found: Resource not found: \(call.rest)", call)
        }
        guard token.reads else {
            throw okta(403, "E0000006", "You do not have permission to perform the requested action", call)
        }
        let wish = try wish(call)
        let twists = PageTwists(acting)
        if let widest = twists.widest, wish.to - wish.from > widest {
            throw okta(504, "E0000009", "Internal Server Error", call)
        }
        let (items, more, last) = try events(wish, facts, call, twists)
        let query = call.request.rawQuery
        let own = address(call) + (query.isEmpty ? "" : "?" + query)
        var links = [(name: "Link", value: "<\(own)>; rel=\"self\"")]
        if let next = next(call, wish, more, last, twists) {
            links.append(("Link", "<\(next)>; rel=\"next\""))
        }
        return .page(
            ItemPage(
                items: items,
                generator: ItemGenerator(facts),
                before: "[",
                after: "]",
                headers: oktaHeaders(window) + links
            )
        )
    }

    private func wish(_ call: Call) throws(Refusal) -> Wish {
        var wish = Wish(
            from: now - .days(7),
            to: now + .nanoseconds(1),
            polls: false,
            newestFirst: call.query("sortOrder")?.uppercased() == "DESCENDING",
            limit: 100
        )
        let invalid = okta(400, "E0000031", "Invalid search criteria.", call)
        if let text = call.query("until") {
            guard let until = Timestamp(iso8601: text) else { throw invalid }
            (wish.to, wish.from) = (until, until - .days(7))
        }
        if let text = call.query("since") {
            guard let since = Timestamp(iso8601: text) else { throw invalid }
            wish.from = since
        }
        guard wish.from <= wish.to || call.query("until") == nil else { throw invalid }
        if let order = call.query("sortOrder")?.uppercased(), order != "ASCENDING", order != "DESCENDING" {
            throw invalid
        }
        if let text = call.query("limit") {
            guard let limit = Int(text), (0...1_000).contains(limit) else {
                throw okta(400, "E0000001", "Api validation failed: limit", call)
            }
            wish.limit = limit
        }
        if let text = call.query("after") {
            guard let mark = PageMark(text, key: tokenKey) else { throw invalid }
            wish.mark = mark
        }
        wish.polls = call.query("until") == nil && !wish.newestFirst
        return wish
    }

    /// The events of a page, whether there are more, and where the page ends.
    private func events(
        _ wish: Wish,
        _ facts: Scenario.Tenant,
        _ call: Call,
        _ twists: PageTwists
    ) throws(Refusal) -> ([Item], more: Bool, last: Item.Place?) {
        guard let series = series(facts.id, .okta) else { return ([], false, nil) }
        let accepts = try oktaFilter(call, ItemGenerator(facts))
        let size = min(wish.limit, max(1, knobs.itemsPerPage))
        let limit = twists.isShort ? max(1, size / 2) : size
        var query = ItemSeries.Query(
            from: wish.from,
            to: wish.to,
            after: wish.mark?.place,
            newestFirst: wish.newestFirst,
            limit: limit + 1,
            now: now
        )
        var found: [Item]
        if wish.polls {
            // What came late has happened earlier than it came.
            query.from = wish.from - series.mostLate
            (query.after, query.limit) = (nil, .max)
            found = series.items(query, where: accepts).filter { item in
                item.visible >= wish.from && wish.mark.map { item.arrival > $0.place } ?? true
            }.sorted { $0.arrival < $1.arrival }
        } else {
            found = series.items(query, where: accepts)
        }
        let more = found.count > limit
        found = Array(found.prefix(limit))
        let last = found.last.map { wish.polls ? $0.arrival : $0.place }
        if twists.isEmpty { return ([], true, nil) }
        if twists.repeats, let first = found.first {
            let again = wish.mark.flatMap { Item.parts(ofRank: $0.place.index) }
                .flatMap { series.item($0.index, now: now) }
            found.insert(again ?? first, at: 0)
        }
        return (found, more, last)
    }

    private func oktaFilter(_ call: Call, _ generator: ItemGenerator) throws(Refusal) -> (Item) -> Bool {
        let words = (call.query("q") ?? "").lowercased().split(separator: " ").map(String.init)
        var filter: Filter?
        if let text = call.query("filter") {
            guard let read = Filter(text) else {
                throw okta(400, "E0000031", "Invalid search criteria.", call)
            }
            filter = read
        }
        guard filter != nil || !words.isEmpty else { return { _ in true } }
        return { item in
            let bytes = generator.bytes(item)
            let text = String(decoding: bytes, as: UTF8.self).lowercased()
            guard words.allSatisfy({ text.contains($0) }) else { return false }
            return filter?.matches((try? Value(parsing: bytes)) ?? .null) ?? true
        }
    }

    private func address(_ call: Call) -> String { bases.published + call.request.path }

    private func next(
        _ call: Call,
        _ wish: Wish,
        _ more: Bool,
        _ last: Item.Place?,
        _ twists: PageTwists
    ) -> String? {
        if twists.loops, wish.mark != nil { return address(call) + "?" + call.request.rawQuery }
        guard more || wish.polls || twists.leadsAbroad else { return nil }
        let begin = Item.Place(
            instant: wish.newestFirst ? wish.to : wish.from - .nanoseconds(1),
            index: wish.newestFirst ? .max : -1
        )
        let mark = PageMark(
            page: (wish.mark?.page ?? 1) + 1,
            place: last ?? wish.mark?.place ?? begin,
            issued: now
        )
        let query = (call.query(without: ["after"]) + ["after=\(mark.text(key: tokenKey))"]).joined(
            separator: "&"
        )
        let link = address(call) + "?" + query
        return twists.leadsAbroad ? bases.foreign + link.dropFirst(bases.published.count) : link
    }

    // MARK: Errors

    /// An error of Okta.
    func okta(
        _ status: Int,
        _ code: String,
        _ summary: String,
        _ call: Call,
        _ more: [(name: String, value: String)] = []
    ) -> Refusal {
        let id = "oae" + guid().filter { $0 != "-" }.prefix(20)
        let body: Value = [
            "errorCode": .string(code), "errorSummary": .string(summary), "errorLink": .string(code),
            "errorId": .string(id), "errorCauses": [],
        ]
        return Refusal(
            response: Response(status: status, headers: oktaHeaders(nil) + more, body: body.bytes())
        )
    }

    func badOktaToken(_ call: Call) -> Refusal { okta(401, "E0000011", "Invalid token provided", call) }

    /// Too many requests, as Okta says it.
    func tooManyForOkta(_ call: Call, status: Int, wait: Duration) -> Refusal {
        okta(
            status,
            "E0000047",
            "API call exceeded rate limit due to too many requests.",
            call,
            [
                ("X-Rate-Limit-Limit", String(knobs.oktaRequests)), ("X-Rate-Limit-Remaining", "0"),
                ("X-Rate-Limit-Reset", String((now + wait).seconds + 1)),
            ]
        )
    }

    private func oktaHeaders(_ window: QuotaTable.Window?) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = [
            ("Content-Type", "application/json"), ("X-Okta-Request-Id", guid()),
            ("Cache-Control", "no-cache, no-store"),
        ]
        if let window {
            headers += [
                ("X-Rate-Limit-Limit", String(window.limit)),
                ("X-Rate-Limit-Remaining", String(window.remaining)),
                ("X-Rate-Limit-Reset", String((now + window.left).seconds + 1)),
            ]
        }
        return headers
    }

    /// Whether a token has not ended.
    func isGood(_ token: Scenario.Token) -> Bool {
        token.expires.map { $0.instant(start: start) > now } ?? true
    }
}

extension Item {
    /// Where it stands in a listing by when items came to be seen.
    fileprivate var arrival: Place { Place(instant: visible, index: rank) }
}
