// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import HTTPClient
import Identity
import JSON
import Source

extension Prober {
    /// The names that conditions and words of a step may use.
    func names(
        _ stream: String?,
        proof: Proof? = nil,
        response: Value? = nil,
        service: String? = nil,
        wait: Value? = nil
    ) -> any Bindings {
        var more = Names()
        more["wait"] = wait
        if let stream { more["stream"] = streamName(stream) }
        if let claims = proof?.claims {
            more["claims"] = claims
            more["token"] = proof?.token?.claims?.value
        }
        more["response"] = response
        return subject.session.bindings(service ?? tokenServices.first ?? "", more)
    }

    func streamName(_ id: String) -> Value {
        definition.stream(id)?.named ?? .object(["id": .string(id)])
    }

    /// The services for which the chosen streams need a token.
    var tokenServices: [String] {
        var services: Set<String> = []
        for stream in subject.streams {
            let requests =
                [stream.list.request, stream.fetch?.request].compactMap { $0 }
                + stream.before.compactMap(\.look)
            for request in requests where request.isAuthorised { services.insert(request.service) }
            for permission in definition.permissions
            where stream.neededPermissions.contains(permission.value) { services.insert(permission.service) }
        }
        return definition.services.map(\.name).filter(services.contains)
    }

    /// Asks once and remembers what came, unless the request depends on the stream.
    mutating func ask(
        _ request: RequestTemplate,
        for step: Answer.Step = .probe,
        stream: String? = nil
    ) async throws -> Reply {
        let isShared = !request.names("stream")
        if isShared, let known = memory.replies.first(where: { $0.request == request }) { return known.reply }
        var more = Names()
        if let stream { more["stream"] = streamName(stream) }
        let reply = try await again { [session = subject.session] in
            try await session.ask(request, for: step, with: more)
        }
        if isShared { memory.replies.append((request, reply)) }
        return reply
    }

    /// Asks, and once more where the way was at fault: a test should not fall over one lost packet.
    func again(_ call: () async throws -> Reply) async throws -> Reply {
        let reply = try await call()
        guard let verdict = reply.verdict, verdict.faultClass == .network || verdict.faultClass == .transient
        else { return reply }
        try await subject.session.shared.time.sleep(for: min(verdict.wait ?? .seconds(2), .seconds(10)))
        return try await call()
    }

    /// The answer's parts, as conditions read them.
    func response(_ reply: Reply) -> Value {
        let answer = Answer(
            of: definition.service(reply.service),
            service: reply.service,
            step: reply.step,
            status: reply.status,
            headers: (reply.response?.headers ?? []).map { ($0.name, $0.value) },
            body: reply.body
        )
        return answer.bindings["response"] ?? .null
    }

    func made(
        _ step: ProbeStep,
        _ mark: CheckResult.Mark,
        stream: String? = nil,
        _ message: String? = nil
    ) -> CheckResult {
        CheckResult(
            id: step.id,
            title: step.title,
            stage: step.stage,
            stream: stream,
            mark: mark,
            message: message
        )
    }

    /// A result with what was seen.
    func made(
        _ step: ProbeStep,
        _ mark: CheckResult.Mark,
        stream: String? = nil,
        _ message: String? = nil,
        _ reply: Reply
    ) -> CheckResult {
        var result = made(step, mark, stream: stream, message)
        result.evidence = evidence(reply)
        return result
    }

    func evidence(_ reply: Reply) -> CheckResult.Evidence {
        CheckResult.Evidence(
            status: reply.response?.status,
            code: reply.verdict?.code,
            requestID: reply.requestID,
            at: reply.received,
            duration: reply.duration
        )
    }

    /// A refusal: the class of the answer with its own remedy.
    ///
    /// A source that only asks to wait has refused nothing.
    func refused(_ step: ProbeStep, stream: String? = nil, _ reply: Reply) -> CheckResult {
        let verdict = reply.verdict
        let mark: CheckResult.Mark =
            switch verdict?.faultClass {
            case .throttle?: .wait
            // A source that is down for a moment says nothing about a stream.
            case .transient? where stream != nil: .unknown
            default: .fail
            }
        var result = made(step, mark, stream: stream, nil, reply)
        result.faultClass = verdict?.faultClass
        result.message = verdict?.message ?? "the service answered HTTP \(reply.status)"
        result.remedy = reply.remedy
        return result
    }

    /// Our own judgement: a fail with the step's or the check's remedy.
    func failed(
        _ step: ProbeStep,
        stream: String? = nil,
        _ faultClass: FaultClass,
        _ message: String,
        remedy: String?,
        in names: any Bindings,
        _ reply: Reply? = nil
    ) -> CheckResult {
        var result = made(step, .fail, stream: stream, message)
        result.faultClass = faultClass
        result.evidence =
            reply.map(evidence) ?? CheckResult.Evidence(at: subject.session.shared.time.now)
        result.remedy = remedy.flatMap { definition.remedy($0, in: names) }
        return result
    }

    /// A test only reads, whatever a definition says.
    func unasked(_ step: ProbeStep) -> CheckResult {
        made(step, .unknown, "it cannot be looked at without sending something, which a test does not do")
    }

    /// The first of `checks` that means trouble.
    func trouble(
        _ step: ProbeStep,
        _ checks: [Check],
        stream: String? = nil,
        in names: any Bindings,
        _ reply: Reply? = nil
    ) -> CheckResult? {
        guard let check = checks.first(where: { $0.condition.holds(in: names) }) else { return nil }
        let words = (try? check.say.text(in: names)) ?? step.title
        return failed(
            step,
            stream: stream,
            check.faultClass,
            words,
            remedy: check.remedy ?? step.remedy,
            in: names,
            reply
        )
    }
}

extension RequestTemplate {
    /// Whether any expression of it reads `name`.
    fileprivate func names(_ name: String) -> Bool {
        let templates = [path] + query.map(\.value) + headers.map(\.value)
        if templates.flatMap(\.expressions).flatMap(\.paths).contains(where: { $0.name == name }) {
            return true
        }
        return body != .none
    }
}
