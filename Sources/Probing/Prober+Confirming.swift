// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Identity
import JSON
import Source

extension Prober {
    /// What another service says of the source.
    private enum Said {
        case on(Confirmation, Reply)
        case off(Confirmation, Reply)
    }

    /// Settles by what another service says whether the source records, where content proves nothing.
    ///
    /// `otherwise` is what stays where nobody tells; with `isRefused` the source itself behaves as if it did not record.
    mutating func settle(_ step: ProbeStep, isRefused: Bool = false, otherwise: CheckResult) async throws
        -> CheckResult
    {
        switch try await ask(step) {
        case nil: return otherwise
        case .off(let confirmation, let reply):
            let names = names(nil, response: response(reply), service: reply.service)
            let words = (try? confirmation.sayOff.text(in: names)) ?? confirmation.title
            return failed(step, .enablement, words, remedy: step.remedy, in: names, reply)
        case .on(let confirmation, let reply):
            let names = names(nil, response: response(reply), service: reply.service)
            let words = (try? confirmation.sayOn.text(in: names)) ?? confirmation.title
            guard isRefused, let starting = step.starting else { return made(step, .pass, words, reply) }
            return begun(step, starting, reply)
        }
    }

    /// It was switched on, and does not act everywhere yet: nothing is left to do but wait.
    private func begun(_ step: ProbeStep, _ starting: ProbeStep.Starting, _ reply: Reply) -> CheckResult {
        let latest = subject.session.shared.time.now + starting.takes + .seconds(59)
        let until: Value = ["until": .string(latest.rounded(downTo: .minutes(1)).description)]
        let names = names(nil, response: response(reply), service: reply.service, wait: until)
        let words = (try? starting.say.text(in: names)) ?? step.title
        return failed(step, .enablement, words, remedy: starting.remedy, in: names, reply)
    }

    /// Puts the questions in the definition's order, those whose permission the app holds, until one is answered.
    private mutating func ask(_ step: ProbeStep) async throws -> Said? {
        for confirmation in step.confirm where confirmation.mayBeAsked {
            let request = confirmation.request
            guard let proof = try await proof(holding: confirmation.permission, of: request.service) else {
                continue
            }
            let reply = try await ask(request)
            guard reply.response != nil else { continue }
            let names = names(nil, proof: proof, response: response(reply), service: request.service)
            if confirmation.off?.holds(in: names) == true { return .off(confirmation, reply) }
            if confirmation.on?.holds(in: names) == true { return .on(confirmation, reply) }
        }
        return nil
    }
}
