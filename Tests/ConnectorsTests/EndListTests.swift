// SPDX-License-Identifier: Apache-2.0
import Basics
import Connectors
import JSON
import TestSupport
import Testing

/// Which of an app's secrets is its own, and when it ends.
@Suite struct EndListTests {
    private static func end(_ secrets: String) throws -> Timestamp? {
        let shelf = try Shelf(shipped: Repository.root + "/connectors")
        let ends = try #require(try shelf.definition("office365-management").probe.compactMap(\.ends).first)
        let body = try Value(parsing: Array(#"{"passwordCredentials": \#(secrets)}"#.utf8))
        return ends.end(in: Names(["response": ["status": 200, "body": body]])) { "abc~rest".hasPrefix($0) }
    }

    @Test(arguments: [
        (#"[{"hint": "abc", "endDateTime": "2027-01-01T00:00:00Z"}]"#, "2027-01-01T00:00:00Z"),
        (
            #"[{"hint": "xyz", "endDateTime": "2026-12-01T00:00:00Z"}, {"hint": "abc", "endDateTime": "2027-01-01T00:00:00Z"}]"#,
            "2027-01-01T00:00:00Z"
        ),
        (
            #"[{"hint": "abc", "endDateTime": "2027-01-01T00:00:00Z"}, {"hint": "abc", "endDateTime": "2027-01-01T00:00:00Z"}]"#,
            "2027-01-01T00:00:00Z"
        ),
        (#"[{"hint": null, "endDateTime": "2027-01-01T00:00:00.1234567Z"}]"#, "2027-01-01T00:00:00.1234567Z"),
    ])
    func `the secret in use is known by its first letters, or by being the only one`(
        _ secrets: String,
        _ end: String
    ) throws {
        #expect(try Self.end(secrets) == Timestamp(iso8601: end))
    }

    @Test(arguments: [
        "[]", "null", #""none""#,
        #"[{"hint": "xyz", "endDateTime": "2027-01-01T00:00:00Z"}]"#,
        #"[{"hint": "abc", "endDateTime": null}]"#, #"[{"hint": "abc", "endDateTime": "never"}]"#,
        #"[{"hint": "abc", "endDateTime": "2027-01-01T00:00:00Z"}, {"hint": "abc", "endDateTime": "2027-02-01T00:00:00Z"}]"#,
        #"[{"hint": "", "endDateTime": "2027-01-01T00:00:00Z"}, {"hint": null, "endDateTime": "2027-01-01T00:00:00Z"}]"#,
    ])
    func `where it cannot be told apart, nothing is said`(_ secrets: String) throws {
        #expect(try Self.end(secrets) == nil)
    }
}
