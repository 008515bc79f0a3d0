// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Crypto
import Identity
import Source
import Status

extension Prober {
    /// Looks when the credential ends: as it says itself, as its service says, or as a person declared.
    mutating func checkExpiry(_ step: ProbeStep) async throws -> CheckResult {
        var expiry = subject.expiry
        switch subject.credential {
        case .certificate(let certificate, _)? where expiry?.at == nil:
            expiry = ProbeSubject.Expiry(kind: "certificate", at: certificate.notAfter)
        case .secret(let secret)?:
            if let end = try await readEnd(
                step.ends,
                begins: { hint in secret.reveal { $0.hasPrefix(hint) } }
            ) {
                memory.credentialEnd = end
                expiry = ProbeSubject.Expiry(kind: "secret", at: end)
            }
        default: break
        }
        guard let expiry, let end = expiry.at else {
            // What nobody knows was not looked at, and is no pass.
            return made(step, .skip, "when it ends is not known; declare it with \"secretExpires\"")
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

    /// When the secret ends, as the service says that knows the app; `nil` where the app may not ask, or it cannot tell.
    private mutating func readEnd(_ ends: EndList?, begins: (String) -> Bool) async throws -> Timestamp? {
        // Who could not sign in need not be asked for another token.
        guard let ends, ends.request.method == .get, !memory.proofs.isEmpty,
            let proof = try await proof(holding: ends.permission, of: ends.request.service)
        else { return nil }
        let reply = try await ask(ends.request)
        guard reply.isSuccess else { return nil }
        let names = names(nil, proof: proof, response: response(reply), service: ends.request.service)
        return ends.end(in: names, begins: begins)
    }

    /// What proves the app to `service`, where it holds `permission` there.
    ///
    /// Clouds that lack the service, and apps that lack its permission, are none the worse for it.
    mutating func proof(holding permission: String, of service: String) async throws -> Proof? {
        guard subject.session.services[service] != nil,
            case .proof(let proof) = try await subject.session.prove(service, since: memory.began),
            proof.token?.claims?.permissions.contains(permission) == true
        else { return nil }
        return proof
    }
}
