// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Source

extension Prober {
    /// Looks at what was entered, without asking anybody.
    func checkForm(_ step: ProbeStep) -> CheckResult {
        var problems: [String] = []
        for field in definition.credentials where !field.isSecret {
            let value = subject.entered[field.name] ?? ""
            if value.isEmpty || field.isAbsent(value, among: subject.entered) {
                let isMissing =
                    field.isRequired && field.requiredUnless.map { subject.entered[$0] == nil } ?? true
                if isMissing { problems.append("\(field.label) is not given.") }
                continue
            }
            problems += field.problems(with: value, among: subject.entered)
        }
        guard problems.isEmpty else {
            let words = problems.joined(separator: " ")
            return failed(step, .config, words, remedy: step.remedy, in: names(nil))
        }
        return made(step, .pass)
    }

    /// Asks every service's bare base, without a token: any answer at all shows that it can be reached.
    mutating func reach(_ step: ProbeStep) async throws -> CheckResult {
        var hosts: [String] = []
        var last: Reply?
        for service in subject.session.services.values.sorted(by: { $0.name < $1.name }) {
            let request = RequestTemplate(
                service: service.name,
                path: Template(literal: ""),
                isAuthorised: false
            )
            let reply = try await subject.session.ask(request, for: .probe)
            last = reply
            if reply.response == nil || reply.status == 407 {
                var result = refused(step, reply)
                result.mark = .fail
                result.message = "\(service.base.host): \(result.message ?? "no answer")"
                return result
            }
            hosts.append(service.base.host)
        }
        let ahead =
            definition.services.map { subject.session.skew(of: $0.name) }.max { abs($0) < abs($1) } ?? .zero
        if abs(ahead) > .minutes(5) {
            let words = "this machine's clock is \(abs(ahead).spoken) \(ahead > .zero ? "ahead" : "behind")"
            return made(step, .warn, words)
        }
        let words = hosts.joined(separator: ", ")
        return last.map { made(step, .pass, words, $0) } ?? made(step, .pass, words)
    }

    /// Asks a public document which tenant is meant, and holds it against what was entered.
    mutating func discover(_ step: ProbeStep) async throws -> CheckResult {
        guard let request = step.request else { return made(step, .unknown) }
        let reply = try await ask(request)
        guard reply.isSuccess else { return refused(step, reply) }
        let names = names(nil, response: response(reply), service: request.service)
        if let trouble = trouble(step, step.refuse, in: names, reply) { return trouble }
        var learnt: [String: String] = [:]
        for provided in step.provides {
            let label = definition.credential(provided.field)?.label ?? provided.field
            guard let told = try? provided.value.text(in: names), !told.isEmpty else {
                return made(step, .unknown, "the answer does not say \(label)", reply)
            }
            guard let entered = subject.entered[provided.field], !entered.isEmpty else {
                learnt[provided.field] = told
                continue
            }
            if entered.lowercased() != told.lowercased() {
                let words = "\(label) is \(entered), but what was entered beside it belongs to \(told)."
                return failed(step, .config, words, remedy: step.remedy, in: names, reply)
            }
        }
        if !learnt.isEmpty {
            subject.entered.merge(learnt) { known, _ in known }
            if let reopen = subject.reopen, let session = try? reopen(learnt) { subject.session = session }
        }
        return made(step, .pass, nil, reply)
    }

    /// Makes the request and takes any success for a pass.
    mutating func simply(_ step: ProbeStep) async throws -> CheckResult {
        guard let request = step.request else { return made(step, .unknown) }
        let reply = try await ask(request)
        guard reply.isSuccess else {
            // A plan list that cannot be read says nothing about the plans.
            guard step.kind == .license else { return refused(step, reply) }
            return made(step, .unknown, reply.verdict?.message, reply)
        }
        let names = names(nil, response: response(reply), service: request.service)
        return trouble(step, step.refuse, in: names, reply) ?? made(step, .pass, nil, reply)
    }

    /// Looks when the credential ends.
    func checkExpiry(_ step: ProbeStep) -> CheckResult {
        guard let expiry = subject.expiry, let end = expiry.at else {
            return made(step, .pass, "when it ends is not known; declare it with \"secretExpires\"")
        }
        let now = subject.session.shared.time.now
        let source = expiry.isDeclared ? ", as declared" : ""
        if end <= now {
            let words = "the \(expiry.kind) ended on \(end.day)\(source)"
            return failed(step, .auth, words, remedy: step.remedy, in: names(nil))
        }
        let words = "the \(expiry.kind) ends on \(end.day), in \((end - now).spoken)\(source)"
        guard let longest = step.warnBefore.first, end - now < longest else {
            return made(step, .pass, words)
        }
        return failed(step, .auth, words, remedy: step.remedy, in: names(nil))
    }

    private func abs(_ duration: Duration) -> Duration { duration < .zero ? .zero - duration : duration }
}
