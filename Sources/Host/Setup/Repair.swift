// SPDX-License-Identifier: Apache-2.0
package import Basics
import Collecting
package import Connectors
package import Probing
package import Status
package import Store

/// Gives a person's word for one try of what the machine must not do by itself, and judges what became of an issue.
package enum Repair {
    /// What became of it.
    package enum Outcome: Sendable, Equatable {
        /// The host has looked, and it is over, if anything was wrong before.
        case resolved(wasWrong: Bool)
        /// The test passes; the next cycle proves it.
        case passes
        /// The host tries it now, or will.
        case trying(String)
        /// A person still has to act.
        case person(String, Remedy?)
    }

    /// How long a running host is waited for.
    package static let patience = Duration.seconds(30)

    /// Looks at a connection again now: allows one try of what a person must ask for, tests it, and has the host look.
    ///
    /// `progress` hears what is being done. Throws ``StoreFailure``, and `CancellationError`.
    package static func look(
        at connection: Connection,
        streams: [StreamKey],
        _ examiner: Examiner,
        in ledger: any Ledger,
        time: any TimeSource,
        progress: @escaping @Sendable (String) async -> Void = { _ in }
    ) async throws -> Outcome {
        guard !connection.isDraft else {
            throw StoreFailure.missing("finished set-up of \(connection.key)")
        }
        let asked = time.now
        var before: [StreamFacts] = []
        for key in streams { before.append(try await ledger.facts(of: key)) }
        try await allow(streams, in: ledger, now: asked)
        let report = try await Prober.run(try await examiner.subject(of: connection), progress: progress)
        await progress("waiting for the host")
        if try await hostLooked(at: streams, since: asked, in: ledger, time: time) {
            var facts: [StreamFacts] = []
            for key in streams { facts.append(try await ledger.facts(of: key)) }
            let verdict = judge(facts, wasWrong: before.contains { ($0.standing ?? $0.cause) != nil })
            // Where no window was due it has asked for nothing, and only the test can tell.
            let hasCollected = facts.allSatisfy { facts in facts.lastSuccess.map { $0 >= asked } ?? false }
            guard case .resolved = verdict, !hasCollected else { return verdict }
            return judge(report, streams: streams.map(\.stream), hostRuns: false)
        }
        return judge(
            report,
            streams: streams.map(\.stream),
            hostRuns: try await isHostRunning(ledger, now: time.now)
        )
    }

    /// Tests a draft again with what it was set up with, and takes it up where it can be collected by now.
    ///
    /// Throws as ``Onboarding`` does where what it was set up with does not serve any more.
    package static func finish(
        _ draft: Connection,
        _ onboarding: Onboarding,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> Outcome {
        let plan = try await Reconfiguring(onboarding).plan(ConnectionChanges(), of: draft)
        let prepared = try await onboarding.prepare(plan.answers, nil)
        let report = try await Prober.run(ProbeSubject(prepared), progress: progress)
        let added = try await onboarding.settle(prepared, Trial(report), noChanges: plan.noChanges)
        if let cause = added.connection.draftCause { return .person(cause.message, cause.remedy) }
        let blocked = added.blocked.sorted { $0.key < $1.key }.map(\.value)
        guard let cause = blocked.first(where: \.blocks) ?? blocked.first else { return .passes }
        return cause.blocks
            ? .person(cause.message, cause.remedy) : .trying("\(cause.message); it is tried again by itself")
    }

    /// Allows one try for each stream and has the host look at once.
    package static func allow(_ streams: [StreamKey], in ledger: any Ledger, now: Timestamp) async throws {
        try await ledger.write(
            streams.flatMap { key -> [LedgerChange] in
                [.stream(key, .cursor(name: Preparation.allowed, value: now.description)), .wake(key)]
            }
        )
    }

    /// Waits until a running host has looked at every stream since `asked`; `false` where none runs or time is over.
    package static func hostLooked(
        at streams: [StreamKey],
        since asked: Timestamp,
        in ledger: any Ledger,
        time: any TimeSource
    ) async throws -> Bool {
        guard try await isHostRunning(ledger, now: time.now), !streams.isEmpty else { return false }
        let deadline = time.now + patience
        while true {
            var isDone = true
            for key in streams where isDone {
                isDone = hasLooked(try await ledger.facts(of: key), since: asked)
            }
            if isDone { return true }
            guard time.now < deadline else { return false }
            try await time.sleep(for: .seconds(1))
        }
    }

    /// Whether a host looks after the home at this moment.
    package static func isHostRunning(_ ledger: any Ledger, now: Timestamp) async throws -> Bool {
        try await ledger.tick()?.isLooking(now: now) ?? false
    }

    /// Whether a whole cycle has come to its end since `asked`, well or not.
    private static func hasLooked(_ facts: StreamFacts, since asked: Timestamp) -> Bool {
        guard let attempt = facts.lastAttempt, attempt >= asked else { return false }
        // Where nothing is wrong there may be nothing to ask for just now.
        return facts.cause == nil || facts.lastSuccess.map { $0 >= asked } ?? false
            || facts.nextTry.map { $0 > asked } ?? false
    }

    /// Judges a stream's cause after the host has looked.
    package static func judge(_ facts: [StreamFacts], wasWrong: Bool = true) -> Outcome {
        let causes = facts.compactMap { $0.standing ?? $0.cause }
        guard let cause = causes.first(where: \.blocks) ?? causes.first else {
            return .resolved(wasWrong: wasWrong)
        }
        return cause.faultClass.isBlocking
            ? .person(cause.message, cause.remedy)
            : .trying("\(cause.message); it is tried again by itself")
    }

    /// Judges by a test alone, where the host has not looked yet.
    ///
    /// A subscription that the source lists as disabled is what the person's word was given for.
    package static func judge(
        _ report: ProbeReport,
        streams: [String],
        hostRuns: Bool
    ) -> Outcome {
        let causes = [report.connectionCause] + streams.map { report.streamCauses[$0] }
        let found = causes.compactMap(\.self)
        if let cause = found.first(where: { $0.faultClass.isBlocking && $0.faultClass != .subscription }) {
            return .person(cause.message, cause.remedy)
        }
        if let cause = found.first {
            return .trying(
                cause.faultClass == .subscription
                    ? "\(cause.message) One try is allowed" + (hostRuns ? "" : "; the next pass makes it")
                    : "\(cause.message); it is tried again by itself"
            )
        }
        return hostRuns ? .trying("the test passes, and the host is at it") : .passes
    }
}
