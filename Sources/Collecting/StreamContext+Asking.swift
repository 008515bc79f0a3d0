// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import HTTPClient
import JSON
import Source

extension StreamContext {
    /// Makes `call`, and again as the definition's rules and the purse allow, until it is a success.
    ///
    /// Throws a ``Setback`` where the tries or the purse are used up, or where trying again cannot help;
    /// `CancellationError` when the host stops.
    func persist(purse: Purse, most: Int = 5, _ call: () async throws -> Reply) async throws -> Reply {
        var tries = Tries(most: most)
        while true {
            let reply = try await call()
            guard let verdict = reply.verdict else { return reply }
            switch verdict.action {
            case .succeed, .ignore: return reply
            case .retry, .wait: try await wait(after: verdict, reply.remedy, &tries, purse)
            default: throw Setback(verdict, reply.remedy)
            }
        }
    }

    /// Asks what `request` says, persistently.
    func ask(
        _ request: RequestTemplate,
        for step: Answer.Step,
        with names: Names,
        purse: Purse,
        most: Int = 5
    ) async throws -> Reply {
        try await persist(purse: purse, most: most) { try await session.ask(request, for: step, with: names) }
    }

    /// Waits as `verdict` says before another try, or throws where there is none.
    func wait(after verdict: Verdict, _ remedy: Remedy?, _ tries: inout Tries, _ purse: Purse) async throws {
        let throttled = verdict.faultClass == .throttle
        switch purse.after(&tries, throttled: throttled, asked: verdict.wait, now: time.now) {
        case .again(let after):
            log.debug("trying again", ["after": after.spoken, "because": verdict.message])
            try await time.sleep(for: after)
        case .giveUp: throw Setback(verdict, remedy)
        case .later(let after): throw Setback(verdict, remedy, after: after)
        }
    }

    /// What the definition's rules make of a trouble that we found in an answer ourselves.
    func setback(_ reply: Reply, _ trouble: Trouble, _ detail: String) -> Setback {
        let judged = session.judge(reply, trouble, detail)
        guard let verdict = judged.verdict else {
            return Setback(.shape, .retry, code: trouble.rawValue, message: detail)
        }
        var setback = Setback(verdict, judged.remedy)
        setback.message = detail
        return setback
    }

    /// The names a condition over `reply` may use.
    func names(of reply: Reply) -> any Bindings {
        let answer = Answer(
            of: session.definition.service(reply.service),
            service: reply.service,
            step: reply.step,
            status: reply.status,
            headers: (reply.response?.headers ?? []).map { ($0.name, $0.value) },
            body: reply.body
        )
        let response = answer.bindings["response"] ?? .null
        return session.bindings(reply.service, names.with("response", response))
    }
}
