// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Reporting
import Status
import Store
import Testing

@Suite struct CheckLineTests {
    private static let now = Examples.now
    private static let one = StreamKey(customer: "acme", connection: "o365", stream: "Audit.Exchange")

    private static func check(
        _ policy: AlertPolicy = .usual,
        scope: GapScope = .all,
        _ change: @escaping (inout StreamSituation) -> Void
    ) -> CheckLine {
        let report = Examples.report([
            ("acme", [Examples.connection([Examples.stream("Audit.Exchange", change: change)])])
        ])
        return CheckLine(report, of: scope, policy: policy)
    }

    @Test func `one connection that is well says how far it is, with its figures`() {
        let line = Self.check { _ in }
        #expect(line.level == .ok)
        #expect(
            line.lines == [
                "OK - acme/o365 active: caught up to 14:03 (4 min ago) - newest event 13:02 "
                    + "| lag=120s;900;3600;0 records24h=42;;;0 gaps=0;;;0 loss=604560s"
            ]
        )
    }

    @Test func `many are told in one line, then each that is not well in a line of its own`() {
        let line = CheckLine(Examples.demo)
        #expect(line.level == .critical && line.lines.count == 4)
        let head = line.lines[0].split(separator: " | ")
        #expect(
            head[0]
                == "CRITICAL - 3 of 4 connections not well: fabrikam/o365 blocked, northwind/o365 blocked, "
                + "tailspin/o365 blocked"
        )
        #expect(head[1].hasPrefix("lag=") && head[1].contains("records24h=294;;;0"))
        #expect(
            line.lines[1]
                == "CRITICAL: fabrikam/o365 blocked: needs you since 13:59 - the client secret is wrong "
                + "(E7000215) - fix: Give the connection a valid client secret"
        )
        #expect(line.lines[2].contains("data is being lost since 14:03 - unified auditing is off"))
        #expect(line.lines.dropFirst().allSatisfy { !$0.contains("|") })
        #expect(CheckLine(Examples.demo, of: .customer("acme")).level == .ok)
    }

    @Test(arguments: [
        (StreamState.late, AlertLevel.warning), (.failing, .critical), (.quiet, .warning),
        (.unknown, .unknown),
        (.active, .ok), (.excluded, .ok), (.draft, .ok),
    ]) func `each state has its level`(state: StreamState, level: AlertLevel) {
        #expect(AlertPolicy.usual.level(of: state) == level)
    }

    @Test func `waiting for a first record is a warning when half the time for it has gone`() {
        for (age, level) in [(Duration.hours(5), AlertLevel.ok), (.hours(7), .warning)] {
            let line = Self.check {
                $0.facts = StreamFacts()
                $0.facts.acceptedAt = Self.now - age
                $0.facts.coveredFrom = Self.now - age
                $0.facts.noteWatermark(Self.now - .minutes(4), at: Self.now)
                $0.facts.noteSuccess(at: Self.now, credential: nil)
            }
            #expect(line.level == level, "\(line)")
        }
    }

    @Test func `a pause is a warning, and critical when its end has passed`() {
        for (end, level) in [(Duration.hours(1), AlertLevel.warning), (.hours(-1), .critical)] {
            var stream = Examples.stream("Audit.Exchange")
            stream.hold = Hold(
                kind: .paused,
                by: "ann",
                reason: "move",
                at: Self.now - .days(1),
                until: Self.now + end
            )
            var line = Examples.connection([stream])
            line.streams[0].assessment.state = .paused
            let report = Examples.report([("acme", [line])])
            #expect(CheckLine(report).level == level, "\(CheckLine(report))")
        }
    }

    @Test func `which states are told is anybody's choice`() {
        let late: (inout StreamSituation) -> Void = { $0.watermark = Self.now - .minutes(40) }
        #expect(Self.check(.usual, late).level == .warning)
        #expect(Self.check(AlertPolicy(warning: [], critical: [.late]), late).level == .critical)
        #expect(Self.check(AlertPolicy(warning: [], critical: []), late).level == .ok)
    }

    @Test func `a draft is told only where it was named`() {
        let draft = ConnectionLine(
            id: "new",
            name: "new",
            connector: "office",
            tenant: nil,
            headline: Headline(streams: [
                Assessment(state: .draft)
            ]),
            credential: nil,
            streams: []
        )
        let report = Examples.report([
            ("acme", [Examples.connection([Examples.stream("Audit.Exchange")]), draft])
        ])
        #expect(CheckLine(report).level == .ok)
        let named = CheckLine(report, of: .connection(ConnectionKey(customer: "acme", connection: "new")))
        #expect(
            named.level == .unknown
                && named.lines[0].hasPrefix("UNKNOWN - acme/new draft: set-up unfinished |")
        )
    }

    @Test func `what has no connection, no ledger or a sick host is not fine`() {
        #expect(CheckLine(Examples.report([])).lines == ["UNKNOWN - nothing is set up to be collected"])
        var report = Examples.demo
        report.host.ledgerIsReadable = false
        #expect(CheckLine(report).level == .unknown)
        report = Examples.demo
        report.host.cause = Cause(faultClass: .host, message: "the disk is full", since: Self.now)
        #expect(CheckLine(report).lines == ["CRITICAL - Headgate itself: the disk is full"])
    }

    @Test func `nothing in a message breaks the line or its figures`() {
        let line = Self.check(scope: .stream(Self.one)) {
            $0.facts.noteFailure(.permission, message: "a|b\nc\td", at: Self.now - .hours(3))
        }
        #expect(line.lines.count == 1 && line.lines[0].split(separator: "|").count == 2, "\(line)")
        #expect(line.lines[0].contains("a/b c d"))
    }
}
