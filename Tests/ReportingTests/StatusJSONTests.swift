// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import Foundation
import JSON
import Reporting
import Status
import TestSupport
import Testing

@Suite struct StatusJSONTests {
    private func schema(_ name: String) throws -> SchemaCheck {
        let data = try Data(contentsOf: URL(fileURLWithPath: Repository.root + "/docs/schemas/\(name).json"))
        return SchemaCheck(try Document(parsing: Array(data)).root)
    }

    @Test func `status --json is as its schema says`() throws {
        let check = try schema("status")
        var report = Examples.demo
        #expect(check.problems(report.json) == [])
        report.host = HostFacts(
            version: "1",
            cause: Cause(faultClass: .host, message: "m", since: Examples.now)
        )
        report.customers[0].connections[0].streams[0].situation.facts.historyFrom = Examples.now
        report.customers[0].connections[0].streams[0].assessment = Assessment(state: .draft)
        #expect(check.problems(report.json) == [])
        #expect(check.problems(["schema": 2]).count > 3)
    }

    @Test func `what is not set is null and never absent`() throws {
        let stream = try #require(Examples.demo.json["customers"]?[1]?["connections"]?[0]?["streams"]?[0])
        #expect(
            stream.objectValue?.keys == [
                "id", "state", "since", "caughtUpTo", "lag", "coveredFrom", "keptSince", "lossAt",
                "losingSince",
                "lastSuccess", "lastRecordEvent", "lastRecordStored", "records24h", "itemsPending",
                "gapsOpen",
                "firstDataBy", "nextTry", "history", "selected", "cause",
            ]
        )
        #expect(stream["caughtUpTo"] == .null && stream["history"] == .null)
        #expect(stream["state"] == "blocked")
        #expect(stream["cause"]?["class"] == "auth" && stream["cause"]?["confirmed"] == true)
        #expect(stream["cause"]?["remedy"]?["who"] == "an Application Administrator")
        #expect(stream["firstDataBy"] == "2026-11-22T01:58:00Z")
    }

    @Test func `a healthy stream's numbers are seconds and instants in UTC`() throws {
        let stream = try #require(Examples.demo.json["customers"]?[0]?["connections"]?[0]?["streams"]?[0])
        #expect(stream["lag"] == 120)
        #expect(stream["caughtUpTo"] == "2026-11-21T14:03:00Z")
        #expect(stream["lossAt"] == "2026-11-28T14:03:00Z")
        #expect(stream["records24h"] == 42)
    }

    @Test func `the plain form is one row a stream`() {
        let rows = StatusPlain.lines(Examples.demo).map {
            $0.split(separator: "\t", omittingEmptySubsequences: false)
        }
        #expect(rows.count == 9)
        #expect(rows.allSatisfy { $0.count == StatusPlain.columns.count })
        #expect(rows[3][0] == "fabrikam/o365/Audit.Exchange" && rows[3][1] == "blocked")
    }

    @Test func `monitoring sees the worst of all`() {
        #expect(Examples.demo.level == .critical)
        #expect(Examples.demo.isInTrouble)
        let well = Examples.demo.of(customer: "acme")
        #expect(well.level == .ok && !well.isInTrouble)
        #expect(Examples.demo.inState(.active).customers.map(\.id) == ["acme", "tailspin"])
        #expect(Examples.demo.inState(.quiet).customers.isEmpty)
    }
}
