// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Source

extension Prober {
    /// Proves by content that the source records, or hears from the source itself that it does not.
    mutating func findEvidence(_ step: ProbeStep, _ streams: [StreamDefinition]) async throws -> CheckResult {
        guard let request = step.request, request.method == .get else { return unasked(step) }
        let reply = try await ask(request)
        if !reply.isSuccess {
            // The source's own word is a fail; a request that got nowhere says nothing either way.
            guard reply.verdict?.faultClass.isBlocking == true else {
                return try await settle(step, otherwise: made(step, .unknown, reply.verdict?.message, reply))
            }
            return try await told(step, reply)
        }
        let names = names(nil, response: response(reply), service: request.service)
        if let trouble = trouble(step, step.refuse, in: names, reply) { return trouble }
        for stream in streams {
            for back in windowsBack(step.within ?? .hours(24), stream) {
                let page = try await page(stream, back: back)
                // Only what holds for the whole connection decides here; the rest shows at the stream's own step.
                if page.verdict?.faultClass == .enablement || page.verdict?.action == .blockConnection {
                    return try await told(step, page)
                }
                guard page.isSuccess else { break }
                if let items = items(page, stream), !items.isEmpty {
                    let hours = (step.within ?? .zero).spoken
                    return made(step, .pass, "\(stream.id) had content in the last \(hours)", page)
                }
            }
        }
        return try await settle(step, otherwise: made(step, .unknown, step.unknown, reply))
    }

    /// A refusal by the source itself; where it seems not to record, it may also not have begun to yet.
    private mutating func told(_ step: ProbeStep, _ reply: Reply) async throws -> CheckResult {
        let refusal = refused(step, reply)
        guard reply.verdict?.faultClass == .enablement else { return refusal }
        return try await settle(step, isRefused: true, otherwise: refusal)
    }

    /// Looks, for each stream, whether its preparation stands; a missing one is made when collecting begins.
    mutating func checkSubscriptions(_ step: ProbeStep, _ streams: [StreamDefinition]) async throws
        -> [CheckResult]
    {
        var results: [CheckResult] = []
        for stream in streams {
            results.append(try await checkSubscription(step, stream))
        }
        return results
    }

    private mutating func checkSubscription(_ step: ProbeStep, _ stream: StreamDefinition) async throws
        -> CheckResult
    {
        var last: Reply?
        for before in stream.before {
            guard let look = before.look, look.method == .get, let unless = before.unless else {
                // It could only be known by making it, which a test never does.
                if before.hasSideEffect {
                    return made(step, .wait, stream: stream.id, "\(before.title): when collecting begins")
                }
                continue
            }
            let reply = try await ask(look, for: .before, stream: stream.id)
            guard reply.isSuccess else {
                guard reply.verdict?.faultClass.isBlocking == true else {
                    return made(step, .unknown, stream: stream.id, reply.verdict?.message, reply)
                }
                return refused(step, stream: stream.id, reply)
            }
            let names = names(stream.id, response: response(reply), service: look.service)
            if let trouble = trouble(step, before.refuse, stream: stream.id, in: names, reply) {
                return trouble
            }
            guard unless.holds(in: names) else {
                return made(
                    step,
                    .wait,
                    stream: stream.id,
                    "not there yet; it is made when collecting begins",
                    reply
                )
            }
            last = reply
        }
        guard let last else { return made(step, .pass, stream: stream.id, "nothing to prepare") }
        return made(step, .pass, stream: stream.id, nil, last)
    }

    /// Lists each stream and fetches one item.
    mutating func readFirstPages(_ step: ProbeStep, _ streams: [StreamDefinition]) async throws
        -> [CheckResult]
    {
        var results: [CheckResult] = []
        for stream in streams { results.append(try await readFirstPage(step, stream)) }
        return results
    }

    private mutating func readFirstPage(_ step: ProbeStep, _ stream: StreamDefinition) async throws
        -> CheckResult
    {
        let page = try await page(stream, back: 0)
        guard page.isSuccess else {
            // A subscription that is not there is made when collecting begins.
            guard page.verdict?.action == .resubscribe else { return refused(step, stream: stream.id, page) }
            return made(step, .wait, stream: stream.id, page.verdict?.message, page)
        }
        guard let items = items(page, stream) else {
            return shapeless(step, stream, page, "the list is not of the promised shape")
        }
        guard !items.isEmpty else {
            return made(step, .passEmpty, stream: stream.id, "nothing new yet", page)
        }
        guard let fetch = stream.fetch else {
            return made(step, .pass, stream: stream.id, "\(items.count) records on the first page", page)
        }
        var last = page
        for item in newestFirst(items, stream).prefix(Self.mostFetched) {
            let reply = try await again { try await fetchOne(fetch, item, stream) }
            guard reply.isSuccess else {
                guard reply.verdict?.faultClass == .gone else {
                    return refused(step, stream: stream.id, reply)
                }
                last = reply
                continue
            }
            guard let split = try? Scanner.split(reply.body, at: fetch.items, picking: []) else {
                return shapeless(step, stream, reply, "the content is not of the promised shape")
            }
            return made(step, .pass, stream: stream.id, "\(split.count) records in the newest item", reply)
        }
        return made(step, .passEmpty, stream: stream.id, "the listed content has expired", last)
    }

    /// An item that has just gone says nothing about the others.
    private static let mostFetched = 3

    /// The items, those that became available last in front.
    private func newestFirst(_ items: [Value], _ stream: StreamDefinition) -> [Value] {
        guard let path = stream.list.available else { return items }
        let dated = items.map { item in
            var value: Value? = item
            for name in path.names { value = value?[name] }
            return (item: item, at: value?.stringValue.flatMap { Timestamp(iso8601: $0) })
        }
        return dated.sorted { left, right in
            guard let left = left.at else { return false }
            return right.at.map { left > $0 } ?? true
        }.map(\.item)
    }

    private func shapeless(
        _ step: ProbeStep,
        _ stream: StreamDefinition,
        _ reply: Reply,
        _ words: String
    ) -> CheckResult {
        let judged = subject.session.judge(reply, .malformed, words)
        var result = refused(step, stream: stream.id, judged)
        result.mark = .fail
        result.faultClass = judged.verdict?.faultClass ?? .shape
        result.message = words
        return result
    }

    private func fetchOne(
        _ fetch: StreamDefinition.Fetch,
        _ item: Value,
        _ stream: StreamDefinition
    ) async throws -> Reply {
        let names = Names(["stream": streamName(stream.id), "item": item])
        var link: Value? = fetch.link == nil ? nil : item
        for name in fetch.link?.names ?? [] { link = link?[name] }
        if let link = link?.stringValue, let service = subject.session.services[fetch.request.service],
            Links.resolve(link, under: service.base) != nil
        {
            return try await subject.session.follow(
                link,
                like: fetch.request,
                for: .fetch,
                with: names,
                addQuery: fetch.request.query
            )
        }
        return try await subject.session.ask(fetch.request, for: .fetch, with: names)
    }

    /// The elements of a page; `nil` where it is no list.
    private func items(_ page: Reply, _ stream: StreamDefinition) -> [Value]? {
        (try? Value(parsing: page.body))?[stream.list.items]?.arrayValue
    }

    /// How far empty pages are followed.
    private static let mostPages = 3

    /// The windows that reach back over `span`, the newest being 0.
    private func windowsBack(_ span: Duration, _ stream: StreamDefinition) -> Range<Int> {
        guard let window = stream.cursor.windows, window.longest > .zero else { return 0..<1 }
        let count = (span.wholeSeconds + window.longest.wholeSeconds - 1) / window.longest.wholeSeconds
        return 0..<max(1, Int(count))
    }

    /// The first page of a stream's list, over its newest window or one further back.
    private mutating func page(_ stream: StreamDefinition, back: Int) async throws -> Reply {
        let name = "\(stream.id) \(back)"
        if let known = memory.pages[name] { return known }
        var more = Names(["stream": streamName(stream.id)])
        let now = subject.session.correctedNow(stream.list.request.service)
        if let window = stream.cursor.windows {
            let newest = (now - window.settle).rounded(downTo: .minutes(1))
            let end = newest - window.longest * back
            var start = end - window.longest
            // A source asked for more than it keeps refuses the whole.
            if let kept = stream.retention() {
                start = max(start, (now - kept + .minutes(6)).rounded(downTo: .minutes(1)))
            }
            let wider: Duration = window.bounds == .open ? .seconds(1) : .zero
            more["window"] = .object([
                "start": .string((start - wider).description), "end": .string((end + wider).description),
            ])
        } else {
            // Where there are no windows, a list begins somewhere and goes on to the present.
            more["window"] = .object(["start": .string((now - .hours(1)).description), "end": .null])
        }
        let session = subject.session
        let names = more
        var place = PagePlace.first
        var reply = try await again { try await session.page(of: stream, at: place, with: names) }
        // Some sources begin with empty pages and a link.
        for _ in 1..<Self.mostPages {
            guard reply.isSuccess, items(reply, stream)?.isEmpty == true,
                let next = reply.response.flatMap({ Links.next(stream.paging, in: $0) })
            else { break }
            place = next
            reply = try await again { try await session.page(of: stream, at: place, with: names) }
        }
        memory.pages[name] = reply
        return reply
    }
}
