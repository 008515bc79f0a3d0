// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Probing
import Status
import Testing

/// The answer of a connection test in one line.
@Suite struct HeadlineTests {
    private func headline(_ marks: [(CheckResult.Mark, FaultClass?)]) -> String {
        let streams = marks.indices.map { "s\($0)" }
        return ProbeReport(
            connection: ConnectionKey(customer: "c", connection: "o365"),
            connector: "x",
            at: Timestamp(seconds: 1_795_000_000),
            streams: streams,
            steps: zip(streams, marks).map { stream, mark in
                CheckResult(
                    id: "read",
                    title: "Read",
                    stage: .fetch,
                    stream: stream,
                    mark: mark.0,
                    faultClass: mark.1
                )
            }
        ).headline
    }

    @Test func `what could not be looked at is not counted as good`() {
        #expect(headline([(.pass, nil), (.wait, .subscription)]).hasPrefix("Connection successful - "))
        #expect(
            headline([(.fail, .permission), (.pass, nil), (.wait, .throttle)]).hasPrefix(
                "Connection successful for 1 of 3 streams, failed at Fetch logs for s0, not told for s2 - "
            )
        )
        #expect(
            headline([(.pass, nil), (.unknown, .transient)]).hasPrefix(
                "Connection successful for 1 of 2 streams, not told for s1 - "
            )
        )
        #expect(
            headline([(.wait, .throttle), (.wait, .throttle)]).hasPrefix("Connection could not be looked at")
        )
        #expect(headline([(.fail, .auth), (.wait, .throttle)]).hasPrefix("Connection failed at Fetch logs"))
    }
}
