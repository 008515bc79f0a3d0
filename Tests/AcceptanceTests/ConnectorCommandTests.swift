// SPDX-License-Identifier: Apache-2.0
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ConnectorCommandTests {
    private let tool = Tool()

    @Test func `every shipped connector lints`() async throws {
        let outcome = try await tool.run("connector", "lint")
        #expect(outcome.exit == 0, "\(outcome)")
        #expect(outcome.out.isEmpty)
    }

    @Test func `the list names what is shipped`() async throws {
        let outcome = try await tool.run("connector", "list", "--json")
        let list = try Value(parsing: Array(outcome.out.utf8))
        #expect(list["schema"]?.int64 == 1)
        let ids = list["connectors"]?.arrayValue?.compactMap { $0["id"]?.stringValue }
        #expect(ids?.contains("office365-management") == true)
    }

    @Test func `show says what is asked for and where to find it`() async throws {
        let outcome = try await tool.run("connector", "show", "office365-management")
        #expect(outcome.exit == 0)
        #expect(outcome.out.contains("Tenant Id"))
        #expect(outcome.out.contains("where: "))
    }

    @Test func `explain leads from a code to its remedy`() async throws {
        let outcome = try await tool.run("connector", "explain", "office365-management", "AF20023")
        #expect(outcome.exit == 0)
        #expect(outcome.out.contains("class subscription"))
        #expect(outcome.out.contains("who: "))
    }

    @Test func `a connector that is not there is said with those that are`() async throws {
        let outcome = try await tool.run("connector", "show", "office364")
        #expect(outcome.exit == 6)
        #expect(
            outcome.err.contains("there are ") && outcome.err.contains("office365-management"),
            "\(outcome)"
        )
    }

    @Test(arguments: [
        ("{", "json"), (#"{"headgate": 99, "id": "own"}"#, "language"),
        (#"{"headgate": 1, "colour": 1}"#, "unknown-key"),
    ])
    func `a definition of one's own is linted with rule, line and fix`(_ text: String, _ rule: String)
        async throws
    {
        tool.folder.write(text, to: "home/connectors/own/connector.json")
        let outcome = try await tool.run("connector", "lint", "own")
        #expect(outcome.exit == 1, "\(outcome)")
        #expect(outcome.out.contains("own/connector.json:1:"), "\(outcome)")
        #expect(outcome.out.contains(": \(rule) at "), "\(outcome)")
    }

    @Test func `definitions are never taken from the working directory`() async throws {
        var elsewhere = Tool()
        elsewhere.environment["HEADGATE_SHARE"] = elsewhere.folder.path
        let outcome = try await elsewhere.run("connector", "list")
        #expect(outcome.exit == 6)
        #expect(outcome.err.contains("HEADGATE_SHARE"))
    }
}
