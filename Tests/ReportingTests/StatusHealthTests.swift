// SPDX-License-Identifier: Apache-2.0
import Basics
import JSON
import Reporting
import Status
import Testing

/// The status as `application/health+json`.
@Suite struct StatusHealthTests {
    @Test func `each connection has a check, and the worst decides`() {
        let health = StatusHealth(Examples.demo)
        #expect(health.verdict == .fail && health.json["status"] == "fail")
        let checks = health.json["checks"]
        let well = checks?["acme/o365:collection"]?[0]
        #expect(well?["status"] == "pass" && well?["observedValue"] == "active")
        // Caught up is what the last stream is, and nothing where one has nothing yet.
        #expect(well?.time("caughtUpTo") == Examples.now - .minutes(4))
        #expect(checks?["fabrikam/o365:collection"]?[0]?["status"] == "fail")
        #expect(checks?["host"]?[0]?["status"] == "pass")
    }

    @Test func `one that is well passes, nothing set up warns, and what nobody knows fails`() {
        let line = Examples.connection([Examples.stream("Audit.Exchange")])
        #expect(StatusHealth(Examples.report([("acme", [line])])).verdict == .pass)
        #expect(StatusHealth(Examples.report([])).verdict == .warn)
        var host = Examples.host
        host.ledgerIsReadable = false
        let lost = StatusHealth(Examples.report([], host: host))
        #expect(lost.verdict == .fail && lost.json["checks"]?["host"]?[0]?["status"] == "fail")
    }
}
