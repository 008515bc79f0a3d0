// SPDX-License-Identifier: Apache-2.0
package import Basics
import Connectors
import Crypto
package import HTTPClient
import JSON

/// Gets tokens and keeps them until shortly before their end, one for all who demand the same.
///
/// While a token is being fetched, others who demand it wait for that one request.
package actor Tokens {
    private let transport: any Transport
    private let time: any TimeSource
    private var kept: [TokenDemand.Key: Token] = [:]
    private var flights: [TokenDemand.Key: [UInt64: CheckedContinuation<Token?, any Error>]] = [:]
    /// The audience that a tenant knows, where a demand names several.
    private var known: [[String]: String] = [:]
    private var number: UInt64 = 0
    /// At this many kept tokens the ended ones are swept out.
    private var sweepAt = 1_024

    /// Asks for tokens over `transport`.
    package init(transport: any Transport, time: any TimeSource = SystemTime()) {
        self.transport = transport
        self.time = time
    }

    /// What to send to prove who asks: a token, or the key or password as the definition says.
    package func authorisation(for demand: TokenDemand) async throws -> Authorisation {
        switch demand.auth.kind {
        case .clientCredentials:
            let token = try await token(for: demand)
            return Authorisation(header: token.header, token: token)
        case .header, .basic:
            return Authorisation(header: try KeyHeader.make(demand), token: nil)
        }
    }

    /// A token that is good for a while yet, kept or fetched.
    ///
    /// Throws ``TokenRefused`` for an answer without a token, ``IdentityFailure`` where it cannot be asked,
    /// `HTTPClient.Failure` where no answer comes.
    package func token(for demand: TokenDemand) async throws -> Token {
        let key = demand.key
        while true {
            if let token = kept[key], time.now < token.refresh { return token }
            guard flights[key] != nil else { return try await lead(demand, key) }
            // Nothing means that the one who asked was cancelled, which is no answer for us.
            if let token = try await follow(key) { return token }
        }
    }

    /// Forgets the token of `demand`, so that the next is a fresh one.
    ///
    /// Many may find one token refused at the same time; with `refused` given, a newer token is kept.
    package func invalidate(_ demand: TokenDemand, refused: Token? = nil) {
        guard let token = kept[demand.key], refused == nil || token.number == refused?.number else { return }
        drop(demand.key)
    }

    /// Forgets the token of that number, so that the next is a fresh one; a newer token is kept.
    package func invalidate(_ demand: TokenDemand, number: UInt64) {
        guard kept[demand.key]?.number == number else { return }
        drop(demand.key)
    }

    private func lead(_ demand: TokenDemand, _ key: TokenDemand.Key) async throws -> Token {
        flights[key] = [:]
        do {
            let token = try await fetch(demand)
            keep(token, key)
            for waiter in (flights.removeValue(forKey: key) ?? [:]).values { waiter.resume(returning: token) }
            return token
        } catch {
            for waiter in (flights.removeValue(forKey: key) ?? [:]).values {
                if error is CancellationError {
                    waiter.resume(returning: nil)
                } else {
                    waiter.resume(throwing: error)
                }
            }
            throw error
        }
    }

    private func follow(_ key: TokenDemand.Key) async throws -> Token? {
        number += 1
        let place = number
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard !Task.isCancelled, flights[key] != nil else {
                    return Task.isCancelled
                        ? continuation.resume(throwing: CancellationError())
                        : continuation.resume(returning: nil)
                }
                flights[key]?[place] = continuation
            }
        } onCancel: {
            Task { await self.leave(key, place) }
        }
    }

    private func leave(_ key: TokenDemand.Key, _ place: UInt64) {
        flights[key]?.removeValue(forKey: place)?.resume(throwing: CancellationError())
    }

    /// Asks for one audience after the other until the tenant knows it.
    private func fetch(_ demand: TokenDemand) async throws -> Token {
        let memory = [demand.base?.text ?? "", demand.tenant] + demand.audiences
        let first = known[memory]
        let order = [first].compactMap { $0 } + demand.audiences.filter { $0 != first }
        var refusal: TokenRefused?
        for audience in order.isEmpty ? [""] : order {
            let asked = time.now
            let request = try TokenRequest(demand: demand, audience: audience, now: asked).make()
            let response = try await transport.send(request)
            do throws(TokenRefused) {
                let token = try read(response, demand, audience, asked)
                if demand.audiences.count > 1 { known[memory] = audience }
                return token
            } catch {
                // The first refusal is the one to tell: the audience a person would expect.
                refusal = refusal ?? error
                guard knowsNot(response, demand) else { throw error }
            }
        }
        throw refusal ?? TokenRefused(response: Response(status: 0), trouble: .malformed)
    }

    /// Whether the answer says that the audience is unknown to the tenant, so that the next may be tried.
    private func knowsNot(_ response: Response, _ demand: TokenDemand) -> Bool {
        let answer = Answer(
            of: demand.service,
            service: demand.auth.token?.service ?? "",
            step: .token,
            status: response.status,
            headers: response.headers.map { ($0.name, $0.value) },
            body: response.body
        )
        return answer.codes.contains { demand.auth.nextAudienceOn.contains($0) }
    }

    private func read(
        _ response: Response,
        _ demand: TokenDemand,
        _ audience: String,
        _ asked: Timestamp
    ) throws(TokenRefused) -> Token {
        guard (200...299).contains(response.status) else {
            throw TokenRefused(response: response, trouble: nil)
        }
        guard let body = try? Value(parsing: response.body), let text = body["access_token"]?.stringValue,
            !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { throw TokenRefused(response: response, trouble: .malformed) }
        let value = Secret(text)
        let claims = demand.auth.claims.flatMap { Claims(token: value, names: $0) }
        // Some services write the number as a text. Counted from the question, the end is rather early than late.
        let stated = body["expires_in"]?.plainText.flatMap { Double($0) }.map { min(max($0, 0), 1e7) }
        let life = stated.map { Duration.seconds(Int64($0)) } ?? Self.usualLife
        number += 1
        // A short life must not make every request ask for a new token.
        let ahead = min(demand.auth.refreshBefore, life / 2)
        return Token(
            value: value,
            audience: audience,
            issued: asked,
            expires: asked + life,
            refresh: asked + life - ahead,
            claims: claims,
            number: number
        )
    }

    /// Assumed where an answer does not say; short, as a token refused is asked for again anyway.
    private static let usualLife = Duration.minutes(10)

    private func keep(_ token: Token, _ key: TokenDemand.Key) {
        drop(key)
        kept[key] = token
        guard kept.count >= sweepAt else { return }
        let now = time.now
        for (key, token) in kept where token.expires <= now { drop(key) }
        sweepAt = max(1_024, kept.count * 2)
    }

    private func drop(_ key: TokenDemand.Key) {
        kept.removeValue(forKey: key)?.value.reveal { Redaction.shared.forget($0) }
    }
}
