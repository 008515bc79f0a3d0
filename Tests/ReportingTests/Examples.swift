// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import Reporting
import Status
import Store

/// A small world to report on: Saturday, 21 November 2026, 14:07 UTC.
enum Examples {
    static let now = Timestamp(iso8601: "2026-11-21T14:07:00Z") ?? Timestamp(seconds: 0)

    static let remedy = Remedy(
        id: "new-secret",
        title: "Give the connection a valid client secret",
        cause: "The secret is wrong or has ended.",
        steps: ["Make a new client secret for the app.", "Copy its value, not its id."],
        who: "an Application Administrator",
        where: "https://portal.example/apps",
        takes: "5 minutes",
        next: "headgate test fabrikam/o365"
    )

    static func stream(
        _ id: String,
        customer: String = "acme",
        connection: String = "o365",
        change: (inout StreamSituation) -> Void = { _ in }
    ) -> StreamSituation {
        var facts = StreamFacts()
        facts.acceptedAt = now - .days(2)
        facts.coveredFrom = now - .days(2)
        facts.keptSince = now - .days(2)
        facts.noteRecords(42, newestEvent: now - .minutes(65), at: now - .minutes(8))
        facts.noteWatermark(now - .minutes(4), at: now - .minutes(1))
        facts.noteSuccess(at: now - .minutes(1), credential: "1")
        var situation = StreamSituation(
            key: StreamKey(customer: customer, connection: connection, stream: id),
            facts: facts,
            thresholds: Thresholds(settle: .minutes(2), retention: .days(7), keepsFrom: true),
            watermark: now - .minutes(4)
        )
        change(&situation)
        return situation
    }

    static let host = HostFacts(
        version: "1.0.0",
        mode: .run,
        lastTick: now - .seconds(10),
        startedAt: now - .days(2)
    )

    static func connection(
        _ situations: [StreamSituation],
        name: String = "Office 365",
        host: HostFacts = host
    ) -> ConnectionLine {
        let evaluator = Evaluator(host: host, now: now)
        let streams = situations.map { situation in
            StreamLine(
                id: situation.key.stream,
                situation: situation,
                assessment: evaluator.evaluate(situation),
                records24h: situation.facts.records24h(now: now)
            )
        }
        return ConnectionLine(
            id: situations.first?.key.connection ?? "o365",
            name: name,
            connector: "office",
            tenant: nil,
            headline: Headline(streams: streams.map(\.assessment)),
            credential: CredentialLine(kind: "secret"),
            streams: streams
        )
    }

    static func report(_ customers: [(String, [ConnectionLine])], host: HostFacts = host) -> StatusReport {
        StatusReport(
            evaluatedAt: now,
            host: host,
            customers: customers.map { id, connections in
                CustomerLine(
                    id: id,
                    name: id,
                    state: Headline(connections: connections.map(\.headline)).state,
                    connections: connections
                )
            }
        )
    }

    /// One customer that is well, one whose secret is wrong, one with auditing off, one short of a permission.
    static var demo: StatusReport {
        let secret = stream("Audit.Exchange", customer: "fabrikam") {
            $0.facts = StreamFacts()
            $0.facts.acceptedAt = now - .minutes(9)
            $0.facts.coveredFrom = now - .minutes(9)
            $0.watermark = now - .minutes(9)
            $0.facts.noteFailure(
                .auth,
                code: "E7000215",
                message: "the client secret is wrong",
                remedy: remedy,
                at: now - .minutes(8),
                nextTry: now + .minutes(7)
            )
        }
        let off = ["Audit.Exchange", "Audit.General"].map { id in
            stream(id, customer: "northwind") {
                $0.facts.noteFailure(
                    .enablement,
                    message: "unified auditing is off",
                    at: now - .minutes(3),
                    losing: now - .minutes(4)
                )
            }
        }
        let partly = [
            stream("Audit.Exchange", customer: "tailspin"), stream("Audit.General", customer: "tailspin"),
            stream("DLP.All", customer: "tailspin") {
                $0.facts.noteFailure(.permission, message: "the app lacks ReadDlp", at: now - .hours(30))
            },
        ]
        return report([
            ("acme", [connection([stream("Audit.Exchange"), stream("Audit.General")])]),
            ("fabrikam", [connection([secret])]), ("northwind", [connection(off)]),
            ("tailspin", [connection(partly)]),
        ])
    }
}
