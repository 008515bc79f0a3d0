// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import HTTPClient
import Identity
import JSON

/// One request on its way: quota, room, proof, sending, and the reading of what came.
struct Exchange {
    let session: Session
    let service: Service
    let template: RequestTemplate
    let step: Answer.Step
    let bindings: Layered
    let authority: any Authority

    private var shared: Session.Shared { session.shared }
    private var kind: String { "\(session.owner.connection) \(service.name) \(step.rawValue)" }

    /// What one sending came to.
    private struct Arrival {
        var response: Response?
        var trouble: Trouble?
        var detail: String?
        let sent: Timestamp
        let received: Timestamp
    }

    /// Makes the exchange; the room, if any is still held, is the caller's to leave.
    func make(_ request: Request) async throws -> (Reply, Budget.Room?) {
        // Checked once more at the last moment: nothing but a URL under the base ever gets a token.
        guard Links.isUnder(request.url, service.base) else {
            let detail = "the address is not under \(service.base.text)"
            return (session.reply(without: .foreignPage, detail, template, step, bindings), nil)
        }
        var refused: Proof?
        var refusals = 0
        while true {
            var request = request
            var proof: Proof?
            if template.isAuthorised {
                do {
                    let found = try await authority.proof(for: service.audiences, refused: refused)
                    request.headers += found.headers
                    proof = found
                } catch let error as NoProof {
                    return (reply(error, refusals > 0), nil)
                }
            }
            let (arrival, room) = try await sized(request)
            let answer = answer(arrival)
            let verdict = answer.flatMap { session.definition.classify($0, now: shared.time.now) }
            if let verdict, let proof, proof.isRenewable, verdict.action == .refreshToken,
                refusals < verdict.maxRefresh
            {
                await shared.budget.leave(room)
                refusals += 1
                refused = proof
                continue
            }
            return (reply(answer, arrival, claims: proof?.claims, request.url, refusals > 0), room)
        }
    }

    /// Sends with as much room as answers of this kind usually take, and with more where this one needs it.
    private func sized(_ request: Request) async throws -> (Arrival, Budget.Room) {
        var bytes = min(await shared.budget.expected(kind), request.bodyLimit)
        while true {
            for id in template.quotas {
                guard let quota = session.definition.quota(id) else { continue }
                try await shared.quotas.take(quota, for: scope(of: quota))
            }
            let room = try await shared.budget.enter(
                session.owner.connection,
                limit: session.definition.limits.concurrency,
                bytes: bytes,
                kind: kind
            )
            var bounded = request
            bounded.bodyLimit = bytes
            let arrival: Arrival
            do { arrival = try await once(bounded) } catch {
                await shared.budget.leave(room)
                throw error
            }
            if arrival.trouble == .tooLarge, bytes < request.bodyLimit {
                await shared.budget.leave(room)
                bytes = min(bytes * 16, request.bodyLimit)
                continue
            }
            let size = arrival.response?.body.count ?? 0
            if arrival.response != nil { await shared.budget.learn(kind, bytes: size) }
            await shared.budget.arrived(room, bytes: size)
            return (arrival, room)
        }
    }

    private func once(_ request: Request) async throws -> Arrival {
        let sent = shared.time.now
        do {
            let response = try await shared.transport.send(request)
            return Arrival(response: response, sent: sent, received: shared.time.now)
        } catch let failure as Failure {
            // Only the end of the whole host stops the client.
            guard failure.code != .stopped else { throw CancellationError() }
            return Arrival(
                trouble: Trouble(failure.code),
                detail: failure.detail,
                sent: sent,
                received: shared.time.now
            )
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return Arrival(
                trouble: .protocolError,
                detail: "the exchange failed: \(error)",
                sent: sent,
                received: shared.time.now
            )
        }
    }

    private func scope(of quota: Quota) -> [String] {
        quota.scope.map { scope in
            switch scope {
            case .registration: "registration:" + session.owner.registration
            case .tenant: "tenant:" + session.owner.tenant
            case .host: "host:" + service.base.host
            }
        }
    }

    /// The answer for the error rules; `nil` for a success that no rule looks at.
    ///
    /// Bodies of successes are the many and the large, so they are read for the rules only where a rule asks for it.
    private func answer(_ arrival: Arrival) -> Answer? {
        let status = arrival.response?.status ?? 0
        if arrival.trouble == nil, (200...299).contains(status) {
            let asks = session.definition.errors.contains { rule in
                rule.looksAtSuccess && (rule.match.step.isEmpty || rule.match.step.contains(step))
                    && (rule.match.service.isEmpty || rule.match.service.contains(service.name))
            }
            guard asks else { return nil }
        }
        return Answer(
            of: service.use,
            service: service.name,
            step: step,
            status: status,
            headers: (arrival.response?.headers ?? []).map { ($0.name, $0.value) },
            body: arrival.response?.body ?? [],
            trouble: arrival.trouble,
            detail: arrival.detail
        )
    }

    private func reply(_ refusal: NoProof, _ triedFreshProof: Bool) -> Reply {
        let now = shared.time.now
        return Reply(
            service: refusal.answer.service,
            step: refusal.answer.step,
            url: nil,
            response: refusal.response,
            verdict: session.definition.classify(refusal.answer, now: now),
            remedy: session.remedy(for: refusal.answer, bindings, claims: nil),
            sent: now,
            received: now,
            date: refusal.response?.header("Date").flatMap { Timestamp(httpDate: $0) },
            requestID: session.definition.service(refusal.answer.service)?.requestID
                .flatMap { refusal.response?.header($0) },
            triedFreshProof: triedFreshProof
        )
    }

    private func reply(
        _ answer: Answer?,
        _ arrival: Arrival,
        claims: Value?,
        _ url: String,
        _ triedFreshProof: Bool
    ) -> Reply {
        let date = arrival.response?.header("Date").flatMap { Timestamp(httpDate: $0) }
        if let date {
            shared.skew.observe(service.base.host, sent: arrival.sent, received: arrival.received, date: date)
        }
        return Reply(
            service: service.name,
            step: step,
            url: url,
            response: arrival.response,
            verdict: answer.flatMap { session.definition.classify($0, now: arrival.received) },
            remedy: answer.flatMap { session.remedy(for: $0, bindings, claims: claims) },
            sent: arrival.sent,
            received: arrival.received,
            date: date,
            requestID: service.use.requestID.flatMap { arrival.response?.header($0) },
            triedFreshProof: triedFreshProof
        )
    }
}
