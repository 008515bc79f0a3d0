// SPDX-License-Identifier: Apache-2.0
package import Basics
import Connectors
package import Status

/// What a connection test found, step by step.
package struct ProbeReport: Sendable, Equatable {
    package var connection: ConnectionKey
    package var connector: String
    /// When the test ended.
    package var at: Timestamp
    package var streams: [String]
    package var steps: [CheckResult]
    /// The plans that the tenant's list names, as far as the definition has a use for them; `nil` where none was read.
    package var plans: Set<String>?
    /// The streams that lack a plan by that list, with the words for it.
    package var unlicensed: [String: String]
    /// When the secret ends, as the service says that knows the app; `nil` where it was not asked or does not tell.
    package var credentialEnd: Timestamp?
    /// The tenants that the tokens said they are for; none where tokens do not say it.
    package var tenants: Set<String>

    /// Puts it together from its parts.
    package init(
        connection: ConnectionKey,
        connector: String,
        at: Timestamp,
        streams: [String],
        steps: [CheckResult],
        plans: Set<String>? = nil,
        unlicensed: [String: String] = [:],
        credentialEnd: Timestamp? = nil,
        tenants: Set<String> = []
    ) {
        self.tenants = tenants
        self.credentialEnd = credentialEnd
        self.plans = plans
        self.unlicensed = unlicensed
        self.connection = connection
        self.connector = connector
        self.at = at
        self.streams = streams
        self.steps = steps
    }

    /// How often each mark was given.
    package func count(_ mark: CheckResult.Mark) -> Int { steps.filter { $0.mark == mark }.count }

    /// How a step ended, of one stream or over all of them; `nil` for a step that was not run at all.
    package func mark(of step: String, stream: String? = nil) -> CheckResult.Mark? {
        let found = steps.filter {
            $0.id == step && (stream == nil || $0.stream == stream || $0.stream == nil)
        }
        return found.map(\.mark).max { $0.weight < $1.weight }
    }

    /// The first step that failed.
    package var firstFailure: CheckResult? { steps.first { $0.mark == .fail } }

    /// Whether nothing failed.
    package var isSuccessful: Bool { firstFailure == nil }

    /// The exit code of `headgate test`: 0, 1 with warnings, 4 where it waits or could not be told, 5 for a fail.
    package var exitCode: Int32 {
        if !isSuccessful { return 5 }
        if count(.warn) > 0 { return 1 }
        return count(.wait) + count(.unknown) > 0 ? 4 : 0
    }

    /// The exit code of several tests together: one that failed decides, then one with warnings.
    package static func exitCode(of reports: [ProbeReport]) -> Int32 {
        let codes = Set(reports.map(\.exitCode))
        return [5, 1, 4].first(where: codes.contains) ?? 0
    }

    /// Why nothing can be collected, where a step of the whole connection failed.
    package var connectionCause: Cause? {
        steps.first { $0.mark == .fail && $0.stream == nil }.map(cause)
    }

    /// Why single streams cannot be collected.
    package var streamCauses: [String: Cause] {
        var causes: [String: Cause] = [:]
        for step in steps where step.mark == .fail {
            guard let stream = step.stream, causes[stream] == nil else { continue }
            causes[stream] = cause(step)
        }
        return causes
    }

    /// How a stream came out: its own worst step, or the connection's where that failed.
    package func mark(ofStream stream: String) -> CheckResult.Mark {
        if connectionCause != nil { return .fail }
        let own = steps.filter { $0.stream == stream }.map(\.mark)
        return own.max { $0.weight < $1.weight } ?? .pass
    }

    private func cause(_ step: CheckResult) -> Cause {
        Cause(
            faultClass: step.faultClass ?? .config,
            code: step.evidence?.code,
            message: step.message ?? step.title,
            since: step.evidence?.at ?? at,
            // A source says so to holders too: only the list of plans settles it at once.
            confirmed: step.faultClass != .license || step.stream.map { unlicensed[$0] != nil } ?? false,
            remedy: step.remedy
        )
    }
}
