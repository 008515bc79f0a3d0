// SPDX-License-Identifier: Apache-2.0
import Basics
import Testing
import Wizard

/// How far back, as people write it.
@Suite struct ReachTests {
    @Test(arguments: [
        ("24h", "P1D"), ("P1D", "P1D"), ("3 days", "P3D"), ("1 day", "P1D"), ("7D", "P7D"), ("1w", "P7D"),
        ("PT24H", "P1D"), ("12 hours", "PT12H"),
    ])
    func `a number of hours, days or weeks is a span`(_ typed: String, _ text: String) throws {
        let reach = try #require(Reach(typed))
        #expect(reach.span == Duration(iso8601: text))
        #expect(Duration(iso8601: reach.text) == reach.span)
    }

    @Test(arguments: ["", "now", "d", "3", "3 months", "-1d", "three days", "99999999999d", "1.5d", "٣d"])
    func `anything else is none`(_ typed: String) {
        #expect(Reach(typed) == nil)
    }
}
