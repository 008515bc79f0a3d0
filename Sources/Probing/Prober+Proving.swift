// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Identity
import JSON
import Source

extension Prober {
    /// Gets a fresh token for every service that needs one.
    mutating func getTokens(_ step: ProbeStep) async throws -> CheckResult {
        let time = subject.session.shared.time
        let asked = time.now
        var words: [String] = []
        for service in tokenServices {
            switch try await subject.session.prove(service, since: memory.began) {
            case .refused(let reply):
                var result = refused(step, reply)
                // Whatever the reason: without a token nothing that follows can be proven.
                result.mark = .fail
                result.evidence?.duration = time.now - asked
                return result
            case .proof(let proof):
                memory.proofs[service] = proof
                guard let token = proof.token else { continue }
                words.append("\(token.audience), good for \((token.expires - time.now).spoken)")
            }
        }
        guard memory.proofs.values.contains(where: { $0.token != nil }) || tokenServices.isEmpty else {
            // Nobody was asked yet: what a key is worth shows where something is read with it.
            return made(step, .skip, "there is no token: the key itself goes with every request")
        }
        var result = made(step, .pass, words.isEmpty ? nil : words.joined(separator: "; "))
        result.evidence = CheckResult.Evidence(at: time.now, duration: time.now - asked)
        return result
    }

    /// Compares what the token says of itself with what was entered.
    mutating func checkClaims(_ step: ProbeStep) async throws -> CheckResult {
        try await ensureProofs()
        for service in tokenServices {
            guard let proof = memory.proofs[service] else { continue }
            guard proof.claims != nil else {
                return made(step, .unknown, "the token does not say for whom it is")
            }
            let names = names(nil, proof: proof, service: service)
            if let trouble = trouble(step, step.refuse, in: names) { return trouble }
        }
        return made(step, .pass)
    }

    /// Looks for each stream's permissions in the token.
    mutating func checkRoles(_ step: ProbeStep, _ streams: [StreamDefinition]) async throws -> [CheckResult] {
        try await ensureProofs()
        return roles(step, streams)
    }

    private func roles(_ step: ProbeStep, _ streams: [StreamDefinition]) -> [CheckResult] {
        for service in tokenServices {
            guard let proof = memory.proofs[service], proof.claims != nil else { continue }
            let names = names(nil, proof: proof, service: service)
            if let trouble = trouble(step, step.refuse, in: names) { return [trouble] }
        }
        return streams.map { stream in
            let needed = definition.permissions.filter { stream.neededPermissions.contains($0.value) }
            var missing: [String] = []
            for permission in needed {
                guard let claims = memory.proofs[permission.service]?.token?.claims else {
                    return made(step, .unknown, stream: stream.id, "the token does not say its permissions")
                }
                if !claims.permissions.contains(permission.value) { missing.append(permission.value) }
            }
            guard !missing.isEmpty else {
                return made(step, .pass, stream: stream.id, needed.map(\.value).joined(separator: ", "))
            }
            let service = needed.first { missing.contains($0.value) }?.service
            let proof = service.flatMap { memory.proofs[$0] }
            let granted = proof?.token?.claims?.permissions ?? []
            let names = names(stream.id, proof: proof, service: service)
            let words =
                "\(stream.title) (\(stream.id)) needs \(needed.map(\.value).joined(separator: ", ")); granted: "
                + (granted.isEmpty ? "none" : granted.joined(separator: ", "))
                + "; missing: \(missing.joined(separator: ", "))"
            return failed(step, stream: stream.id, .permission, words, remedy: step.remedy, in: names)
        }
    }

    /// Looks for permissions nobody needs.
    func checkExcess(_ step: ProbeStep) -> CheckResult {
        var excess: [String] = []
        var isReadable = false
        for (service, proof) in memory.proofs.sorted(by: { $0.key < $1.key }) {
            guard let claims = proof.token?.claims else { continue }
            isReadable = true
            let known = Set(definition.permissions.filter { $0.service == service }.map(\.value))
            excess += claims.permissions.filter { !known.contains($0) }
        }
        guard isReadable else { return made(step, .unknown, "the token does not say its permissions") }
        guard !excess.isEmpty else { return made(step, .pass) }
        let words = "the app also holds \(excess.joined(separator: ", ")), which nothing here needs"
        let names = names(nil, proof: memory.proofs.first?.value)
        return failed(step, .permission, words, remedy: step.remedy, in: names)
    }

    private mutating func ensureProofs() async throws {
        for service in tokenServices where memory.proofs[service] == nil {
            if case .proof(let proof) = try await subject.session.prove(service, since: memory.began) {
                memory.proofs[service] = proof
            }
        }
    }
}
