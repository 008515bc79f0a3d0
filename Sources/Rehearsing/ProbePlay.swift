// SPDX-License-Identifier: Apache-2.0
import Connectors
import JSON
import Probing

/// Plays a test of the kind `probe`: runs the connection test and looks at its results.
struct ProbePlay {
    private let stage: Stage
    private var then: Rehearsal.Outcome { stage.rehearsal.then }

    init(_ stage: Stage) { self.stage = stage }

    /// Plays to the end and gives back everything that came out otherwise.
    func differences() async throws -> [Difference] {
        let stage = stage
        let entries = stage.subject.credentials.members.map { ($0.key, $0.value.stringValue ?? "") }
        let subject = ProbeSubject(
            key: Stage.key,
            streams: stage.streams,
            entered: Dictionary(entries) { first, _ in first },
            credential: stage.subject.credential,
            session: stage.session,
            reopen: { try stage.reopened(with: $0) }
        )
        let report = try await Prober.run(subject)
        var differences = changes()
        for (name, outcome) in then.steps.sorted(by: { $0.key < $1.key }) {
            let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
            let got = report.mark(of: parts[0], stream: parts.count > 1 ? parts[1] : nil)
            guard outcome != got?.rawValue else { continue }
            let why = report.steps.filter { $0.id == parts[0] && $0.mark == got }.lazy.compactMap(\.message)
                .first
            differences.append(
                Difference(
                    "then.steps.\(name)",
                    "expected \(outcome), got \(got?.rawValue ?? "nothing")" + (why.map { ": \($0)" } ?? "")
                )
            )
        }
        let failure = report.firstFailure
        if let expected = then.faultClass, failure?.faultClass != expected {
            differences.append(other("class", expected.rawValue, failure?.faultClass?.rawValue, failure))
        }
        if let expected = then.remedy, failure?.remedy?.id != expected {
            differences.append(other("remedy", expected, failure?.remedy?.id, failure))
        }
        if let waited = then.waited, stage.sourceTime.waited < waited {
            differences.append(Difference.shorter(waited, stage.sourceTime.waited))
        }
        let words = report.steps.flatMap { result in
            [result.message, result.remedy?.title, result.remedy?.where].compactMap { $0 }
        }
        return differences + stage.shownSecrets(in: words.map { ("a result", $0) })
    }

    /// Requests that do more than read; a connection test makes none.
    private func changes() -> [Difference] {
        let streams = stage.definition.streams.filter { !$0.isDerived }
        let lists = streams.flatMap { [$0.list.request, $0.fetch?.request].compactMap(\.self) }
        // A list or a look may be asked for with POST, where the service takes its question in a body.
        let asked =
            stage.definition.probe.compactMap(\.request) + stage.definition.favours.map(\.request)
        let reading = (asked + lists).filter { $0.method != .get }
        return stage.transport.requests.filter { sent in
            sent.method != "GET" && !stage.transport.isForToken(sent) && !reading.contains { sent.isLike($0) }
        }.map { Difference("http", "the connection test would change something: \($0.line)") }
    }

    private func other(_ what: String, _ expected: String, _ got: String?, _ failure: CheckResult?)
        -> Difference
    {
        let why = failure.map { "; \($0.id) failed: \($0.message ?? $0.title)" } ?? "; no step failed"
        return Difference("then.\(what)", "expected \(expected), got \(got ?? "nothing")\(why)")
    }
}
