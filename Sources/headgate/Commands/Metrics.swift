// SPDX-License-Identifier: Apache-2.0
import Basics
import Host
import Reporting

extension Command {
    static let metrics = Command(
        name: "metrics",
        synopsis: "[CUSTOMER[/CONNECTION[/STREAM]]]",
        summary: "prints the collection status as OpenMetrics, for Prometheus",
        help: """
            Prints every figure of the status, for a textfile collector or to look at. Times are instants: how far a stream
            is behind is time() - headgate_stream_caught_up_timestamp_seconds, and that nobody is looking shows as
            time() - headgate_evaluated_timestamp_seconds.
            """,
        words: 0...1
    ) { invocation in
        let report = try await StatusView.report(invocation, now: SystemTime().now)
        let named = try invocation.arguments.words.first.map { try Selection(naming: $0) }
        let shown = try StatusView.narrowed(report, to: named)
        for line in StatusMetrics(shown).lines { invocation.output.line(line) }
        return .done
    }
}
