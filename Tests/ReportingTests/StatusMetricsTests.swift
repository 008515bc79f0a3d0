// SPDX-License-Identifier: Apache-2.0
import Basics
import Reporting
import Status
import Testing

@Suite struct StatusMetricsTests {
    private let lines = StatusMetrics(Examples.demo).lines

    @Test func `instants are seconds since 1970 and stand beside their names`() {
        #expect(lines.contains("headgate_evaluated_timestamp_seconds 1795270010.000"))
        #expect(
            lines.contains(
                #"headgate_stream_caught_up_timestamp_seconds{customer="acme",connection="o365",stream="Audit.General"} "#
                    + "1795269780.000"
            ),
            "\(lines)"
        )
    }

    @Test func `a connection has one state of ten that is 1`() {
        let states = lines.filter { $0.hasPrefix("headgate_connection_state{customer=\"northwind\"") }
        #expect(states.count == 10)
        #expect(states.filter { $0.hasSuffix(" 1") }.allSatisfy { $0.contains(#"state="blocked""#) })
        #expect(states.filter { $0.hasSuffix(" 1") }.count == 1)
    }

    @Test func `records are a counter, gaps a gauge`() {
        let labels = #"{customer="acme",connection="o365",stream="Audit.Exchange"}"#
        #expect(lines.contains("headgate_stream_records_total\(labels) 42"))
        #expect(lines.contains("headgate_gaps_open\(labels) 0"))
    }

    @Test func `every family is declared before its numbers, once, and the text ends`() {
        var declared: Set<Substring> = []
        for line in lines where line.hasPrefix("# TYPE ") {
            let name = line.split(separator: " ")[2]
            #expect(declared.insert(name).inserted, "\(name)")
        }
        for line in lines where !line.hasPrefix("#") {
            let name = line.prefix { $0 != "{" && $0 != " " }
            #expect(
                declared.contains { name == $0 || name == $0 + "_total" || name == $0 + "_info" },
                "\(line)"
            )
        }
        #expect(lines.last == "# EOF")
    }

    @Test func `a label's quotation marks, strokes and line ends are written out`() {
        var report = Examples.demo
        report.customers[0].connections[0].connector = "a\"b\\c\nd"
        let text = StatusMetrics(report).lines
        #expect(text.contains { $0.contains(#"connector="a\"b\\c\nd""#) })
    }

    @Test func `a ledger that cannot be read is a number, not an absence`() {
        var report = Examples.report([])
        report.host = HostFacts(version: "1", ledgerIsReadable: false)
        let text = StatusMetrics(report).lines
        #expect(text.contains("headgate_ledger_readable 0"))
        #expect(!text.contains { $0.hasPrefix("headgate_evaluated") })
    }
}
