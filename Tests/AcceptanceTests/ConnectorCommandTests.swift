// SPDX-License-Identifier: Apache-2.0
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ConnectorCommandTests {
    private let tool = Tool()

    @Test func `every shipped connector lints`() async throws {
        let outcome = try await tool.run("connector", "lint")
        #expect(outcome.exit == 0, "\(outcome)")
        #expect(outcome.out.isEmpty)
    }

    @Test func `lint verifies a tier when it is asked to`() async throws {
        let claimed = try await tool.run("connector", "lint", "--tier")
        #expect(claimed.exit == 0 && claimed.err.contains("office365-management reaches gold."), "\(claimed)")
        let made = try await tool.run("connector", "new", "own", "--into", tool.folder.path)
        #expect(made.exit == 0, "\(made)")
        let own = tool.folder.file("own")
        #expect(try await tool.run("connector", "lint", own, "--tier", "silver").exit == 0)
        let gold = try await tool.run("connector", "lint", "--tier", "gold", own, "--json")
        #expect(gold.exit == 1, "\(gold)")
        let value = try Value(parsing: Array(gold.out.utf8))
        #expect(value["tiers"]?[0]?["reached"] == false)
        #expect(try await tool.run("connector", "lint", own, "--tier=lead").exit == 2)
    }

    @Test func `new makes a folder that lints and whose tests pass, and leaves one that is there alone`()
        async throws
    {
        let made = try await tool.run("connector", "new", "own-events", "--auth", "oauth2")
        #expect(made.exit == 0, "\(made)")
        #expect(made.out == tool.home + "/connectors/own-events\n")
        #expect(try await tool.run("connector", "lint", "own-events", "--tier").exit == 0)
        let tested = try await tool.run("connector", "test", "own-events")
        #expect(tested.exit == 0 && tested.err.contains(" tests, 0 failed."), "\(tested)")
        #expect(try await tool.run("connector", "new", "own-events").exit == 6)
        #expect(try await tool.run("connector", "new", "office365-management").exit == 6)
        #expect(try await tool.run("connector", "new", "Own").exit == 2)
        #expect(try await tool.run("connector", "new", "own-b", "--kind", "spiral").exit == 2)
        #expect(!tool.folder.files(below: "home/connectors").contains { $0.contains("own-b") })
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

    @Test func `explain error says which rule a whole answer fits, and why none before it`() async throws {
        let answer = tool.folder.write(
            "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\n\r\n"
                + #"{"error":{"code":"AF10001","message":"The permission set () sent."}}"#,
            to: "answer.txt"
        )
        let outcome = try await tool.run("connector", "explain", "error", answer)
        #expect(outcome.exit == 0, "\(outcome)")
        #expect(outcome.out.contains("already-subscribed: no, code should be AF20024 and is AF10001"))
        #expect(outcome.out.contains("no-permission-at-all: fits"), "\(outcome)")
        #expect(outcome.out.contains("class permission, action block-stream"))
        #expect(outcome.out.contains("who: "))
        let machine = try await tool.run(
            ["connector", "explain", "error", answer, "--connector", "office365-management", "--json"]
        )
        let schema = try #require(
            TemporaryFolder.contents(of: Repository.root + "/docs/schemas/connector-explain-error.json")
        )
        let value = try Value(parsing: Array(machine.out.utf8))
        #expect(SchemaCheck(try Value(parsing: schema)).problems(value) == [])
        #expect(value["explanations"]?[0]?["rule"] == "no-permission-at-all")
        let unreadable = try await tool.run(["connector", "explain", "error", "-"], input: "hello")
        #expect(unreadable.exit == 2, "\(unreadable)")
        #expect(unreadable.err.contains("status line"))
    }

    @Test func `a connector that is not there is said with those that are`() async throws {
        let outcome = try await tool.run("connector", "show", "office364")
        #expect(outcome.exit == 2)
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
