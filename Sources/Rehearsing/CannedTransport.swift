// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import HTTPClient
import Source

/// Answers every request by the first exchange that fits and is not used up, and notes those that none fits.
final class CannedTransport: Transport {
    private struct State: Sendable {
        var pass = 1
        /// The path at which tokens are had, as sent; `nil` where there are none.
        var tokenPath: String?
        var used: [Int]
        var requests: [SentRequest] = []
        var trouble: Difference?
    }

    /// A play that asks more often than this never ends.
    private static let most = 10_000

    private let rehearsal: Rehearsal
    private let mint: TokenMint
    private let tokenService: String?
    private let largest: Int
    /// The source's clock.
    private let time: RehearsalTime
    private let state: Locked<State>

    init(_ rehearsal: Rehearsal, _ mint: TokenMint, time: RehearsalTime) {
        self.rehearsal = rehearsal
        self.mint = mint
        self.time = time
        tokenService = mint.definition.auth.token?.service
        largest = mint.definition.limits.maxBody
        state = Locked(State(used: Array(repeating: 0, count: rehearsal.exchanges.count)))
    }

    /// The services that requests may go to, with their addresses.
    private var bases: [(name: String, base: BaseURL)] {
        mint.services.values.map { ($0.name, $0.base) }.sorted { $0.0 < $1.0 }
    }

    /// The requests that were made, in order.
    var requests: [SentRequest] { state.withLock { $0.requests } }

    /// Takes a request for a token by its path, as sent.
    func expect(tokensAt path: String?) { state.withLock { $0.tokenPath = path } }

    /// Lets the exchanges of pass `number` answer from now on.
    func begin(pass number: Int) { state.withLock { $0.pass = number } }

    func send(_ request: Request) async throws -> Response {
        try Task.checkCancellation()
        let sent = SentRequest(request, under: bases, pass: state.withLock { $0.pass })
        guard let reply = reply(to: sent, limit: request.bodyLimit) else {
            // Going on would only bring more of the same: this one is to be told.
            throw Failure(.stopped, "the test has no answer to this request")
        }
        if reply.delay >= request.timeLimit {
            time.pass(request.timeLimit)
            throw Failure(.timedOut, "no answer came within \(request.timeLimit.spoken)")
        }
        time.pass(reply.delay)
        if let trouble = reply.trouble {
            throw Failure(trouble.code, "rehearsed trouble: \(trouble.rawValue)")
        }
        let body = reply.token.map { mint.answer($0, to: sent, at: time.now) } ?? reply.body
        guard body.count <= request.bodyLimit else {
            throw Failure(.bodyTooLarge, "the body is larger than \(request.bodyLimit) bytes")
        }
        var headers = reply.headers.map { Header($0.name, $0.value) }
        if !headers.contains(where: { $0.name.lowercased() == "date" }) {
            headers.append(Header("Date", time.now.httpDate))
        }
        return Response(status: reply.status, headers: headers, body: body)
    }

    private func reply(to sent: SentRequest, limit: Int) -> Rehearsal.Reply? {
        state.withLock { state in
            state.requests.append(sent)
            guard state.trouble == nil else { return nil }
            guard state.requests.count <= Self.most else {
                state.trouble = Difference(
                    "http",
                    "more than \(Self.most) requests were made: it goes round and round"
                )
                return nil
            }
            guard sent.service != nil else {
                state.trouble = Difference(
                    "http",
                    "a request would leave the definition's services: \(sent.line)"
                )
                return nil
            }
            for (index, exchange) in rehearsal.exchanges.enumerated()
            where isFree(index, state) && sent.misfit(exchange.expect) == nil {
                // The client asks once more, with more room, for what turned out too large.
                let comesAgain =
                    exchange.reply.trouble == .tooLarge ? limit < largest : exchange.reply.body.count > limit
                if !comesAgain { state.used[index] += 1 }
                return exchange.reply
            }
            if isForToken(sent, state) { return .init(token: rehearsal.given.token) }
            if rehearsal.kind == .probe, sent.isForBase { return .init(token: nil) }
            state.trouble = unanswered(sent, state)
            return nil
        }
    }

    /// Whether a request asks for a token.
    func isForToken(_ sent: SentRequest) -> Bool { state.withLock { isForToken(sent, $0) } }

    private func isForToken(_ sent: SentRequest, _ state: State) -> Bool {
        sent.method == "POST" && sent.service == tokenService && sent.path == state.tokenPath
    }

    private func isFree(_ index: Int, _ state: State) -> Bool {
        let exchange = rehearsal.exchanges[index]
        guard exchange.pass == nil || exchange.pass == state.pass else { return false }
        if case .exactly(let times) = exchange.times { return state.used[index] < times }
        return true
    }

    // MARK: what to tell

    /// What made the conversation impossible: a request without an exchange, or one too many.
    var trouble: Difference? {
        state.withLock { $0.trouble }
            ?? (time.isExhausted ? Difference("http", "the play waits without end") : nil)
    }

    /// Exchanges that were not used as often as they should be, and a number of requests other than expected.
    var leftovers: [Difference] {
        let (used, count) = state.withLock { ($0.used, $0.requests.count) }
        var differences: [Difference] = []
        for (index, exchange) in rehearsal.exchanges.enumerated() {
            let wanted: Int
            switch exchange.times {
            case .any: continue
            case .some: wanted = 1
            case .exactly(let times): wanted = times
            }
            guard used[index] < wanted else { continue }
            differences.append(
                Difference(
                    "http[\(index)]",
                    "\(exchange.expect.line) was to be asked \(times(wanted)), and came "
                        + times(used[index])
                )
            )
        }
        if let requests = rehearsal.then.requests {
            differences += [Difference.between(requests, count, at: "then.requests")].compactMap { $0 }
        }
        return differences
    }

    private func times(_ count: Int) -> String {
        switch count {
        case 0: "never"
        case 1: "once"
        default: "\(count) times"
        }
    }

    private func unanswered(_ sent: SentRequest, _ state: State) -> Difference {
        let head =
            "request \(state.requests.count) has no exchange: \(sent.line)"
            + (rehearsal.given.passes > 1 ? " in pass \(sent.pass)" : "")
        for (index, exchange) in rehearsal.exchanges.enumerated() where sent.misfit(exchange.expect) == nil {
            if let pass = exchange.pass, pass != sent.pass {
                return Difference("http", "\(head); http[\(index)] would fit, but in pass \(pass) only")
            }
            return Difference(
                "http",
                "\(head); http[\(index)] would fit, but was used \(times(state.used[index])) already"
            )
        }
        let nearest = rehearsal.exchanges.enumerated().max {
            sent.nearness($0.element.expect) < sent.nearness($1.element.expect)
        }
        guard let nearest, sent.nearness(nearest.element.expect) > 1,
            let misfit = sent.misfit(nearest.element.expect)
        else { return Difference("http", head + "; none is like it") }
        return Difference("http", "\(head); http[\(nearest.offset)] comes nearest, but \(misfit)")
    }
}

extension Rehearsal.Expected {
    /// The expectation in one line.
    fileprivate var line: String {
        let values = (query.map { ($0.key, $0.value) } + form.map { ($0.key, $0.value) }).sorted {
            $0.0 < $1.0
        }
        let words = values.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        return [method ?? "a request", service ?? "", (path ?? "") + (words.isEmpty ? "" : "?" + words)]
            .filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension Trouble {
    /// How the transport tells this trouble; one that is found in an answer only counts as a broken protocol.
    fileprivate var code: Failure.Code {
        switch self {
        case .resolve: .resolve
        case .connect: .connect
        case .proxy: .proxy
        case .tls: .tls
        case .timedOut: .timedOut
        case .reset: .reset
        case .truncated: .truncated
        case .tooLarge: .bodyTooLarge
        case .invalidRequest: .invalidRequest
        case .protocolError, .malformed, .foreignPage, .pageLoop, .tooManyPages: .protocolError
        }
    }
}
