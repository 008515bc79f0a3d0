// SPDX-License-Identifier: Apache-2.0
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ConnectorTestTests {
    private let tool = Tool()

    /// A definition of one's own, outside any home: the shipped one under another name, with some of its tests.
    private func own(_ tests: [String], changing old: String = "", to new: String = "") throws -> String {
        let shipped = Repository.connectors + "/office365-management/"
        for name in ["connector.json", "README.md"] + tests.map({ "tests/\($0).json" }) {
            let bytes = try #require(TemporaryFolder.contents(of: shipped + name))
            var text = String(decoding: bytes, as: UTF8.self)
            if name == "connector.json" {
                text = replacing(#""office365-management""#, by: #""own-audit""#, in: text)
            } else if !old.isEmpty {
                text = replacing(old, by: new, in: text)
            }
            tool.folder.write(text, to: "definitions/own-audit/" + name)
        }
        return tool.folder.file("definitions/own-audit")
    }

    private func replacing(_ old: String, by new: String, in text: String) -> String {
        text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }

    private static let answers = ["answers-of-the-api", "answers-of-the-sign-in"]

    @Test func `every test of every shipped connector passes, and leaves no home behind`() async throws {
        let outcome = try await tool.run(["connector", "test"], limit: .seconds(400))
        #expect(outcome.exit == 0, "\(outcome)")
        #expect(outcome.out.isEmpty, "\(outcome)")
        #expect(outcome.err.contains(" tests, 0 failed."), "\(outcome)")
        #expect(!tool.folder.files().contains { $0.hasPrefix("home/") })
    }

    @Test func `the results can be had as JSON`() async throws {
        let outcome = try await tool.run("connector", "test", "office365-management", "--json")
        #expect(outcome.exit == 0, "\(outcome)")
        let schema = try #require(
            TemporaryFolder.contents(of: Repository.root + "/docs/schemas/connector-test.json")
        )
        let results = try Value(parsing: Array(outcome.out.utf8))
        #expect(SchemaCheck(try Value(parsing: schema)).problems(results) == [])
        #expect(results["tests"]?.arrayValue?.isEmpty == false)
    }

    @Test func `a definition in any folder is tested`() async throws {
        let folder = try own(Self.answers + ["happy"])
        let outcome = try await tool.run("connector", "test", folder, "--verbose")
        #expect(outcome.exit == 0, "\(outcome)")
        #expect(outcome.out.contains("passed  own-audit/tests/happy.json: A new connection"), "\(outcome)")
    }

    @Test func `a test that fails says which expectation and what came instead`() async throws {
        let folder = try own(
            Self.answers + ["happy"],
            changing: #""Audit.General": 3"#,
            to: #""Audit.General": 4"#
        )
        let outcome = try await tool.run("connector", "test", folder)
        #expect(outcome.exit == 1, "\(outcome)")
        #expect(outcome.out.contains("FAILED  own-audit/tests/happy.json"), "\(outcome)")
        #expect(outcome.out.contains("then.records.Audit.General: expected 4, got 3"), "\(outcome)")
    }

    @Test func `a rule that no test shows is a failure`() async throws {
        let folder = try own(["answers-of-the-api", "happy"])
        let outcome = try await tool.run("connector", "test", folder)
        #expect(outcome.exit == 1, "\(outcome)")
        #expect(
            outcome.out.contains("No test shows an answer that the rule \"secret-wrong\" fits."),
            "\(outcome)"
        )
        #expect(!outcome.out.contains("FAILED"))
        #expect(outcome.err.contains("2 tests, 0 failed, "), "\(outcome)")
    }

    @Test func `a test that cannot be read is a failure`() async throws {
        let folder = try own(Self.answers + ["happy"], changing: #""then""#, to: #""than""#)
        let outcome = try await tool.run("connector", "test", folder)
        #expect(outcome.exit == 1, "\(outcome)")
        #expect(outcome.out.contains("own-audit/tests/happy.json:"), "\(outcome)")
        #expect(outcome.out.contains("unknown-key"), "\(outcome)")
    }
}
