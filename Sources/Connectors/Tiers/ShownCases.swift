// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON

/// Finds the required cases that one test shows.
struct ShownCases {
    private let test: Rehearsal
    private let definition: Definition
    private let pages: [Page]

    /// A page of a list that the test gives, as an answer to the request of `stream`.
    private struct Page {
        let stream: StreamDefinition
        let expect: Rehearsal.Expected
        let reply: Rehearsal.Reply
        /// The elements; `nil` where the body is no JSON or holds no list there.
        let items: [Value]?
        /// What the answer names as the next page: an address or a token.
        let next: String?
        let isForeign: Bool
    }

    init(_ test: Rehearsal, of definition: Definition, _ clouds: Clouds) {
        self.test = test
        self.definition = definition
        let streams = definition.streams.filter { stream in
            test.given.streams?.contains(stream.id) ?? stream.enabledByDefault
        }
        pages = test.exchanges.flatMap { exchange in
            streams.filter { exchange.expect.mayAsk($0.list.request) }.map { stream in
                Self.page(exchange, stream, test, definition, clouds)
            }
        }
    }

    private static func page(
        _ exchange: Rehearsal.Exchange,
        _ stream: StreamDefinition,
        _ test: Rehearsal,
        _ definition: Definition,
        _ clouds: Clouds
    ) -> Page {
        let body = try? Value(parsing: exchange.reply.body)
        let next = exchange.reply.next(stream.paging.kind, body)
        var isForeign = false
        if let next, stream.paging.kind.goesByAddress, next.contains("://") {
            let base = definition.base(of: stream.list.request.service, given: test.given, clouds)
            isForeign = !(base.map { next.isAddress(under: $0) } ?? false)
        }
        return Page(
            stream: stream,
            expect: exchange.expect,
            reply: exchange.reply,
            items: body.flatMap { $0[stream.list.items]?.arrayValue },
            next: next,
            isForeign: isForeign
        )
    }

    /// The cases that it shows.
    var cases: Set<RequiredCase> {
        guard test.kind == .stream else { return [] }
        return Set(RequiredCase.allCases.filter(shows))
    }

    private func shows(_ wanted: RequiredCase) -> Bool {
        switch wanted {
        case .happy:
            return stores && test.then.gaps?.isEmpty ?? true && test.then.faultClass == nil
                && test.exchanges.allSatisfy(\.reply.isSuccess)
                && pages.allSatisfy { $0.next == nil && $0.items != nil }
        case .empty:
            let says = !test.then.states.isEmpty || test.then.records.values.contains(0)
            return !pages.isEmpty && says && test.then.faultClass == nil
                && pages.allSatisfy { $0.reply.isSuccess && $0.items?.isEmpty == true }
        case .twoPages: return stores && !expects(.loop) && !expects(.shape) && hasTwoPages
        case .pageLoop:
            return expects(.loop) && pages.contains { $0.next != nil || $0.items?.isEmpty == false }
        case .throttled:
            return (stores || test.then.waited != nil)
                && verdicts.contains { verdict, reply in
                    verdict.faultClass == .throttle && verdict.wait != nil && says(reply, howLong: verdict)
                }
        case .notJSON:
            return pages.contains { page in
                page.reply.isSuccess && !page.reply.body.isEmpty
                    && (try? Value(parsing: page.reply.body)) == nil
            }
        case .expiredToken:
            return stores && verdicts.contains { $0.verdict.action == .refreshToken }
        case .olderThanRetention:
            let away = test.given.every * (test.given.passes - 1)
            return test.then.gaps?.contains { $0.kind == "span" } == true
                && pages.contains { $0.stream.windowRetention.map { $0 < away } == true }
        case .foreignPage: return expects(.shape) && pages.contains(where: \.isForeign)
        }
    }

    private var stores: Bool { test.then.records.values.contains { $0 > 0 } }

    private func expects(_ faultClass: FaultClass) -> Bool {
        test.then.faultClass == faultClass || test.then.gaps?.contains { $0.cause == faultClass } == true
    }

    private var hasTwoPages: Bool {
        pages.contains { page in
            let others = pages.filter { $0.stream.id == page.stream.id }
            switch page.stream.paging.kind {
            case .none: return false
            case .page(let parameter, _), .offset(let parameter, _):
                return Set(others.compactMap { $0.expect.query[parameter] }).count > 1
            case .nextURL, .linkHeader, .token, .delta:
                return page.next != nil && !page.isForeign
                    && others.contains { $0.next == nil && $0.items != nil }
            }
        }
    }

    /// What the replies of this test are taken for, as answers to each request that they may be for.
    private var verdicts: [(verdict: Verdict, reply: Rehearsal.Reply)] {
        test.exchanges.flatMap { exchange in
            definition.asks.filter { ask in
                ask.step != .token && exchange.expect.service ?? ask.service == ask.service
            }
            .compactMap { ask in
                definition.diagnose(exchange.reply, as: ask, now: test.given.now).verdict.map {
                    ($0, exchange.reply)
                }
            }
        }
    }

    /// Whether it is the reply that says how long to wait, not the rule's own `else`.
    private func says(_ reply: Rehearsal.Reply, howLong verdict: Verdict) -> Bool {
        let wait = definition.errors.first { $0.id == verdict.rule }?.wait
        let named = [wait?.header ?? "Retry-After", wait?.headerEpoch ?? ""].map { $0.lowercased() }
        return reply.headers.contains { named.contains($0.name.lowercased()) } || wait?.text.isEmpty == false
    }
}

extension Rehearsal.Reply {
    /// Whether an answer came whose status is a success.
    fileprivate var isSuccess: Bool { trouble == nil && (200...299).contains(status) }

    /// What it names as the next page.
    fileprivate func next(_ kind: Paging.Kind, _ body: Value?) -> String? {
        let found: String?
        switch kind {
        case .none, .page, .offset: found = nil
        case .nextURL(let place), .token(let place, _):
            switch place {
            case .header(let name): found = header(name)
            case .body(let pointer): found = body?[pointer]?.plainText
            }
        case .delta(let next, _): found = body?[next]?.plainText
        case .linkHeader(let rel):
            let parts = (header("link") ?? "").split(separator: "<").filter { $0.contains(rel) }
            found = parts.first.map { String($0.prefix { $0 != ">" }) }
        }
        return found.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

extension Rehearsal.Expected {
    /// Whether `request` may be what is expected: its service, its method, and a path of the same make.
    fileprivate func mayAsk(_ request: RequestTemplate) -> Bool {
        guard service ?? request.service == request.service else { return false }
        guard method ?? request.method.rawValue == request.method.rawValue else { return false }
        guard let path else { return true }
        let wanted = path.split(separator: "/")
        // A stretch with an expression stands for any one segment.
        let shape = request.path.parts.map { part in
            if case .text(let text) = part { text } else { "*" }
        }
        .joined().split(separator: "/")
        guard wanted.count == shape.count else { return Text.matches(request.path.source, glob: path) }
        return zip(wanted, shape).allSatisfy { wanted, shape in
            Text.matches(wanted, glob: shape) || Text.matches(shape, glob: wanted)
        }
    }
}

extension String {
    /// Whether it is an address whose scheme, host and path begin as `base` does.
    fileprivate func isAddress(under base: String) -> Bool {
        guard hasPrefix(base) else { return false }
        return dropFirst(base.count).first.map { "/?".contains($0) } ?? true
    }
}

extension Definition {
    /// The address of a service as a test is set up.
    fileprivate func base(of name: String, given: Rehearsal.Given, _ clouds: Clouds) -> String? {
        guard let use = service(name) else { return nil }
        if let cloud = use.cloud { return clouds[given.cloud]?.bases[cloud]?.text }
        var entered = Object()
        for field in credentials where !field.isSecret {
            let value = given.credentials[field.name] ?? field.default ?? field.example
            entered[field.name] = value.map { .string($0) }
        }
        let text = try? use.base?.text(in: Names(["credentials": .object(entered)]))
        return text.flatMap { BaseURL($0) }?.text
    }
}
