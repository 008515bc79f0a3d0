// SPDX-License-Identifier: Apache-2.0
import CloudSimulator
import JSON
import TestSupport
import Testing

/// A customer who was met before: a walk that waits, a connection that stands, an answer that was given of another credential.
@Suite(.timeLimit(.minutes(10))) struct OnboardMeetingTests {
    private static let handOff = [
        ("Which customer is this?", "Contoso"), ("How do you want to get it?", "handoff"),
        ("domain or Tenant Id", "contoso.onmicrosoft.com"),
    ]

    /// Begins a walk by a page for the administrator, and leaves it there.
    private func leave(_ estate: Estate) async throws {
        let typist = try Typist(
            estate.tool,
            ["onboard", "--cloud", "lab", "--out", estate.folder.file("out")]
        )
        try await typist.converse(Self.handOff.map { (see: $0.0, answer: $0.1) })
        try await typist.see("Press Enter when")
        try await typist.see("> ")
        typist.press(Typist.ctrlC)
        #expect(await typist.end() == 130, "\(typist.transcript)")
    }

    private func page(_ estate: Estate) -> [UInt8]? {
        TemporaryFolder.contents(of: estate.folder.file("out/headgate-contoso.html"))
    }

    private func walks(_ estate: Estate) async throws -> [String] {
        let list = try await estate.tool.run("wizard", "list", "--json")
        let walks = try Value(parsing: Array(list.out.utf8))["walks"]?.arrayValue ?? []
        return walks.compactMap { $0["id"]?.stringValue }
    }

    @Test func `a walk that waits for the same customer is gone on with, and its page stays as it was sent`()
        async throws
    {
        let estate = try await Estate.bare()
        estate.folder.write("", to: "out/.keep")
        try await leave(estate)
        let (sent, id) = (page(estate), try await walks(estate))
        #expect(sent != nil && id.count == 1)
        let typist = try Typist(
            estate.tool,
            ["onboard", "--cloud", "lab", "--out", estate.folder.file("out")]
        )
        try await typist.converse([("Which customer is this?", "Contoso"), ("is not over. What now?", "")])
        try await typist.see("Press Enter when")
        try await typist.see("> ")
        // A word is not the word that it is done.
        typist.answer("not yet")
        try await typist.see("Enter alone says that it is done")
        try await typist.see("> ")
        typist.press(Typist.ctrlC)
        #expect(await typist.end() == 130, "\(typist.transcript)")
        #expect(page(estate) == sent)
        let list = try Typist(estate.tool, ["wizard", "list"])
        #expect(await list.end() == 0)
        #expect(list.screenLines.filter { $0.count > 80 } == [])
        #expect(try await walks(estate) == id)
    }

    @Test func `a walk that waits is given up for a new one where the person wants that`() async throws {
        let estate = try await Estate.bare()
        estate.folder.write("", to: "out/.keep")
        try await leave(estate)
        let before = try await walks(estate)
        let typist = try Typist(
            estate.tool,
            ["onboard", "contoso", "--cloud", "lab", "--out", estate.folder.file("out")]
        )
        try await typist.converse([("is not over. What now?", "abandon")])
        try await typist.see("How do you want to get it?")
        try await typist.see("> ")
        typist.press(Typist.ctrlC)
        #expect(await typist.end() == 130, "\(typist.transcript)")
        let after = try await walks(estate)
        #expect(after.count == 1 && after != before)
    }

    @Test func `a tenant that is connected already is left as it is, with the commands for single changes`()
        async throws
    {
        let estate = try await Estate()
        try await estate.add()
        let typist = try Typist(estate.tool, ["onboard", "contoso", "--cloud", "lab"])
        try await typist.converse([
            ("How do you want to get it?", "1"), ("domain or Tenant Id", "contoso.onmicrosoft.com"),
            ("All that was chosen is set up already", ""),
        ])
        try await typist.see("headgate reconfigure contoso/o365")
        #expect(await typist.end() == 0, "\(typist.transcript)")
        #expect(try await walks(estate) == [])
    }

    @Test func `a tenant of another customer is said, and another one can be given`() async throws {
        let estate = try await Estate()
        try await estate.add()
        let typist = try Typist(estate.tool, ["onboard", "fabrikam", "--cloud", "lab"])
        try await typist.converse([
            ("How do you want to get it?", "1"), ("domain or Tenant Id", "contoso.onmicrosoft.com"),
        ])
        try await typist.see("This tenant is connected already as contoso/o365")
        // Not the end: it may have been mistyped.
        try await typist.see("domain or Tenant Id")
        try await typist.see("> ")
        typist.press(Typist.ctrlC)
        #expect(await typist.end() == 130, "\(typist.transcript)")
    }

    @Test func `after a sign-in somebody else may sign in`() async throws {
        let estate = try await Estate.bare()
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse([
            ("Which customer is this?", "Contoso"), ("How do you want to get it?", "2"),
        ])
        try await typist.see("Signed in as")
        try await typist.converse([("Make this in", "5")])
        try await typist.see("Code: ")
        try await typist.see("Signed in as")
        try await typist.see("Make this in")
        typist.press(Typist.ctrlC)
        #expect(await typist.end() == 130, "\(typist.transcript)")
    }
}
