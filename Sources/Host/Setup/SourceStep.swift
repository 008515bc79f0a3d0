// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import HTTPClient
import JSON
import Source
import Status
import Store

/// One preparing step of one stream, looked at, made or taken back because a person asks for it, outside of any cycle.
struct SourceStep: Sendable {
    let session: Session
    let stream: StreamDefinition
    let key: StreamKey
    let step: BeforeStep

    /// What a look at the step shows.
    enum Look: Sendable, Equatable {
        case stands
        case missing
        /// It is there in a way that the machine must not change by itself.
        case refused(Trouble)
        /// It could not be looked at.
        case failed(Trouble)
    }

    /// What stands in the way, with what a person does about it.
    struct Trouble: Sendable, Equatable {
        let faultClass: FaultClass
        let words: String
        let remedy: Remedy?
    }

    /// Asks how the step stands; one that cannot be looked at counts as missing.
    func look() async throws -> Look {
        guard let look = step.look, let unless = step.unless else { return .missing }
        let reply = try await ask(look)
        guard reply.isSuccess else { return .failed(trouble(reply)) }
        let known = known(reply)
        if let check = step.refuse.first(where: { $0.condition.holds(in: known) }) {
            return .refused(
                Trouble(
                    faultClass: check.faultClass,
                    words: (try? check.say.text(in: known)) ?? step.title,
                    remedy: check.remedy.flatMap { session.definition.remedy($0, in: known) }
                )
            )
        }
        return unless.holds(in: known) ? .stands : .missing
    }

    /// Makes the step's request and says what stood in the way; a look has said before that it is needed.
    func make() async throws -> Trouble? {
        let reply = try await ask(step.request)
        guard reply.isSuccess else { return trouble(reply) }
        guard step.verify else { return nil }
        switch try await look() {
        case .stands: return nil
        case .missing:
            return Trouble(
                faultClass: .subscription,
                words: "\(step.title) was accepted, but does not show yet",
                remedy: nil
            )
        case .refused(let trouble), .failed(let trouble): return trouble
        }
    }

    /// What came of taking a step back.
    enum TakenBack: Sendable, Equatable {
        case done
        /// There was nothing to take back.
        case absent
        case failed(Trouble)
    }

    /// Takes the step back where it stands, and believes only a look that does not show it any more.
    ///
    /// A host that was under way may have made it again meanwhile, so it is tried twice.
    func takeBack() async throws -> TakenBack {
        guard let undo = step.undo else { return .absent }
        switch try await look() {
        case .missing where step.look != nil, .refused: return .absent
        case .missing, .stands, .failed: break
        }
        for _ in 0..<2 {
            let reply = try await ask(undo)
            guard reply.isSuccess else { return .failed(trouble(reply)) }
            guard step.look != nil, case .stands = try await look() else { return .done }
        }
        return .failed(
            Trouble(
                faultClass: .subscription,
                words: "the source accepted it, but it still stands",
                remedy: nil
            )
        )
    }

    private var names: Names {
        Names(["stream": stream.named])
    }

    /// Asks, and once more where the way was at fault.
    private func ask(_ request: RequestTemplate) async throws -> Reply {
        let reply = try await session.ask(request, for: .before, with: names)
        guard let verdict = reply.verdict,
            verdict.faultClass == .network || verdict.faultClass == .transient
        else { return reply }
        try await session.shared.time.sleep(for: min(verdict.wait ?? .seconds(2), .seconds(10)))
        return try await session.ask(request, for: .before, with: names)
    }

    private func known(_ reply: Reply) -> any Bindings {
        let answer = Answer(
            of: session.definition.service(reply.service),
            service: reply.service,
            step: reply.step,
            status: reply.status,
            headers: (reply.response?.headers ?? []).map { ($0.name, $0.value) },
            body: reply.body
        )
        return session.bindings(
            reply.service,
            names.with("response", answer.bindings["response"] ?? .null)
        )
    }

    private func trouble(_ reply: Reply) -> Trouble {
        Trouble(
            faultClass: reply.verdict?.faultClass ?? .shape,
            words: reply.verdict?.message ?? "the service answered HTTP \(reply.status)",
            remedy: reply.remedy
        )
    }
}
