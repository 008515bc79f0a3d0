// SPDX-License-Identifier: Apache-2.0
import CloudSimulator
import JSON
import TestSupport
import Testing

/// What a machine reads of a walk that nobody leads, and what is said before one begins.
@Suite(.timeLimit(.minutes(10))) struct OnboardRecordTests {
    private static let domain = "contoso.onmicrosoft.com"

    /// Runs it with these answers and gives back the lines, each of which fits the schema.
    private func record(
        _ estate: Estate,
        _ answers: String,
        _ more: [String] = []
    ) async throws -> (lines: [Value], outcome: Tool.Outcome) {
        let file = estate.folder.write(answers, to: "onboard.json")
        let outcome = try await estate.tool.run(
            ["onboard", "--no-input", "--json", "--cloud", "lab", "--answers", file] + more
        )
        let schema = Repository.root + "/docs/schemas/onboard.json"
        let check = SchemaCheck(try Value(parsing: #require(TemporaryFolder.contents(of: schema))))
        let lines = try outcome.out.split(separator: "\n").map { try Value(parsing: Array($0.utf8)) }
        for line in lines { #expect(check.problems(line) == [], "\(line)") }
        return (lines, outcome)
    }

    private func told(_ lines: [Value], _ step: String, _ outcome: String? = nil) -> [Value] {
        lines.first {
            $0["step"] == .string(step) && (outcome == nil || $0["outcome"]?.stringValue == outcome)
        }?[
            "told"
        ]?.arrayValue ?? []
    }

    private func walks(_ estate: Estate) async throws -> Int? {
        let list = try await estate.tool.run("wizard", "list", "--json")
        return try Value(parsing: Array(list.out.utf8))["walks"]?.arrayValue?.count
    }

    @Test func `a sign-in is written down with its link and code while it is waited for`() async throws {
        let estate = try await Estate.bare()
        let (lines, outcome) = try await record(
            estate,
            #"{"customer": "contoso", "way": "device", "credentials": {"tenantDomain": "\#(Self.domain)"}}"#
        )
        #expect(outcome.exit == 0, "\(outcome)")
        let waiting = told(lines, "sign-in", "waiting")
        #expect(waiting.contains { $0["link"]?.stringValue?.contains("/login/device") == true }, "\(waiting)")
        #expect(waiting.contains { $0["lines"]?[0]?.stringValue?.hasPrefix("Code: ") == true }, "\(waiting)")
        let said = told(lines, "sign-in", "signed-in").compactMap { $0["text"]?.stringValue }
        #expect(said.contains { $0.contains("admin@\(Self.domain)") }, "\(said)")
        #expect(lines.last?["ending"] == "done" && lines.last?["exit"]?.int64 == 0, "\(lines)")
    }

    @Test func `by device code whose tenant it is to be is said ahead where nobody sees who signs in`()
        async throws
    {
        let estate = try await Estate.bare()
        let (lines, outcome) = try await record(estate, #"{"customer": "contoso", "way": "device"}"#)
        #expect(outcome.exit == 3, "\(outcome)")
        #expect(
            lines.last?["missing"]?.arrayValue == ["credentials.tenantDomain or credentials.tenantId"],
            "\(lines)"
        )
        #expect(try await walks(estate) == 0)
    }

    @Test func `files for somebody else are named, and the walk that waits for them`() async throws {
        let estate = try await Estate { $0.apps = [] }
        estate.folder.write("", to: "out/.keep")
        let (lines, outcome) = try await record(
            estate,
            #"{"customer": "contoso", "way": "handoff", "credentials": {"tenantDomain": "\#(Self.domain)"}}"#,
            ["--out", estate.folder.file("out")]
        )
        #expect(outcome.exit == 4, "\(outcome)")
        let files = told(lines, "page").compactMap { $0["path"]?.stringValue }
        #expect(
            files.contains {
                $0.hasSuffix("/headgate-contoso.html") && TemporaryFolder.contents(of: $0) != nil
            }
        )
        #expect(lines.last?["ending"] == "left")
        #expect(try await walks(estate) == 1)
        #expect(outcome.err.resumedWalk == lines.last?["walk"]?.stringValue)
    }

    @Test func `a failure has its cause, and leaves no walk where there is nothing to go on with`()
        async throws
    {
        let estate = try await Estate()
        let wrong = estate.folder.write("wrong8Q~Quarry.Saddle_Meadow-7c1e5b20d4\n", to: "wrong")
        for _ in 1...2 {
            let (lines, outcome) = try await record(
                estate,
                """
                {"customer": "contoso", "way": "app",
                 "credentials": {"tenantDomain": "\(Self.domain)", "clientKey": "\(Estate.app)"}}
                """,
                ["--secret-file", wrong]
            )
            #expect(outcome.exit == 5, "\(outcome)")
            let test = told(lines, "check").first { $0["mark"] == "test" }?["test"]
            let failed = test?["steps"]?.arrayValue?.first { $0["result"] == "fail" }
            #expect(failed?["evidence"]?["code"]?.stringValue?.contains("7000215") == true, "\(lines)")
            #expect(lines.last?["ending"] == "failed" && lines.last?["walk"] == .null, "\(lines)")
            #expect(lines.last?["words"]?.stringValue?.contains("--resume") == false, "\(lines)")
        }
        #expect(try await walks(estate) == 0)
    }

    @Test(arguments: [
        (#"{"customer": "contoso", "way": "magic"}"#, "app, device, script, handoff"),
        (#"{"customer": "contoso", "start": "next week"}"#, "24h"),
        (#"{"customer": "contoso", "secretExpires": "soon"}"#, "2027-05-31"),
    ])
    func `an answer that no question could take is said before anything else`(
        _ answers: String,
        _ words: String
    )
        async throws
    {
        let estate = try await Estate()
        let (_, outcome) = try await record(estate, answers)
        #expect(outcome.exit == 2 && outcome.err.contains(words), "\(outcome)")
    }

    @Test(arguments: [["--cloud", "nowhere"], ["--cloud", "lab", "--out", "/nowhere/at/all"]])
    func `a cloud or a folder that there is none of is said at once`(_ arguments: [String]) async throws {
        let estate = try await Estate()
        let typist = try Typist(estate.tool, ["onboard"] + arguments)
        #expect(await typist.end() == 2, "\(typist.transcript)")
        #expect(!typist.transcript.contains("Which customer is this?"), "\(typist.transcript)")
    }

    @Test func `a plan names the ways as answers do, and what is answered is not asked`() async throws {
        let tool = Tool()
        let open = try await tool.run(["onboard", "--plan"])
        for way in ["app", "device", "script", "handoff"] {
            #expect(open.out.contains(#"in answers: "way": "\#(way)""#), "\(open)")
        }
        let file = tool.folder.write(
            """
            {"customer": "contoso", "way": "app",
             "credentials": {"tenantDomain": "\(Self.domain)", "clientKey": "\(Estate.app)"}}
            """,
            to: "answers.json"
        )
        let given = try await tool.run(["onboard", "--plan", "--answers", file])
        #expect(!given.out.contains("domain or Tenant Id"), "\(given)")
        #expect(!given.out.contains("asks        Application (client) ID"), "\(given)")
        #expect(open.out.contains("asks        The tenant's domain or Tenant Id"), "\(open)")
    }
}
