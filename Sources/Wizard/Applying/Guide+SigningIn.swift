// SPDX-License-Identifier: Apache-2.0
import Store
import Basics
import Connectors
import Identity
import JSON
import Source

extension Guide {
    /// Lets a person sign in with a code; the token stays in memory.
    mutating func signIn(_ step: FlowStep) async throws -> Outcome {
        // What was made already needs nobody's sign-in any more.
        guard let signIn = flow.signIn, let asker = flow.asker else { return .on("signed-in") }
        if person?.authority.isGood == true { return .on("signed-in") }
        await tell(step)
        let services = try Service.all(
            of: asker,
            cloud: cloud.flatMap { bench.shelf.clouds[$0] },
            bindings: names()
        )
        guard let provider = services[signIn.service], let target = services[signIn.for],
            let audience = target.audiences.first
        else { throw WizardFailure.flow("The cloud \(cloud ?? "") has no address for signing in.") }
        let demand = try DeviceSignIn.Demand(
            base: provider.base,
            tenant: signIn.tenant.map(words),
            codePath: signIn.codePath,
            tokenPath: signIn.tokenPath,
            client: words(signIn.client),
            scopes: signIn.scopes.map { $0.replacing("{{ audience }}", with: audience) },
            audience: audience,
            claims: signIn.claims,
            declinedErrors: signIn.declinedErrors
        )
        let (face, time, isAsked) = (face, bench.time, isConversation)
        let shown = Locked(Timestamp?.none)
        let began = time.now
        let ending: DeviceSignIn.Ending
        do {
            ending = try await DeviceSignIn.run(
                demand,
                over: bench.maker.shared.transport,
                time: SteppedTime(time) { now in
                    guard let until = shown.withLock({ $0 }) else { return }
                    await face.wait(Waiting("waiting for the sign-in", since: began, now: now, until: until))
                    if case .back? = await face.typed() { throw GoneBack() }
                },
                show: { code in
                    shown.withLock { $0 = code.expires }
                    await face.tell(.place(path: nil, link: code.wholeAddress ?? code.address))
                    await face.tell(.verbatim(["Code: \(code.userCode)"]))
                    await face.tell(.note("The code is good until \(code.expires.clockText) UTC."))
                    if isAsked { await face.tell(.note("back goes to the question before.")) }
                }
            )
        } catch is GoneBack {
            await face.wait(nil)
            return .back
        }
        await face.wait(nil)
        return try await take(ending, signIn, asker)
    }

    /// Forgets who signed in and what was learnt by it, so that another person of another tenant may.
    mutating func signOut() async {
        await person?.drop()
        person = nil
        // By this way all of it came from the sign-in.
        walk.credentials = Object()
        for provided in flow.signIn?.look?.provides ?? [] { walk.saved[provided.name] = nil }
        tests = []
        lock = nil
    }

    private mutating func take(
        _ ending: DeviceSignIn.Ending,
        _ signIn: SignIn,
        _ asker: Definition
    ) async throws -> Outcome {
        if case .granted(let grant) = ending {
            let claims = grant.token.claims?.payload ?? .object([:])
            person = PersonSession(
                authority: PersonAuthority(
                    grant,
                    of: signIn.service,
                    use: asker.service(signIn.service),
                    time: bench.time
                ),
                claims: claims
            )
            for provided in signIn.provides {
                guard let value = try? provided.value.text(in: names()), !value.isEmpty else { continue }
                if let given = walk.credentials[provided.name]?.stringValue, given != value {
                    await face.tell(.bad("That person belongs to \(value), not to \(given): another tenant."))
                    await person?.drop()
                    person = nil
                    return .on("other-tenant")
                }
                walk.credentials[provided.name] = .string(value)
            }
            await introduce(signIn)
            return .on("signed-in")
        }
        let (name, words) =
            switch ending {
            case .declined: ("declined", "The sign-in was declined.")
            case .expired: ("expired", "Nobody signed in before the code ended.")
            case .refused: ("refused", "The provider does not allow this sign-in.")
            case .unreachable: ("unreachable", "The sign-in service could not be reached.")
            case .granted: ("signed-in", "")
            }
        var said = words
        // Whoever declined did no more than that, whatever the answer can mean elsewhere.
        if name != "declined", let refusal = ending.refusal {
            let answer = refusal.answer(of: asker.service(signIn.service), service: signIn.service)
            if let verdict = asker.classify(answer, now: bench.time.now) {
                if !verdict.rule.hasPrefix("host.") { said += " " + verdict.message }
                let remedy = verdict.remedy.flatMap { id in asker.remedies.first { $0.id == id } }
                await face.tell(.bad(said))
                if let remedy { await face.tell(.remedy(remedy.remedy(in: names()))) }
                return try await unsigned(name, said)
            }
        }
        await face.tell(.bad(said))
        return try await unsigned(name, said)
    }

    /// Says who signed in, and whose tenant it is as far as it tells.
    private mutating func introduce(_ signIn: SignIn) async {
        if let look = signIn.look, let session = try? await personSession() {
            for provided in look.provides { walk.saved[provided.name] = nil }
            if let reply = try? await session.ask(look.request, for: .probe), reply.isSuccess {
                let answer = Answer(
                    of: session.definition.service(reply.service),
                    service: reply.service,
                    step: .probe,
                    status: reply.status,
                    body: reply.body
                )
                var found = names()
                found["response"] = answer.bindings["response"]
                for provided in look.provides {
                    guard let text = try? provided.value.text(in: found), !text.isEmpty else { continue }
                    walk.saved[provided.name] = .string(text)
                }
            }
        }
        await face.tell(.good(signIn.says.map(words) ?? "Signed in."))
    }

    private func unsigned(_ name: String, _ words: String) async throws -> Outcome {
        isConversation ? .on(name) : .over(.failed(words))
    }

    /// The way to the services in the person's name; `nil` where nobody is signed in.
    func personSession() async throws -> Session? {
        guard let person, let asker = flow.asker else { return nil }
        return try Session(
            definition: asker,
            cloud: cloud.flatMap { bench.shelf.clouds[$0] },
            owner: Session.Owner(
                connection: "onboarding " + record.id,
                registration: record.id,
                tenant: tenant
            ),
            names: names(),
            authority: person.authority,
            shared: bench.maker.shared
        )
    }
}

/// A person went back from a wait.
private struct GoneBack: Error {}

/// Waits a second at a time, so that a person sees that it goes on.
struct SteppedTime: TimeSource {
    private let base: any TimeSource
    private let each: @Sendable (Timestamp) async throws -> Void

    init(_ base: any TimeSource, each: @escaping @Sendable (Timestamp) async throws -> Void) {
        self.base = base
        self.each = each
    }

    var now: Timestamp { base.now }

    func sleep(for duration: Duration) async throws {
        let until = base.now + duration
        while true {
            let left = until - base.now
            guard left > .zero else { return }
            try await each(base.now)
            try await base.sleep(for: min(left, .seconds(1)))
        }
    }
}
