// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Crypto
import HTTPClient
import JSON
import Source

/// Makes up the access tokens of a test: shaped like JWTs, unsigned, with claims that fit the set-up.
struct TokenMint: Sendable {
    let definition: Definition
    private let subject: Locked<(Subject, [String: Service])>
    private let made = Locked([String]())

    init(definition: Definition, _ subject: Subject) {
        self.definition = definition
        self.subject = Locked((subject, [:]))
    }

    /// Makes tokens for `subject` and the services that it reaches from now on.
    func settle(_ subject: Subject, _ services: [String: Service]) {
        self.subject.withLock { $0 = (subject, services) }
    }

    /// The services that tokens are made for.
    var services: [String: Service] { subject.withLock { $0.1 } }

    /// Every token made so far; none of them may ever be shown.
    var tokens: [String] { made.withLock { $0 } }

    /// The answer to a token request: a token with `wish` over the claims that fit.
    func answer(_ wish: Rehearsal.Token, to request: SentRequest, at now: Timestamp) -> [UInt8] {
        let (service, audience) = audience(of: request)
        var claims = fitting(service, audience, at: now, expiresIn: wish.expiresIn)
        for (name, value) in wish.claims.members { claims[name] = value == .null ? nil : value }
        let token = made.withLock { made in
            let parts = [
                Base64.encodeURL(Array(#"{"typ":"JWT","alg":"none"}"#.utf8)),
                Base64.encodeURL(Value.object(claims).bytes()),
                // No two tokens are alike, so that a refused one is told from the one that follows it.
                Base64.encodeURL(Array("rehearsal token \(made.count + 1)".utf8)),
            ]
            made.append(parts.joined(separator: "."))
            return parts.joined(separator: ".")
        }
        let answer: Value = [
            "token_type": "Bearer", "expires_in": .int(Int64(wish.expiresIn)), "access_token": .string(token),
        ]
        return answer.bytes()
    }

    private func fitting(_ service: String?, _ audience: String, at now: Timestamp, expiresIn: Int) -> Object
    {
        var claims = Object()
        guard let names = definition.auth.claims else { return claims }
        let subject = subject.withLock { $0.0 }
        func set(_ names: [String], _ value: Value) { if let name = names.first { claims[name] = value } }
        set(names.audience, .string(audience))
        claims["iat"] = .int(now.seconds)
        set(names.expires, .int(now.seconds + Int64(expiresIn)))
        set(names.client, .string(subject.client))
        // What nobody needs to grant is not granted, unless a test says so.
        let dispensable = definition.confirmingPermissions
        let held = definition.permissions.filter {
            (service == nil || $0.service == service) && !dispensable.contains($0.value)
        }
        set(names.permissions, .array(held.map { .string($0.value) }))
        set(names.tenant, .string(subject.tenant))
        return claims
    }

    /// The service whose token is asked for, by the longest of all audiences that the request names.
    private func audience(of request: SentRequest) -> (service: String?, audience: String) {
        let words = (request.form + request.query).map(\.value)
        var best: (service: String?, audience: String) = (nil, "")
        for (name, service) in services.sorted(by: { $0.key < $1.key }) {
            for audience in service.audiences
            where audience.count > best.audience.count && words.contains(where: { $0.contains(audience) }) {
                best = (name, audience)
            }
        }
        return best
    }
}
