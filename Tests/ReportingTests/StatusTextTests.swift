// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Reporting
import Status
import Testing

@Suite struct StatusTextTests {
    private let now = Examples.now
    private func text(_ report: StatusReport, _ style: Style = Style()) -> String {
        StatusText(report, style: style).lines.joined(separator: "\n")
    }
    private func line(_ change: @escaping (inout StreamSituation) -> Void) -> String {
        let report = Examples.report([
            ("acme", [Examples.connection([Examples.stream("Audit.Exchange", change: change)])])
        ])
        return StatusText(report).lines[2...].joined(separator: "\n")
    }

    @Test func `what is tried again when is said only where a host is there to do so`() {
        let failing = Examples.stream("Audit.Exchange") {
            $0.facts.noteFailure(
                .permission,
                message: "the app lacks Read",
                at: now - .minutes(3),
                nextTry: now + .minutes(2)
            )
        }
        func words(_ host: HostFacts) -> String {
            text(Examples.report([("acme", [Examples.connection([failing], host: host)])], host: host))
        }
        #expect(words(Examples.host).contains("the app lacks Read, next try 14:09"))
        for host in [
            HostFacts(version: "1"), HostFacts(version: "1", mode: .once, lastTick: now - .minutes(1)),
            HostFacts(version: "1", mode: .run, lastTick: now - .minutes(30)),
        ] {
            #expect(
                words(host).contains("the app lacks Read, tried again when a host runs"),
                "\(words(host))"
            )
        }
    }

    @Test func `a first pass that failed is not waited for`() {
        let found = line {
            $0.facts = StreamFacts()
            $0.facts.acceptedAt = self.now - .minutes(1)
            $0.facts.coveredFrom = self.now - .minutes(1)
            $0.watermark = nil
            $0.facts.noteFailure(
                .license,
                message: "the source says a plan lacks",
                at: self.now,
                nextTry: self.now
            )
        }
        #expect(found.contains("the first pass failed"), "\(found)")
        #expect(found.contains("a plan lacks, not yet confirmed"), "\(found)")
        #expect(!found.contains("waiting for the first pass"), "\(found)")
    }

    @Test(
        arguments: [
            (
                "leave it out: headgate exclude a/b --reason TEXT",
                ["  1. leave it out:", "     headgate exclude a/b --reason TEXT"]
            ),
            ("fits: headgate run", ["  1. fits: headgate run"]),
            (
                "goes on: headgate run. Then look at what it says of it",
                ["  1. goes on: headgate run. Then look at", "     what it says of it"]
            ),
            (
                "too long for a line of its own here: headgate exclude customer/connection --reason TEXT",
                [
                    "  1. too long for a line of its own", "     here: headgate exclude",
                    "     customer/connection --reason TEXT",
                ]
            ),
        ] as [(String, [String])]
    )
    func `a command at the end of a sentence is not broken where a line has room for it`(
        _ sentence: String,
        _ lines: [String]
    ) {
        #expect(Style(width: 40).wrapped("1. " + sentence, indent: "  ", hanging: "   ") == lines)
    }

    @Test
    func `history that the source kept none of is not called fetched, nor due where nothing is covered`() {
        func found(_ begun: Timestamp?, _ hold: Hold? = nil) -> String {
            line {
                $0.facts.historyFrom = self.now - .days(3)
                $0.facts.historyDoneTo = self.now - .days(2)
                if let begun { $0.facts.startedAt = ["subscription": begun] }
                $0.hold = hold
            }
        }
        #expect(found(nil).contains("history from Wed 14:07 fetched to Thu 14:07"), "\(found(nil))")
        let fresh = found(now - .days(2))
        #expect(fresh.contains("the source kept no history for us from before Thu 14:07"), "\(fresh)")
        #expect(!fresh.contains("fetched"), "\(fresh)")
        let excluded = found(nil, Hold(kind: .excluded, by: "max", reason: "not agreed", at: now - .days(1)))
        #expect(excluded.contains("not covered (agreed)") && !excluded.contains("history"), "\(excluded)")
    }

    @Test func `a stream that was looked at before anything was due is not said to wait for that look`() {
        let seen = line {
            $0.facts = StreamFacts()
            $0.facts.acceptedAt = self.now - .minutes(1)
            $0.facts.noteAttempt(at: self.now)
            $0.watermark = nil
        }
        #expect(seen.contains("nothing due yet, first data by"), "\(seen)")
    }

    @Test func `the whole status, worst first, with what to do`() {
        #expect(
            text(Examples.demo) == """
                1 of 4 connections collecting, 1 in part - 3 need you       2026-11-21 14:07 UTC

                fabrikam   0 of 1 connection collecting - 1 needs you
                  BLOCKED  o365  Office 365
                           needs you since 13:59
                           the client secret is wrong (E7000215), next try 14:14
                           fix: Give the connection a valid client secret
                             1. Make a new client secret for the app.
                             2. Copy its value, not its id.
                           who: an Application Administrator
                           where: https://portal.example/apps
                           takes: 5 minutes
                           then: headgate test fabrikam/o365

                northwind   0 of 1 connection collecting - 1 needs you
                  BLOCKED  o365  Office 365
                           needs you since 14:04 - caught up to 14:03 (4 min ago) - data is
                           being lost since 14:03
                           unified auditing is off
                    BLOCKED  all 2 streams  caught up to 14:03 (4 min ago) - data is being lost
                               since 14:03

                tailspin   0 of 1 connection collecting, 1 in part - 1 needs you
                  BLOCKED  o365  Office 365  2 of 3 streams collecting
                           needs you since Fri 08:07 - caught up to 14:03 (4 min ago) - data
                           starts to be lost 28 Nov 14:03 (in 6 d 23 h)
                           the app lacks ReadDlp
                    BLOCKED  DLP.All  caught up to 14:03 (4 min ago) - data starts to be lost 28
                               Nov 14:03 (in 6 d 23 h)
                    active   Audit.Exchange, Audit.General  caught up to 14:03 (4 min ago) -
                               newest event 13:02

                acme   collecting
                  active   o365  Office 365
                           caught up to 14:03 (4 min ago) - newest event 13:02
                """
        )
    }

    @Test func `each state says what it means`() {
        #expect(
            line { $0.facts.lastRecordStored = now - .hours(80) } == """
                acme   collecting - 1 quiet
                  quiet    o365  Office 365
                           caught up to 14:03 (4 min ago) - no records for 3 d 8 h
                """
        )
        #expect(
            line {
                $0.watermark = now - .minutes(44)
                $0.facts.watermarkMoved = now - .minutes(40)
            } == """
                acme   collecting - 1 behind
                  late     o365  Office 365
                           behind by 42 min - caught up to 13:23 (44 min ago) - data starts to
                           be lost 28 Nov 13:23 (in 6 d 23 h)
                """
        )
        #expect(
            line {
                $0.watermark = now - .hours(3)
                $0.facts.noteFailure(
                    .network,
                    code: "resolve",
                    message: "the host is not known",
                    at: now - .hours(3)
                )
            } == """
                acme   0 of 1 connection collecting - 1 failing
                  FAILING  o365  Office 365
                           not collecting since 11:07 - caught up to 11:07 (3 h ago) - data
                           starts to be lost 28 Nov 11:07 (in 6 d 21 h)
                           the host is not known (resolve)
                """
        )
        #expect(
            line {
                $0.hold = Hold(
                    kind: .paused,
                    by: "kim",
                    reason: "migration",
                    at: now,
                    until: now + .hours(20)
                )
            } == """
                acme   0 of 1 connection collecting - 1 paused
                  paused   o365  Office 365
                           paused by kim until Sun 10:07: migration - caught up to 14:03 (4 min
                           ago) - data starts to be lost 28 Nov 14:03 (in 6 d 23 h)
                """
        )
        #expect(
            line { $0.hold = Hold(kind: .excluded, by: "kim", reason: "no license", at: now) } == """
                acme   nothing to collect: 1 not covered (agreed)
                  excluded o365  Office 365
                           not covered (agreed) by kim: no license
                """
        )
        #expect(
            line {
                $0.facts.everHadRecord = false
                $0.facts.acceptedAt = now - .hours(1)
                $0.facts.lastRecordEvent = nil
            } == """
                acme   0 of 1 connection collecting - 1 waiting for first data
                  pending  o365  Office 365
                           waiting for first data, by Sun 01:07 - caught up to 14:03 (4 min ago)
                """
        )
        #expect(
            line {
                $0.itemsPending = 1
                $0.gapsOpen = 2
                $0.facts.historyFrom = now - .days(7)
                $0.facts.historyDoneTo = now - .days(3)
            } == """
                acme   collecting
                  active   o365  Office 365
                           caught up to 14:03 (4 min ago) - newest event 13:02
                    active   Audit.Exchange  caught up to 14:03 (4 min ago) - newest event 13:02
                               - 2 gaps open - 1 item tried again - history from 14 Nov 14:07
                               fetched to Wed 14:07
                """
        )
    }

    @Test func `trouble of the whole host is one line on top`() {
        var host = Examples.host
        host.cause = Cause(faultClass: .host, message: "the disk is full", since: now - .minutes(5))
        let connection = Examples.connection([Examples.stream("a"), Examples.stream("b")], host: host)
        let lines = StatusText(Examples.report([("acme", [connection])], host: host)).lines
        #expect(lines[1] == "HEADGATE  the disk is full, since 14:02")
        #expect(lines.filter { $0.contains("disk is full") }.count == 1)
    }

    @Test func `a host that does not look says so`() {
        var host = Examples.host
        host.lastTick = now - .minutes(47)
        let connection = Examples.connection([Examples.stream("a")], host: host)
        let lines = StatusText(Examples.report([("acme", [connection])], host: host)).lines
        #expect(lines[0].hasPrefix("0 of 1 connection collecting - 1 not looked at"))
        #expect(
            lines[1...2].joined(separator: " ")
                == "Headgate itself is not looking: last look 13:20 (47 min ago); start it: headgate run"
        )
        #expect(lines.contains { $0.contains("UNKNOWN") })
    }

    @Test func `without a connection it says how to begin`() {
        let lines = StatusText(Examples.report([])).lines
        #expect(lines[0].hasPrefix("no connection yet"))
        #expect(lines[1] == "begin with: headgate onboard")
    }

    @Test(arguments: [40, 60, 80, 120])
    func `no line is wider than the screen`(width: Int) {
        for line in StatusText(Examples.demo, style: Style(width: width)).lines {
            #expect(line.count <= width || line.split(separator: " ").count == 1, "\(line)")
        }
    }

    @Test func `colour only ever stands beside a word`() {
        let plain = text(Examples.demo)
        let colored = text(Examples.demo, Style(showsColor: true))
        #expect(!plain.contains("\u{1B}"))
        var stripped = colored
        while let start = stripped.range(of: "\u{1B}["),
            let end = stripped[start.upperBound...].firstIndex(of: "m")
        {
            stripped.removeSubrange(start.lowerBound...end)
        }
        #expect(stripped == plain)
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
