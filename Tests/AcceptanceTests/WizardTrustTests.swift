// SPDX-License-Identifier: Apache-2.0
import CloudSimulator
import Glibc
import JSON
import TestSupport
import Testing

/// Flows of the home's own through the built command.
@Suite(.timeLimit(.minutes(10))) struct WizardTrustTests {
    private static let beside = [
        "certificate.txt", "handoff.html", "handoff.txt", "register.ps1", "register.sh",
    ]

    /// The shipped flow for Microsoft 365 as `own-365`, told apart by its title and its first step.
    private func place(_ folder: TemporaryFolder) throws {
        let shipped = Repository.root + "/wizard/microsoft-365/"
        for file in Self.beside {
            let bytes = try #require(TemporaryFolder.contents(of: shipped + file))
            folder.write(bytes, to: "home/wizard/own-365/" + file)
        }
        var text = String(
            decoding: try #require(TemporaryFolder.contents(of: shipped + "flow.json")),
            as: UTF8.self
        )
        for (old, new) in [
            (#""id": "microsoft-365""#, #""id": "own-365""#),
            (#""title": "Connect a Microsoft 365 tenant""#, #""title": "Connect a tenant our way""#),
            (#""id": "welcome""#, #""id": "our-welcome""#),
        ] {
            text = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
                .joined(separator: new)
        }
        folder.write(text, to: "home/wizard/own-365/flow.json")
    }

    private func trust(_ tool: Tool) async throws -> String? {
        let list = try await tool.run("wizard", "list", "--json")
        let document = try Value(parsing: Array(list.out.utf8))
        #expect(try schema("wizard-list").problems(document) == [])
        return document["flows"]?.arrayValue?.first { $0["id"] == "own-365" }?["trust"]?.stringValue
    }

    private func schema(_ name: String) throws -> SchemaCheck {
        let file = Repository.root + "/docs/schemas/\(name).json"
        return SchemaCheck(try Value(parsing: #require(TemporaryFolder.contents(of: file))))
    }

    private func steps(_ outcome: Tool.Outcome) throws -> [String] {
        try outcome.out.split(separator: "\n").compactMap { line in
            try Value(parsing: Array(line.utf8))["step"]?.stringValue
        }
    }

    @Test func `a flow of one's own leads only once it is trusted, and a changed byte asks again`()
        async throws
    {
        let estate = try await Estate()
        let tool = estate.tool
        try place(estate.folder)
        #expect(try await trust(tool) == "untrusted")
        let answers = estate.folder.write(
            """
            {"customer": "contoso", "cloud": "lab", "way": "app",
             "credentials": {"tenantDomain": "contoso.onmicrosoft.com", "clientKey": "\(Estate.app)"}}
            """,
            to: "onboard.json"
        )
        let silent = [
            "onboard", "--no-input", "--answers", answers, "--secret-file", estate.secretFile, "--json",
        ]
        let passed = try await tool.run("onboard", "--plan")
        #expect(passed.exit == 0 && passed.out.contains("Connect a Microsoft 365 tenant"), "\(passed)")
        #expect(passed.err.contains("headgate wizard trust own-365"), "\(passed)")
        for arguments in [["onboard", "--plan", "--flow", "own-365"], silent + ["--flow", "own-365"]] {
            let refused = try await tool.run(arguments)
            #expect(refused.exit == 6 && refused.err.contains("is not trusted yet"), "\(refused)")
        }
        let other = try await tool.run(silent)
        #expect(other.exit == 0 && other.err.contains("headgate wizard trust own-365"), "\(other)")
        #expect(try steps(other).first == "welcome")

        let shown = try await tool.run("wizard", "trust", "own-365")
        #expect(shown.exit == 3, "\(shown)")
        for words in [
            "Connect a tenant our way (own-365, setup), untrusted", "SHA-256 ",
            "office365-management, as o365",
            "with the person's sign-in", "as the client {{ config.deviceClientId }}", "POST login ",
            "POST graph /v1.0/servicePrincipals", "sends {", "takes back: ", "https://shell.azure.com",
            "from its text register.ps1", "deviceClientId: ",
        ] {
            #expect(shown.out.contains(words), "\(words)")
        }
        #expect(try await tool.run("wizard", "trust", "own-365", "--json").exit == 0)
        #expect(try await trust(tool) == "untrusted")

        #expect(try await tool.run("wizard", "trust", "own-365", "--yes").exit == 0)
        #expect(try await trust(tool) == "trusted")
        let again = try await tool.run("wizard", "trust", "own-365")
        #expect(again.exit == 0 && again.err.contains("agreed to by"), "\(again)")
        let own = try await tool.run(silent)
        #expect(own.exit == 0 && !own.err.contains("wizard trust"), "\(own)")
        #expect(try steps(own).first == "our-welcome")
        let named = try await tool.run("onboard", "--plan", "--flow", "microsoft-365")
        #expect(named.exit == 0 && named.out.contains("Connect a Microsoft 365 tenant"), "\(named)")

        for file in ["handoff.txt", "flow.json"] {
            let before = try #require(estate.folder.read("home/wizard/own-365/" + file))
            estate.folder.write(before + [0x0A], to: "home/wizard/own-365/" + file)
            #expect(try await trust(tool) == "changed")
            let passed = try await tool.run("onboard", "--plan")
            #expect(passed.err.contains("has changed since it was trusted"), "\(passed)")
            #expect(passed.out.contains("Connect a Microsoft 365 tenant"))
            #expect(try await tool.run("onboard", "--plan", "--flow", "own-365").exit == 6)
            estate.folder.write(before, to: "home/wizard/own-365/" + file)
            #expect(try await trust(tool) == "trusted")
        }
    }

    @Test func `a walk is not gone on with by a flow that changed, and can be given up`() async throws {
        let estate = try await Estate()
        try place(estate.folder)
        #expect(try await estate.tool.run("wizard", "trust", "own-365", "--yes").exit == 0)
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse([("Which customer is this?", "Contoso")])
        try await typist.see("How do you want to get it?")
        try await typist.see("> ")
        typist.press(Typist.ctrlC)
        try await typist.see("Go on with: headgate onboard --resume ")
        #expect(await typist.end() == 130)
        let id = try #require(
            typist.transcript.resumedWalk
        )
        estate.folder.write("More.", to: "home/wizard/own-365/README.md")
        let refused = try await estate.tool.run("onboard", "--resume", id)
        #expect(refused.exit == 6 && refused.err.contains("headgate wizard trust own-365"), "\(refused)")
        let mixed = try await estate.tool.run("onboard", "--resume", id, "--flow", "own-365")
        #expect(mixed.exit == 2, "\(mixed)")
        #expect(try await estate.tool.run("onboard", "--abandon", id).exit == 0)
        #expect(try await estate.tool.run("onboard", "--resume", id).exit == 2)
    }

    @Test func `trust in a connector is none in a flow of the same id and the same bytes`() async throws {
        let tool = Tool()
        mkdir(tool.home, 0o700)
        try place(tool.folder)
        let shipped = Repository.connectors + "/office365-management/connector.json"
        let text = String(decoding: try #require(TemporaryFolder.contents(of: shipped)), as: UTF8.self)
        let renamed = text.split(
            separator: #""id": "office365-management""#,
            maxSplits: 1,
            omittingEmptySubsequences: false
        ).joined(separator: #""id": "own-365""#)
        tool.folder.write(renamed, to: "home/wizard/own-365/connector.json")
        for file in Self.beside + ["flow.json", "connector.json"] {
            let bytes = try #require(tool.folder.read("home/wizard/own-365/" + file))
            tool.folder.write(bytes, to: "home/connectors/own-365/" + file)
        }
        #expect(try await tool.run("connector", "trust", "own-365", "--yes").exit == 0)
        #expect(try await tool.run("connector", "show", "own-365").out.contains("trusted)"))
        #expect(try await trust(tool) == "untrusted")
        #expect(try await tool.run("onboard", "--plan", "--flow", "own-365").exit == 6)
        #expect(try await tool.run("wizard", "trust", "own-365", "--yes").exit == 0)
        #expect(try await trust(tool) == "trusted")
    }

    @Test func `a trusted flow is no trust in the connectors that it is for`() async throws {
        let tool = Tool()
        mkdir(tool.home, 0o700)
        for (path, id, new) in [
            ("connectors/office365-management/connector.json", "office365-management", "own-audit"),
            ("wizard/setup/flow.json", "setup", "own-way"),
        ] {
            let bytes = try #require(TemporaryFolder.contents(of: Repository.root + "/" + path))
            var text = String(decoding: bytes, as: UTF8.self)
            for (old, new) in [
                (#""id": "\#(id)""#, #""id": "\#(new)""#),
                (
                    #""does": "setup","#,
                    #""does": "setup", "connectors": [{"id": "own-audit", "name": "a"}],"#
                ),
            ] {
                text = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
                    .joined(separator: new)
            }
            let folder =
                path.hasPrefix("wizard") ? "wizard/own-way/flow.json" : "connectors/own-audit/connector.json"
            tool.folder.write(text, to: "home/" + folder)
        }
        #expect(try await tool.run("wizard", "trust", "own-way", "--yes").exit == 0)
        let refused = try await tool.run("onboard", "--no-input", "--flow", "own-way")
        #expect(refused.exit == 6 && refused.err.contains("headgate connector trust own-audit"), "\(refused)")
        #expect(try await tool.run("connector", "trust", "own-audit", "--yes").exit == 0)
        let asked = try await tool.run("onboard", "--no-input", "--flow", "own-way")
        #expect(asked.exit == 3 && asked.err.contains("clientKey"), "\(asked)")
    }

    @Test func `a broken flow of the home leaves the shipped ones alone, and lint and list name it`()
        async throws
    {
        let estate = try await Estate()
        let tool = estate.tool
        estate.folder.write("{", to: "home/wizard/broken/flow.json")
        estate.folder.write("{}", to: "home/wizard/setup/flow.json")
        let plan = try await tool.run("onboard", "--plan", "--connector", "okta-system-log")
        #expect(plan.exit == 0 && plan.out.contains("Set up a connector"), "\(plan)")
        #expect(plan.err.contains("headgate wizard lint broken"), "\(plan)")
        let silent = try await tool.run("onboard", "--no-input", "--cloud", "lab")
        #expect(silent.exit == 3 && silent.err.contains("Answers are missing"), "\(silent)")
        let lint = try await tool.run("wizard", "lint")
        #expect(lint.exit == 1 && lint.out.contains("broken/flow.json"), "\(lint)")
        #expect(lint.out.contains("The id \"setup\" is a shipped flow's"), "\(lint)")
        #expect(try await tool.run("wizard", "lint", "microsoft-365").exit == 0)
        #expect(try await tool.run("wizard", "list").out.contains("broken"))
        let refused = try await tool.run("wizard", "trust", "broken", "--yes")
        #expect(refused.exit == 6 && refused.err.contains("does not read"), "\(refused)")
        let named = try await tool.run("onboard", "--plan", "--flow", "nothing")
        #expect(named.exit == 6 && named.err.contains("microsoft-365"), "\(named)")
    }

    @Test func `a shipped flow needs no agreement, and what would be done is told to machines`() async throws
    {
        let tool = Tool()
        let shipped = try await tool.run("wizard", "trust", "microsoft-365", "--yes")
        #expect(shipped.exit == 0 && shipped.err.contains("needs no agreement"), "\(shipped)")
        #expect(tool.folder.files(below: "home").isEmpty)
        for id in ["microsoft-365", "rotate"] {
            let told = try await tool.run("wizard", "trust", id, "--json")
            let document = try Value(parsing: Array(told.out.utf8))
            #expect(try schema("wizard-trust").problems(document) == [], "\(told)")
        }
    }
}
