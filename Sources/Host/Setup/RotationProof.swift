// SPDX-License-Identifier: Apache-2.0
package import Basics
package import Connectors
package import Probing
package import Status

/// What testing every connection of a registration with a new credential has proven.
///
/// A pure value: what worked before must work with the new one, token, claims, permissions and one read; what did not
/// work before may go on failing, as long as the new credential proves itself somewhere.
package struct RotationProof: Sendable, Equatable {
    /// What a new credential is worth.
    package enum Outcome: String, Sendable {
        case proven
        /// The source refuses it, or something that works would not work any more.
        case refused
        /// It could not be told now; the source was busy or out of reach.
        case doubtful
    }

    /// What one connection's test says of it.
    package enum Verdict: Sendable, Equatable {
        case proven
        case refused(Cause)
        case doubtful(String)
        /// It did not work before and does not now.
        case stillFailing(Cause)
        /// It cannot be tested at all, such as without its definition.
        case untested(String)
    }

    /// One connection.
    package struct Line: Sendable, Equatable {
        package var connection: ConnectionKey
        package var verdict: Verdict
        /// The streams that one read from has succeeded.
        package var read: [String]
        /// When the secret ends, as its provider says; `nil` where it does not tell.
        package var credentialEnd: Timestamp?

        /// Puts it together from its parts.
        package init(connection: ConnectionKey, verdict: Verdict, read: [String] = []) {
            self.connection = connection
            self.verdict = verdict
            self.read = read
        }
    }

    package var lines: [Line]

    /// Puts it together from its lines.
    package init(lines: [Line]) { self.lines = lines }

    /// What all lines say together: one refusal refuses, one doubt leaves it in doubt, and something must be proven.
    package var outcome: Outcome {
        if lines.contains(where: { if case .refused = $0.verdict { true } else { false } }) {
            return .refused
        }
        if lines.contains(where: { if case .doubtful = $0.verdict { true } else { false } }) {
            return .doubtful
        }
        if lines.contains(where: { $0.verdict == .proven }) { return .proven }
        let isDoubtful = lines.contains { line in
            if case .stillFailing(let cause) = line.verdict { cause.faultClass.isPassing } else { false }
        }
        return isDoubtful ? .doubtful : .refused
    }

    /// Why it is not proven: the first cause, with its connection.
    package var reason: (connection: ConnectionKey, words: String, remedy: Remedy?)? {
        for line in lines {
            if case .refused(let cause) = line.verdict {
                return (line.connection, cause.message, cause.remedy)
            }
        }
        for line in lines {
            switch line.verdict {
            case .doubtful(let words): return (line.connection, words, nil)
            case .stillFailing(let cause): return (line.connection, cause.message, cause.remedy)
            case .untested(let words): return (line.connection, words, nil)
            case .proven, .refused: continue
            }
        }
        return nil
    }
}

extension FaultClass {
    /// Whether it refuses nothing: the source is out of reach or busy.
    fileprivate var isPassing: Bool {
        switch self {
        case .network, .transient, .throttle, .host: true
        default: false
        }
    }
}

extension RotationProof.Line {
    /// Judges a connection's test; `worked` are the streams that collect today, `tenant` the one it has to stay with.
    ///
    /// Without `reads`, what a stream needs at the source is not there yet, and only what was refused counts.
    package init(
        _ report: ProbeReport,
        _ definition: Definition,
        tenant: String,
        worked: Set<String>,
        reads isRead: Bool = true
    ) {
        let kinds = Dictionary(definition.probe.map { ($0.id, $0.kind) }) { first, _ in first }
        func marks(_ stream: String) -> [CheckResult.Mark] {
            report.steps.filter { $0.stream == stream && kinds[$0.id] == .firstPage }.map(\.mark)
        }
        func reads(_ stream: String) -> Bool {
            marks(stream).allSatisfy { $0 == .pass || $0 == .passEmpty || $0 == .warn }
        }
        let causes = report.streamCauses
        let read = report.streams.filter { causes[$0] == nil && !marks($0).isEmpty && reads($0) }
        let due = report.streams.filter(worked.contains)
        self.init(connection: report.connection, verdict: .proven, read: read)
        credentialEnd = report.credentialEnd
        if let other = report.tenants.sorted().first(where: { $0.lowercased() != tenant.lowercased() }) {
            verdict = .refused(
                Cause(
                    faultClass: .config,
                    code: "other-tenant",
                    message: "this is another tenant: the credential is good for \(other), the connection is "
                        + "for \(tenant)",
                    since: report.at
                )
            )
        } else if let cause = report.connectionCause {
            verdict = due.isEmpty ? .stillFailing(cause) : Self.weigh(cause)
        } else if let stream = due.first(where: { causes[$0] != nil }), let cause = causes[stream] {
            verdict = Self.weigh(cause)
        } else if isRead, let stream = due.first(where: { !reads($0) }) {
            let words = report.steps.first { $0.stream == stream && kinds[$0.id] == .firstPage }?.message
            verdict = .doubtful("\(stream) could not be read to its proof" + (words.map { ": \($0)" } ?? ""))
        }
    }

    /// A source that is out of reach or busy has refused nothing.
    private static func weigh(_ cause: Cause) -> RotationProof.Verdict {
        cause.faultClass.isPassing ? .doubtful(cause.message) : .refused(cause)
    }
}
