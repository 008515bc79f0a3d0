// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Glibc
import JSON
import TestSupport
import Testing

/// The wizard as a person walks through it, at a terminal.
@Suite(.timeLimit(.minutes(10))) struct OnboardTests {
    /// The answers of a person with an app and its secret at hand.
    static let turns: [(see: String, answer: String)] = [
        ("Which customer is this?", "Contoso"), ("How do you want to get it?", "1"),
        ("domain or Tenant Id", "contoso.onmicrosoft.com"), ("Application (client) ID", Estate.app),
        ("With what does the app prove itself?", "2"), ("Secret Key", Estate.secret),
        ("When does the secret expire?", "2031-05-31"),
    ]

    @Test func `a person with an app at hand is at the first whole cycle with eight answers`() async throws {
        let estate = try await Estate { $0.tenants[0].content[.exchange] = .init(blobs: 3, eventsPerBlob: 4) }
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(Self.turns + [("Collect this?", "")])
        try await typist.see("contoso/o365 is set up")
        try await typist.see("The first cycle")
        #expect(await typist.end() == 0, "\(typist.transcript)")
        #expect(typist.effort.answers == 8)
        let status = try Value(parsing: Array(try await estate.tool.run(["status", "--json"]).out.utf8))
        #expect(status["customers"]?[0]?["id"] == "contoso")
        #expect(
            status["customers"]?[0]?["connections"]?[0]?["credential"]?["expiresAt"] == "2031-05-31T00:00:00Z"
        )
        #expect(status["customers"]?[0]?["connections"]?[0]?["credential"]?["source"] == "declared")
        expectNoSecret(Estate.secret, in: estate, typist.transcript)
    }

    @Test func `a question mark explains what is asked, a list as well`() async throws {
        let estate = try await Estate()
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse([("Which customer is this?", "?")])
        try await typist.see("A short id is made of the name")
        try await typist.converse([
            ("Which customer is this?", "Contoso"), ("How do you want to get it?", "?"),
        ])
        try await typist.see("With an administrator of the tenant at hand now")
        typist.press(Typist.ctrlC)
        #expect(await typist.end() == 130)
    }

    @Test func `nothing on the screen is wider than eighty columns`() async throws {
        let estate = try await Estate()
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(Self.turns + [("Collect this?", "")])
        #expect(await typist.end() == 0)
        let wide = typist.screenLines.filter { $0.count > 80 && !$0.contains("link:") && !$0.contains("://") }
        #expect(wide == [])
    }

    @Test(arguments: [["TERM": "dumb"], ["NO_COLOR": "1"]])
    func `a dumb terminal and NO_COLOR get the same words without a colour`(_ environment: [String: String])
        async throws
    {
        let estate = try await Estate()
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"], environment: environment)
        try await typist.converse(Self.turns + [("Collect this?", "")])
        #expect(await typist.end() == 0)
        #expect(!typist.transcript.contains("\u{1B}[1m") && !typist.transcript.contains("\u{1B}[3"))
        if environment["TERM"] == "dumb" { #expect(!typist.transcript.contains("\u{1B}")) }
        expectNoSecret(Estate.secret, in: estate, typist.transcript)
    }

    @Test func `back goes to the question before, with what was typed kept`() async throws {
        let estate = try await Estate()
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse([
            ("Which customer is this?", "Fabrikam"), ("How do you want to get it?", "1"),
            ("domain or Tenant Id", "back"), ("How do you want to get it?", "back"),
            ("Which customer is this?", "Contoso"), ("How do you want to get it?", ""),
            ("domain or Tenant Id", "contoso.onmicrosoft.com"), ("Application (client) ID", "back"),
            ("[contoso.onmicrosoft.com]", ""), ("Application (client) ID", Estate.app),
            ("With what does the app prove itself?", "2"), ("Secret Key", "back"),
            ("With what does the app prove itself?", "secret"), ("Secret Key", Estate.secret),
            ("When does the secret expire?", ""), ("Collect this?", ""),
        ])
        #expect(await typist.end() == 0, "\(typist.transcript)")
        let list = try await estate.tool.run(["customer", "list"])
        #expect(list.out.contains("contoso") && !list.out.contains("fabrikam"), "\(list)")
    }

    @Test(arguments: [2, 5, 6])
    func `Ctrl-C says how to go on, and going on asks nothing twice`(_ answered: Int) async throws {
        let estate = try await Estate()
        let first = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await first.converse(Array(Self.turns.prefix(answered)))
        try await first.see(Self.turns[answered].see)
        try await first.see("> ")
        first.press(Typist.ctrlC)
        try await first.see("Go on with: headgate onboard --resume ")
        #expect(await first.end() == 130)
        let id = try #require(first.transcript.resumedWalk)
        let second = try Typist(estate.tool, ["onboard", "--resume", id])
        try await second.converse(Array(Self.turns.dropFirst(answered)) + [("Collect this?", "")])
        #expect(await second.end() == 0, "\(second.transcript)")
        for turn in Self.turns.prefix(answered) { #expect(!second.transcript.contains(turn.see)) }
        expectNoSecret(Estate.secret, in: estate, first.transcript + second.transcript)
        // It is over, so that there is nothing to take up any more.
        let third = try await estate.tool.run(["onboard", "--resume", id])
        #expect(third.exit == 2 && third.err.contains("nothing to take up"), "\(third)")
    }

    @Test func `the end of the input ends it with exit 3 and how to go on`() async throws {
        let estate = try await Estate()
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(Array(Self.turns.prefix(2)))
        try await typist.see("domain or Tenant Id")
        try await typist.see("> ")
        typist.press(Typist.ctrlD)
        try await typist.see("The input ended before")
        #expect(await typist.end() == 3)
    }

    @Test func `a secret of every printable character is taken as it is`() async throws {
        // A space at either end would be refused by name, and so stands in the middle.
        let printable = (0x21...0x7e).map { String(UnicodeScalar(UInt8($0))) }.joined()
        let secret = String(printable.prefix(40)) + " " + String(printable.dropFirst(40))
        let estate = try await Estate { $0.apps[0].secrets = [.init(value: secret)] }
        var turns = Self.turns
        turns[5].answer = secret
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(turns + [("Collect this?", "")])
        #expect(await typist.end() == 0, "\(typist.transcript)")
        expectNoSecret(secret, in: estate, typist.transcript)
    }

    @Test func `what is certainly wrong is refused with its reason and asked again`() async throws {
        let estate = try await Estate()
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse([
            ("Which customer is this?", ""), ("An answer is needed", "!!!"),
            ("no id can be made of it", "Contoso"),
            ("How do you want to get it?", "9"), ("Type a number from 1 to", "1"),
            ("domain or Tenant Id", "contoso"), ("must be a domain name", "unknown.example"),
            ("What now?", "1"), ("domain or Tenant Id", "contoso.onmicrosoft.com"),
            ("Application (client) ID", Estate.tenant), ("same as Tenant Id", Estate.app),
            ("With what does the app prove itself?", "2"),
            ("Secret Key", "7c1d2b7e-1111-4a8e-9a53-2f6b1e0c9a11"), ("it is the Secret ID", Estate.secret),
            ("When does the secret expire?", "2020-01-01"), ("that day is over", ""), ("Collect this?", ""),
        ])
        #expect(await typist.end() == 0, "\(typist.transcript)")
    }

    @Test func `a refused secret leads to another one`() async throws {
        let estate = try await Estate()
        var turns = Self.turns
        turns[5].answer = "wr0ng~Quarry.Saddle_Meadow-7c1e5b20d4"
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(
            turns.dropLast() + [
                ("What now?", "2"), ("With what does the app prove itself?", "2"),
                ("Secret Key", Estate.secret), ("When does the secret expire?", ""),
                ("Collect this?", ""),
            ]
        )
        #expect(await typist.end() == 0, "\(typist.transcript)")
    }

    @Test func `how far back is said as people say it, and what that asks of the source`() async throws {
        let estate = try await Estate()
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(
            Self.turns + [("Collect this?", "3"), ("From when on?", "soon"), ("From when on?", "48 hours")]
        )
        // Five streams, a day in one window each.
        try await typist.see("the last 2 d, as far as the source keeps it: 10 requests at least")
        try await typist.converse([("Collect this?", "")])
        #expect(await typist.end() == 0, "\(typist.transcript)")
        let shown = try await estate.tool.run(["connection", "show", "contoso/o365", "--json"])
        #expect(shown.out.contains(#""P2D""#), "\(shown)")
    }

    @Test func `a customer that is onboarded twice is updated and never doubled`() async throws {
        let estate = try await Estate()
        for round in 0..<2 {
            let typist = try Typist(estate.tool, ["onboard", "contoso", "--cloud", "lab"])
            // The second time the app is known with its credential.
            let again = [
                Self.turns[1], Self.turns[2], ("All that was chosen is set up already", "1"), Self.turns[3],
            ]
            let turns = round == 0 ? Array(Self.turns.dropFirst()) : again
            try await typist.converse(turns + [("Collect this?", "")])
            #expect(await typist.end() == 0, "\(typist.transcript)")
            if round == 1 { #expect(typist.transcript.contains("set up already")) }
        }
        let list = try Value(
            parsing: Array(try await estate.tool.run(["connection", "list", "--json"]).out.utf8)
        )
        #expect(list["connections"]?.arrayValue?.count == 1, "\(list)")
    }

    @Test func `a second wizard for the same tenant is told who is at it`() async throws {
        let estate = try await Estate()
        let first = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await first.converse(Array(Self.turns.prefix(3)))
        try await first.see("Application (client) ID")
        let second = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await second.converse(Array(Self.turns.prefix(3)))
        try await second.see("Somebody else is setting up")
        #expect(await second.end() == 6)
        #expect(second.transcript.contains("pid \(first.pid)"))
    }

    @Test func `beside a running host the first cycle is the host's`() async throws {
        let estate = try await Estate()
        let host = try estate.tool.start(["run"])
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(Self.turns + [("Collect this?", "")])
        #expect(await typist.end(within: .seconds(180)) == 0, "\(typist.transcript)")
        #expect(typist.transcript.contains("pending") && typist.transcript.contains("first data"))
        host.send(SIGTERM)
        #expect(await host.end(within: .seconds(30)).exit == 0)
    }

    /// No secret anywhere but in the vault, which holds it sealed.
    private func expectNoSecret(
        _ secret: String,
        in estate: Estate,
        _ shown: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(!shown.contains(secret), sourceLocation: sourceLocation)
        let needle = Needle(secret)
        for file in estate.folder.files() where file.hasPrefix("home/") {
            let bytes = TemporaryFolder.contents(of: estate.folder.file(file)) ?? []
            #expect(
                needle.place(in: bytes) == nil,
                "\(file) holds the secret",
                sourceLocation: sourceLocation
            )
        }
    }
}
