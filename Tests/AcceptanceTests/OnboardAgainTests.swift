// SPDX-License-Identifier: Apache-2.0
import CloudSimulator
import JSON
import TestSupport
import Testing

/// By device code once more: taken up later, after a failure, as somebody else, and with an impatient hand.
@Suite(.timeLimit(.minutes(10))) struct OnboardAgainTests {
    private static func person(_ roles: [String]? = nil, afterPolls: Int = 1) -> Scenario.SignIn {
        var person = Scenario.SignIn(afterPolls: afterPolls)
        person.home = Estate.tenant
        if let roles { person.roles = roles }
        return person
    }

    private static let begin = [
        (see: "Which customer is this?", answer: "Contoso"), (see: "How do you want to get it?", answer: "2"),
    ]

    /// Somebody with every right signs in next: a new code, the whole list once more, and all of it is made.
    private func expectAnother(to estate: Estate, _ typist: Typist) async throws {
        await estate.simulator.setSignIn(Self.person(), tenant: Estate.tenant)
        await estate.simulator.setSignIn(Self.person())
        typist.answer("2")
        try await typist.see("Code: ")
        try await typist.converse([("What will be made in the tenant", "")])
        try await typist.see("contoso/o365 is set up", within: .seconds(180))
        #expect(await typist.end(within: .seconds(180)) == 0, "\(typist.transcript)")
    }

    @Test func `a walk left while the new app becomes known waits on when it is taken up, without a sign-in`()
        async throws
    {
        let estate = try await Estate.bare(Self.person()) {
            $0.knobs.lags.certificate = Scenario.Lag(asks: 4)
        }
        let first = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await first.converse(Self.begin + [("What will be made in the tenant", "")])
        try await first.see("The new app becomes known")
        first.press(Typist.ctrlC)
        #expect(await first.end() == 130)
        let id = try #require(
            first.transcript.resumedWalk
        )
        let second = try Typist(estate.tool, ["onboard", "--resume", id])
        try await second.see("contoso/o365 is set up", within: .seconds(180))
        #expect(await second.end(within: .seconds(180)) == 0, "\(second.transcript)")
        #expect(!second.transcript.contains("Nobody is signed in") && !second.transcript.contains("Code: "))
    }

    @Test func `after what was made is taken back, somebody with more rights signs in and all of it is made`()
        async throws
    {
        let estate = try await Estate.bare(Self.person(["Application Administrator"]))
        let typist = try Typist(
            estate.tool,
            [
                "onboard", "--cloud", "lab", "--connector", "office365-management", "--connector",
                "m365-service-health",
            ]
        )
        try await typist.converse(
            Self.begin + [
                ("What will be made in the tenant", ""), ("Take back what was made so far?", "1"),
            ]
        )
        try await typist.see("How do you want to get it?")
        try await expectAnother(to: estate, typist)
        #expect(!typist.transcript.contains("(done already)"))
        let made = await estate.simulator.directory(tenant: Estate.tenant, made: true)
        #expect(made["applications"]?.arrayValue?.count == 1, "\(made.text(pretty: true))")
        #expect(made["assignments"]?.arrayValue?.count ?? 0 >= 3, "\(made.text(pretty: true))")
    }

    @Test func `who may make nothing makes room for somebody who may`() async throws {
        let estate = try await Estate.bare(Self.person(["Global Reader"]))
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(Self.begin + [("What will be made in the tenant", "")])
        try await typist.see("How do you want to get it?")
        try await expectAnother(to: estate, typist)
    }

    @Test func `a sign-in that is waited for is gone back from`() async throws {
        let estate = try await Estate.bare(.init(does: .never))
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(Self.begin)
        try await typist.see("waiting for the sign-in")
        typist.answer("back")
        try await typist.see("How do you want to get it?")
        try await typist.see("> ")
        typist.press(Typist.ctrlC)
        #expect(await typist.end() == 130, "\(typist.transcript)")
    }

    @Test func `Enter pressed while the sign-in is waited for agrees to nothing`() async throws {
        // Long enough that the Enter is pressed during the wait on a busy machine too.
        let estate = try await Estate.bare(Self.person(afterPolls: 20))
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse(Self.begin)
        try await typist.see("waiting for the sign-in")
        typist.press("\n\n")
        try await typist.see("Make this in contoso.onmicrosoft.com (contoso.onmicrosoft.com)")
        try await typist.see("[1] > ")
        // Were it agreed, the next step would begin at once; what is typed now is the answer that counts.
        typist.press(Typist.ctrlC)
        #expect(await typist.end() == 130, "\(typist.transcript)")
        let made = await estate.simulator.directory(tenant: Estate.tenant, made: true)
        #expect(made["applications"]?.arrayValue?.count ?? 0 == 0, "\(made.text(pretty: true))")
    }

    @Test func `back leads past a certificate that is made here, which stays the same`() async throws {
        let estate = try await Estate.bare(Self.person())
        let out = estate.folder.file("out")
        estate.folder.write("", to: "out/.keep")
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab", "--out", out])
        try await typist.converse([
            ("Which customer is this?", "Contoso"), ("How do you want to get it?", "handoff"),
            ("domain or Tenant Id", "contoso.onmicrosoft.com"), ("Press Enter when", "back"),
            ("domain or Tenant Id", "back"), ("How do you want to get it?", "script"),
            ("domain or Tenant Id", ""),
        ])
        try await typist.see("Press Enter when")
        try await typist.see("> ")
        typist.press(Typist.ctrlC)
        #expect(await typist.end() == 130)
        let made = typist.transcript.split(separator: "A key and certificate were made").count - 1
        #expect(made == 1, "\(typist.transcript)")
    }

    @Test func `a permission that another connection of the app needs is none in excess`() async throws {
        let estate = try await Estate { scenario in
            scenario.apps[0].roles[Estate.tenant]? += [
                "ServiceHealth.Read.All", "ServiceMessage.Read.All", "SecurityAlert.Read.All",
                "SecurityIncident.Read.All",
            ]
        }
        let line = ["onboard", "contoso", "--cloud", "lab", "--connector", "m365-service-health"]
        let first = try Typist(estate.tool, line)
        try await first.converse(OnboardTests.turns.dropFirst() + [("Collect this?", "")])
        #expect(await first.end() == 0, "\(first.transcript)")
        #expect(first.transcript.contains("excess"), "\(first.transcript)")
        let second = try Typist(estate.tool, line.dropLast() + ["defender-xdr"])
        try await second.converse(OnboardTests.turns[1...3] + [("Collect this?", "")])
        #expect(await second.end() == 0, "\(second.transcript)")
        #expect(!second.transcript.contains("excess"), "\(second.transcript)")
    }

    @Test func `a walk given up says all that it made and where, and a home that was named is named again`()
        async throws
    {
        let estate = try await Estate.bare(Self.person()) {
            $0.knobs.lags.certificate = Scenario.Lag(asks: 9)
        }
        let home = estate.folder.file("home")
        let typist = try Typist(estate.tool, ["onboard", "--home", home, "--cloud", "lab"])
        try await typist.converse(Self.begin + [("What will be made in the tenant", "")])
        try await typist.see("The new app becomes known")
        typist.press(Typist.ctrlC)
        #expect(await typist.end() == 130)
        #expect(
            typist.transcript.contains("headgate onboard --home \(home) --resume "),
            "\(typist.transcript)"
        )
        let id = try #require(
            typist.transcript.resumedWalk
        )
        let given = try await estate.tool.run(["onboard", "--abandon", id])
        #expect(given.exit == 0 && !given.err.contains("{{"), "\(given)")
        for words in ["an app registration", "ActivityFeed.Read", Estate.tenant] {
            #expect(given.err.contains(words), "\(words): \(given)")
        }
    }
}
