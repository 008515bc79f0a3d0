// SPDX-License-Identifier: Apache-2.0
import Connectors
import Host
import Probing
import Status

/// One chosen connector on its way to a connection.
struct Tested: Sendable {
    let member: Flow.Member
    let definition: Definition
    /// What is set up, once it is known well enough to be tested.
    var prepared: Prepared?
    var report: ProbeReport?
    /// The permissions that a fresh token was seen to hold, by service.
    var granted: [String: Set<String>] = [:]
    var added: Added?

    /// The streams that the test looked at and that the tenant could have, by the list of its plans.
    private var available: [String] {
        report.map { report in report.streams.filter { report.unlicensed[$0] == nil } } ?? []
    }

    /// Those of them that cannot be collected; what adding allows one try of is not among them.
    var hopeless: [String] {
        guard let report else { return [] }
        let causes = report.streamCauses
        return available.filter {
            report.mark(ofStream: $0) == .fail && causes[$0]?.faultClass != .subscription
        }
    }

    /// Whether the tenant has a plan for none of the streams.
    var isUnlicensed: Bool { report.map { !$0.streams.isEmpty } ?? false && available.isEmpty }

    /// The first failure of a connection of which nothing can be collected, plans apart.
    var failure: CheckResult? {
        guard let report, !isUnlicensed else { return nil }
        if report.connectionCause != nil { return report.firstFailure }
        guard hopeless.count == available.count else { return nil }
        return report.steps.first {
            $0.mark == .fail && $0.faultClass != .license && $0.faultClass != .subscription
        }
    }

    /// Whether streams that the tenant could have cannot be collected.
    var lacksStreams: Bool { !hopeless.isEmpty }

    /// The permissions that the chosen streams cannot do without.
    var neededPermissions: Set<String> {
        let chosen = report?.streams ?? []
        return Set(definition.streams.filter { chosen.contains($0.id) }.flatMap(\.neededPermissions))
    }

    /// Whether a stage of the test passed; what only lacks a plan is no matter of waiting.
    func passed(_ stage: ProbeStep.Stage) -> Bool {
        let steps = (report?.steps ?? []).filter { $0.stage == stage }
        return !steps.isEmpty
            && steps.allSatisfy { step in
                (step.mark != .fail || step.faultClass == .license) && step.skippedFor == nil
            }
    }

    /// Whether no source says anything about a stage.
    func isUndecided(_ stage: ProbeStep.Stage) -> Bool {
        (report?.steps ?? []).contains { $0.stage == stage && $0.mark == .unknown }
    }

    /// What collecting starts at the source, where the test has seen that it is not there yet.
    var effects: [String] {
        let missing = (report?.steps ?? []).count { step in
            step.stage == .subscription
                && (step.mark == .wait || step.mark == .fail && step.faultClass == .subscription)
        }
        return missing == 0 ? [] : definition.sideEffects.map { "\($0.title), for \(missing) streams" }
    }
}

extension Definition {
    /// What is made at the source before streams can be collected, with the number of streams for which it is.
    var sideEffects: [(title: String, streams: Int)] {
        let titles = streams.flatMap(\.before).filter(\.hasSideEffect).map(\.title)
        return Set(titles).sorted().map { title in (title, titles.count { $0 == title }) }
    }
}
