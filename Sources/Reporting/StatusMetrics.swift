// SPDX-License-Identifier: Apache-2.0
import Basics
package import Status

/// The status as OpenMetrics: instants rather than ages, so that an alert counts from now and not from the last look.
package struct StatusMetrics: Sendable {
    private let report: StatusReport

    /// The metrics of `report`.
    package init(_ report: StatusReport) { self.report = report }

    /// The lines, without their ends; the last is `# EOF`.
    package var lines: [String] {
        var text = OpenMetricsText()
        text.add(
            "headgate_build",
            .info,
            help: "Headgate's version.",
            [
                .init([("version", report.host.version)], 1)
            ]
        )
        text.add(
            "headgate_ledger_readable",
            .gauge,
            help: "Whether the ledger could be read.",
            [
                .init([], report.host.ledgerIsReadable ? 1 : 0)
            ]
        )
        text.add(
            "headgate_host_trouble",
            .gauge,
            help: "Whether something of the whole host is wrong.",
            [
                .init([], report.host.cause == nil ? 0 : 1)
            ]
        )
        text.add(
            "headgate_evaluated_timestamp_seconds",
            .gauge,
            unit: "seconds",
            help: "When the running host last looked at its streams.",
            report.host.lastTick.map { [.init([], $0)] } ?? []
        )
        addConnections(&text)
        addStreams(&text)
        text.end()
        return text.lines
    }

    private func addConnections(_ text: inout OpenMetricsText) {
        var (states, ends): ([OpenMetricsText.Sample], [OpenMetricsText.Sample]) = ([], [])
        for customer in report.customers {
            for connection in customer.connections {
                let labels = [("customer", customer.id), ("connection", connection.id)]
                states += StreamState.allCases.map { state in
                    .init(
                        labels + [("connector", connection.connector), ("state", state.rawValue)],
                        connection.headline.state == state ? 1 : 0
                    )
                }
                if let end = connection.credential?.expiresAt {
                    ends.append(.init(labels + [("kind", connection.credential?.kind ?? "")], end))
                }
            }
        }
        text.add(
            "headgate_connection_state",
            .gauge,
            help: "1 for the state that a connection is in.",
            states
        )
        text.add(
            "headgate_credential_expiry_timestamp_seconds",
            .gauge,
            unit: "seconds",
            help: "When the credential of a connection ends.",
            ends
        )
    }

    private func addStreams(_ text: inout OpenMetricsText) {
        let streams = report.customers.flatMap { customer in
            customer.connections.flatMap { connection in
                connection.streams.map { stream in
                    (
                        [("customer", customer.id), ("connection", connection.id), ("stream", stream.id)],
                        stream
                    )
                }
            }
        }
        func instants(_ name: String, _ help: String, _ instant: (StreamLine) -> Timestamp?) {
            text.add(
                "headgate_stream_\(name)_timestamp_seconds",
                .gauge,
                unit: "seconds",
                help: help,
                streams.compactMap { labels, stream in instant(stream).map { .init(labels, $0) } }
            )
        }
        text.add(
            "headgate_stream_state",
            .gauge,
            help: "The state that a stream is in, by its label.",
            streams.map { labels, stream in .init(labels + [("state", stream.state.rawValue)], 1) }
        )
        instants("caught_up", "The newest minute of data that is safely stored.") { $0.assessment.caughtUpTo }
        instants("last_success", "The end of the last whole cycle.") { $0.facts.lastSuccess }
        instants("last_record", "When a record was last stored.") { $0.facts.lastRecordStored }
        instants("last_event", "The event time of the newest record.") { $0.facts.lastRecordEvent }
        instants("loss", "When data begins, or began, to be lost at the source.") {
            $0.assessment.losingSince ?? $0.assessment.lossAt
        }
        text.add(
            "headgate_stream_records",
            .counter,
            help: "Records stored.",
            streams.map { labels, stream in .init(labels, Int64(stream.facts.records)) }
        )
        text.add(
            "headgate_gaps_open",
            .gauge,
            help: "Spans and items that are missing and may still be had.",
            streams.map { labels, stream in .init(labels, Int64(stream.situation.gapsOpen)) }
        )
    }
}
