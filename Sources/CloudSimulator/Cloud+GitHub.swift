// SPDX-License-Identifier: Apache-2.0
import Basics
import HTTPServer
import JSON

/// The audit log of a GitHub organization.
extension Cloud {
    /// One page of an organization's log.
    func gitHubLog(_ call: Call, _ acting: [Fault]) throws(Refusal) -> Decision.Answer {
        guard call.request.header("User-Agent") != nil else {
            throw gitHub(
                403,
                "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.",
                call
            )
        }
        guard let given = call.token ?? call.token(scheme: "token") else {
            throw gitHub(401, "Requires authentication", call)
        }
        let holder = scenario.tenants.first { $0.github?.tokens.contains { $0.value == given } ?? false }
        guard let holder, let token = holder.github?.tokens.first(where: { $0.value == given }), isGood(token)
        else { throw badGitHubToken(call) }
        let window = quotas.count("github \(given)", knobs.githubRequests, per: .hours(1), at: clock.real)
        if let window, window.isOver {
            throw tooManyForGitHub(call, status: 403, wait: window.left)
        }
        if let version = call.request.header("X-GitHub-Api-Version"), version != "2022-11-28" {
            throw gitHub(400, "Version \(version) is not supported by this API.", call)
        }
        let parts = call.rest.split(separator: "/").map { Request.decoded($0).lowercased() }
        if call.request.method == "GET", parts.count == 2, let facts = owner(of: call), facts.id == holder.id
        {
            return .response(gitHubOrganization(facts, token, window))
        }
        // What may not be seen is said not to be there.
        guard call.request.method == "GET", parts.count == 3, parts[2] == "audit-log",
            let facts = owner(of: call), facts.id == holder.id, let organization = facts.github,
            organization.enterprise, token.reads
        else { throw gitHub(404, "Not Found", call) }
        let twists = PageTwists(acting)
        let generator = ItemGenerator(facts)
        let (query, isBackward) = try gitHubQuery(call, twists)
        let accepts = try gitHubFilter(call, generator)
        var found = series(facts.id, .github)?.items(query, where: accepts) ?? []
        let limit = query.limit - 1
        let more = found.count > limit
        found = Array(found.prefix(limit))
        if isBackward { found.reverse() }
        var last = more || isBackward ? found.last?.place : nil
        if twists.isEmpty {
            let begin = Item.Place(
                instant: query.newestFirst ? query.to : query.from - .nanoseconds(1),
                index: query.newestFirst ? .max : -1
            )
            (found, last) = ([], query.after ?? begin)
        }
        if twists.repeats, let first = found.first {
            let again = query.after.flatMap { Item.parts(ofRank: $0.index) }
                .flatMap { series(facts.id, .github)?.item($0.index, now: now) }
            found.insert(again ?? first, at: 0)
        }
        let headers = gitHubHeaders(window) + links(call, generator, found, last, twists)
        return .page(
            ItemPage(items: found, generator: generator, before: "[", after: "]", headers: headers)
        )
    }

    /// What the organization's own members are told of it, and what the token was made for.
    private func gitHubOrganization(
        _ facts: Scenario.Tenant,
        _ token: Scenario.Token,
        _ window: QuotaTable.Window?
    ) -> Response {
        let name = facts.github?.name ?? ""
        let body: Value = [
            "login": .string(name), "id": .int(Int64(ItemGenerator(facts).organizationNumber)),
            "type": "Organization",
            "plan": ["name": facts.github?.enterprise ?? true ? "enterprise" : "team"],
        ]
        let scopes = token.reads ? "read:audit_log" : "read:org"
        return Response(
            headers: gitHubHeaders(window) + [("X-OAuth-Scopes", scopes)],
            body: Array(body.text().utf8)
        )
    }

    /// What the parameters ask for, and whether it is read towards the front.
    private func gitHubQuery(
        _ call: Call,
        _ twists: PageTwists
    ) throws(Refusal) -> (ItemSeries.Query, isBackward: Bool) {
        let asked = call.query("per_page").flatMap { Int($0) } ?? 30
        let size = min(max(1, min(asked, 100)), max(1, knobs.itemsPerPage))
        var query = ItemSeries.Query(
            from: now - .days(90),
            to: now + .nanoseconds(1),
            after: nil,
            newestFirst: call.query("order")?.lowercased() != "asc",
            limit: (twists.isShort ? max(1, size / 2) : size) + 1,
            now: now
        )
        for word in (call.query("phrase") ?? "").split(separator: " ") where word.hasPrefix("created:") {
            try narrow(&query, word.dropFirst(8), call)
        }
        // Older ones are gone for good.
        query.from = max(query.from, now - .days(180))
        var isBackward = false
        for name in ["after", "before"] {
            guard let text = call.query(name), !text.isEmpty else { continue }
            guard let mark = PageMark(text, key: tokenKey) else { throw lostPage(call) }
            query.after = mark.place
            isBackward = name == "before"
        }
        if isBackward { query.newestFirst.toggle() }
        return (query, isBackward)
    }

    /// Narrows a query by a qualifier such as `>=2026-11-01T00:00:00Z` or `2026-11-01..2026-11-03`.
    private func narrow(_ query: inout ItemSeries.Query, _ text: Substring, _ call: Call) throws(Refusal) {
        let invalid = gitHub(422, "Invalid search query", call)
        if let dots = text.firstRange(of: "..") {
            let (first, last) = (text[..<dots.lowerBound], text[dots.upperBound...])
            guard let from = Timestamp(iso8601: first), let to = Timestamp(iso8601: last) else {
                throw invalid
            }
            (query.from, query.to) = (from, end(of: to, last))
            return
        }
        let sign = text.prefix { $0 == ">" || $0 == "<" || $0 == "=" }
        let rest = text.dropFirst(sign.count)
        guard let instant = Timestamp(iso8601: rest) else { throw invalid }
        switch sign {
        case ">=": query.from = instant
        case ">": query.from = end(of: instant, rest)
        case "<": (query.from, query.to) = (Timestamp(nanoseconds: 0), instant)
        case "<=": (query.from, query.to) = (Timestamp(nanoseconds: 0), end(of: instant, rest))
        case "", "=": (query.from, query.to) = (instant, end(of: instant, rest))
        default: throw invalid
        }
    }

    /// The first instant behind a day, or behind the smallest part of an instant that was told.
    private func end(of instant: Timestamp, _ text: Substring) -> Timestamp {
        if !text.contains("T") { return instant + .days(1) }
        return instant + (text.contains(".") ? .milliseconds(1) : .seconds(1))
    }

    private func gitHubFilter(_ call: Call, _ generator: ItemGenerator) throws(Refusal) -> (Item) -> Bool {
        let include = call.query("include")?.lowercased() ?? "web"
        guard ["web", "git", "all"].contains(include) else {
            throw gitHub(422, "Invalid value for include.", call)
        }
        let words = (call.query("phrase") ?? "").split(separator: " ").map { $0.lowercased() }
            .filter { !$0.hasPrefix("created:") }
        let oldestGit = now - .days(7)
        return { item in
            let isGit = ItemGenerator.isGit(item)
            guard include == "all" || isGit == (include == "git"), !isGit || item.created >= oldestGit else {
                return false
            }
            guard !words.isEmpty else { return true }
            let bytes = generator.bytes(item)
            let value = (try? Value(parsing: bytes)) ?? .null
            return words.allSatisfy { word in
                let halves = word.split(separator: ":", maxSplits: 1)
                guard halves.count == 2 else {
                    return String(decoding: bytes, as: UTF8.self).lowercased().contains(word)
                }
                let found = value[String(halves[0])]?.stringValue?.lowercased()
                return found.map { $0 == halves[1] || $0.hasPrefix(halves[1] + ".") } ?? false
            }
        }
    }

    /// The one header that names the pages around this one; it leads to the organization by its number.
    private func links(
        _ call: Call,
        _ generator: ItemGenerator,
        _ items: [Item],
        _ last: Item.Place?,
        _ twists: PageTwists
    ) -> [(name: String, value: String)] {
        let root = call.request.path.lowercased().hasPrefix("/github/") ? "/github" : ""
        let address = "\(bases.published)\(root)/organizations/\(generator.organizationNumber)/audit-log"
        let page = page(of: call)
        let rest = call.query(without: ["after", "before"])
        func link(_ name: String, _ cursors: String) -> String {
            "<\(address)?\((rest + [cursors]).joined(separator: "&"))>; rel=\"\(name)\""
        }
        func cursor(_ place: Item.Place, _ page: Int) -> String {
            PageMark(page: page, place: place, issued: now).text(key: tokenKey)
        }
        var all: [String] = []
        if twists.loops, call.query("after") != nil {
            all.append("<\(bases.published)\(call.request.path)?\(call.request.rawQuery)>; rel=\"next\"")
        } else if let last {
            let next = link("next", "after=\(cursor(last, page + 1))&before=")
            all.append(
                twists.leadsAbroad ? "<\(bases.foreign)" + next.dropFirst(1 + bases.published.count) : next
            )
        } else if twists.leadsAbroad {
            all.append("<\(bases.foreign)\(call.request.path)>; rel=\"next\"")
        }
        all.append(link("first", "after=&before="))
        if call.query("after")?.isEmpty == false, let first = items.first?.place {
            all.append(link("prev", "after=&before=\(cursor(first, max(1, page - 1)))"))
        }
        return [("Link", all.joined(separator: ", "))]
    }

    // MARK: Errors

    /// An error of GitHub.
    func gitHub(
        _ status: Int,
        _ message: String,
        _ call: Call,
        _ more: [(name: String, value: String)] = []
    ) -> Refusal {
        let body: Value = [
            "message": .string(message), "documentation_url": "https://docs.github.com/rest",
            "status": .string(String(status)),
        ]
        return Refusal(
            response: Response(status: status, headers: gitHubHeaders(nil) + more, body: body.bytes())
        )
    }

    func badGitHubToken(_ call: Call) -> Refusal { gitHub(401, "Bad credentials", call) }

    /// The hour's requests are used up.
    func tooManyForGitHub(_ call: Call, status: Int, wait: Duration) -> Refusal {
        gitHub(
            status,
            "API rate limit exceeded for user ID 1. If you reach out for help, please include the request ID.",
            call,
            [
                ("X-RateLimit-Limit", String(knobs.githubRequests)), ("X-RateLimit-Remaining", "0"),
                ("X-RateLimit-Used", String(knobs.githubRequests)), ("X-RateLimit-Resource", "audit_log"),
                ("X-RateLimit-Reset", String((now + wait).seconds + 1)),
            ]
        )
    }

    /// Requests came too fast one after the other.
    func secondaryLimit(_ call: Call, status: Int, retryAfter: Int) -> Refusal {
        gitHub(
            status,
            "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
            call,
            [("Retry-After", String(retryAfter))]
        )
    }

    private func gitHubHeaders(_ window: QuotaTable.Window?) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = [
            ("Content-Type", "application/json; charset=utf-8"),
            ("X-GitHub-Media-Type", "github.v3; format=json"),
            ("x-github-api-version-selected", "2022-11-28"), ("X-GitHub-Request-Id", guid().uppercased()),
        ]
        if let window {
            headers += [
                ("X-RateLimit-Limit", String(window.limit)),
                ("X-RateLimit-Remaining", String(window.remaining)),
                ("X-RateLimit-Used", String(window.used)), ("X-RateLimit-Resource", "audit_log"),
                ("X-RateLimit-Reset", String((now + window.left).seconds + 1)),
            ]
        }
        return headers
    }
}
