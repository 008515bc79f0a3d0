// SPDX-License-Identifier: Apache-2.0
import Basics
package import Connectors
import Identity
import JSON
import Source
import Status

/// Runs a definition's connection test; it changes nothing at the source.
///
/// Steps run in the definition's order, each as far as the steps it needs allow, so that one trouble does not hide
/// another. Requests with a side effect are never made: a missing preparation is `wait`.
package struct Prober: Sendable {
    var subject: ProbeSubject
    /// Whether a person waits for a change to act, so that steps may be repeated for minutes.
    let isPatient: Bool
    var memory = ProbeMemory()
    private var results: [CheckResult] = []

    /// Tests `subject`.
    package init(_ subject: ProbeSubject, isPatient: Bool = false) {
        self.subject = subject
        self.isPatient = isPatient
    }

    /// Runs every step, or those up to and of a stage.
    ///
    /// `progress` hears the title of each before it runs. Throws `CancellationError` only.
    package static func run(
        _ subject: ProbeSubject,
        isPatient: Bool = false,
        upTo stage: ProbeStep.Stage? = nil,
        progress: @Sendable (String) async -> Void = { _ in }
    ) async throws -> ProbeReport {
        var prober = Prober(subject, isPatient: isPatient)
        return try await prober.run(upTo: stage, progress)
    }

    private mutating func run(
        upTo last: ProbeStep.Stage?,
        _ progress: @Sendable (String) async -> Void
    ) async throws -> ProbeReport {
        memory.began = subject.session.shared.time.now
        let stages = ProbeStep.Stage.allCases
        let wanted = last.flatMap { stages.firstIndex(of: $0) }.map { stages[...$0] } ?? stages[...]
        for step in definition.probe where wanted.contains(step.stage) {
            try Task.checkCancellation()
            await progress(step.title)
            results += try await persist(step)
        }
        return ProbeReport(
            connection: subject.key,
            connector: definition.id,
            at: subject.session.shared.time.now,
            streams: subject.streams.map(\.id),
            steps: results,
            plans: memory.plans,
            unlicensed: memory.unlicensed,
            credentialEnd: memory.credentialEnd,
            tenants: Set(memory.proofs.values.compactMap { $0.token?.claims?.tenant })
        )
    }

    var definition: Definition { subject.session.definition }

    /// Runs a step, and where a person waits for a change to act, again until it has or the step's time is over.
    private mutating func persist(_ step: ProbeStep) async throws -> [CheckResult] {
        var found = try await run(step)
        guard isPatient, let retry = step.retry else { return found }
        let time = subject.session.shared.time
        let deadline = time.now + retry.for
        while found.contains(where: { $0.mark == .fail }), time.now + retry.every <= deadline {
            try await time.sleep(for: retry.every)
            memory.forgetAnswers()
            // What was granted meanwhile stands in new tokens only.
            if retry.freshToken { memory.forgetProofs(now: time.now) }
            found = try await run(step)
        }
        return found
    }

    private mutating func run(_ step: ProbeStep) async throws -> [CheckResult] {
        if let parent = failedParent(of: step, stream: nil) { return [skipped(step, nil, parent)] }
        // What each stream needs may have failed for some and stand for others.
        var ready: [StreamDefinition] = []
        var results: [CheckResult] = []
        var parents: [String] = []
        if let when = step.when, !when.holds(in: names(nil, proof: memory.proofs.first?.value)) {
            return [made(step, .skip, "it does not apply to this connection")]
        }
        for stream in subject.streams {
            if let parent = failedParent(of: step, stream: stream.id) {
                parents.append(parent)
                if step.kind.isPerStream { results.append(skipped(step, stream.id, parent)) }
            } else {
                ready.append(stream)
            }
        }
        if ready.isEmpty, let parent = parents.first {
            return results.isEmpty ? [skipped(step, nil, parent)] : results
        }
        let found = try await perform(step, ready)
        // Streams keep their order, whether they were looked at or not.
        let places = subject.streams.map(\.id)
        func place(_ result: CheckResult) -> Int { result.stream.flatMap { places.firstIndex(of: $0) } ?? -1 }
        return (found + results).sorted { place($0) < place($1) }.map { soften($0, step) }
    }

    private mutating func perform(_ step: ProbeStep, _ ready: [StreamDefinition]) async throws
        -> [CheckResult]
    {
        switch step.kind {
        case .offline: return [checkForm(step)]
        case .network: return [try await reach(step)]
        case .discovery: return [try await discover(step)]
        case .http: return [try await simply(step)]
        case .license: return try await checkLicenses(step, ready)
        case .token: return [try await getTokens(step)]
        case .claims: return [try await checkClaims(step)]
        case .roles: return try await checkRoles(step, ready)
        case .rolesExcess: return [checkExcess(step)]
        case .evidence: return [try await findEvidence(step, ready)]
        case .subscription: return try await checkSubscriptions(step, ready)
        case .firstPage: return try await readFirstPages(step, ready)
        case .expiry: return [try await checkExpiry(step)]
        }
    }

    /// The step that stands in the way, for the whole connection or for one stream; a skipped one names its own.
    ///
    /// What a stream lacks may lie several steps back, behind one that is of the whole connection.
    private func failedParent(of step: ProbeStep, stream: String?) -> String? {
        let needed = ancestors(of: step)
        for result in results where needed.contains(result.id) && result.stream == stream {
            switch result.mark {
            case .fail: return result.id
            case .skip:
                // What does not apply stands in nobody's way.
                if let parent = result.skippedFor { return parent }
            case .wait where step.kind.isPerStream: return result.id
            default: continue
            }
        }
        return nil
    }

    private func ancestors(of step: ProbeStep) -> Set<String> {
        var found: Set<String> = []
        var open = step.needs
        while let id = open.popLast() {
            guard found.insert(id).inserted else { continue }
            open += definition.probe.first { $0.id == id }?.needs ?? []
        }
        return found
    }

    private func skipped(_ step: ProbeStep, _ stream: String?, _ parent: String) -> CheckResult {
        var result = made(step, .skip, stream: stream)
        result.skippedFor = parent
        return result
    }

    /// A step of mild consequence warns where another would fail.
    private func soften(_ result: CheckResult, _ step: ProbeStep) -> CheckResult {
        guard result.mark == .fail, step.severity == .warn else { return result }
        var milder = result
        milder.mark = .warn
        return milder
    }
}

extension ProbeStep.Kind {
    /// Whether it gives a result for each stream.
    var isPerStream: Bool {
        switch self {
        case .roles, .license, .subscription, .firstPage: true
        case .offline, .network, .discovery, .http, .token, .claims, .rolesExcess, .evidence, .expiry: false
        }
    }
}
