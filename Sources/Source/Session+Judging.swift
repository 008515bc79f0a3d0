// SPDX-License-Identifier: Apache-2.0
import Basics
package import Connectors
import HTTPClient
import JSON

extension Session {
    /// What `trouble` with an answer that came means, such as a body that is not of the promised shape.
    package func judge(_ reply: Reply, _ trouble: Trouble, _ detail: String, with more: Names = Names())
        -> Reply
    {
        let answer = Answer(
            of: definition.service(reply.service),
            service: reply.service,
            step: reply.step,
            status: reply.status,
            headers: (reply.response?.headers ?? []).map { ($0.name, $0.value) },
            // The start of it is enough to recognise a page of somebody's proxy.
            body: Array(reply.body.prefix(Answer.longestWords)),
            trouble: trouble,
            detail: detail
        )
        return Reply(
            service: reply.service,
            step: reply.step,
            url: reply.url,
            response: reply.response,
            verdict: definition.classify(answer, now: shared.time.now),
            remedy: remedy(for: answer, bindings(reply.service, more), claims: nil),
            sent: reply.sent,
            received: reply.received,
            date: reply.date,
            requestID: reply.requestID,
            triedFreshProof: reply.triedFreshProof
        )
    }

    /// The remedy for `answer` in words that name the customer's own things.
    func remedy(for answer: Answer, _ bindings: Layered, claims: Value?) -> Remedy? {
        guard let verdict = definition.classify(answer, now: shared.time.now), let id = verdict.remedy else {
            return nil
        }
        let words = bindings.with("response", answer.bindings["response"]).with("claims", claims)
        return definition.remedy(id, in: words)
    }

    func unmade(
        _ template: RequestTemplate,
        _ step: Answer.Step,
        _ error: Unrenderable,
        _ bindings: Layered
    ) -> Reply {
        reply(without: .invalidRequest, error.description, template, step, bindings)
    }

    /// The reply to a request that was never sent.
    func reply(
        without trouble: Trouble,
        _ detail: String,
        _ template: RequestTemplate,
        _ step: Answer.Step,
        _ bindings: Layered
    ) -> Reply {
        let answer = Answer(
            of: definition.service(template.service),
            service: template.service,
            step: step,
            status: 0,
            trouble: trouble,
            detail: detail
        )
        let now = shared.time.now
        return Reply(
            service: template.service,
            step: step,
            url: nil,
            response: nil,
            verdict: definition.classify(answer, now: now),
            remedy: remedy(for: answer, bindings, claims: nil),
            sent: now,
            received: now,
            date: nil,
            requestID: nil,
            triedFreshProof: false
        )
    }
}
