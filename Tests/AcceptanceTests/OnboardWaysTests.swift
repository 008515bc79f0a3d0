// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Crypto
import JSON
import TestSupport
import Testing

/// The other ways to an app registration, each driven through a real terminal.
@Suite(.timeLimit(.minutes(10))) struct OnboardWaysTests {
    static let provider = "c0ffee00-0000-4000-8000-0000000000ff"

    private func made(_ estate: Estate) async -> Value {
        await estate.simulator.directory(tenant: Estate.tenant, made: true)
    }

    // MARK: device code

    @Test func `by device code three answers make the app, grant it and collect`() async throws {
        let estate = try await Estate.bare()
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse([
            ("Which customer is this?", "Contoso"), ("How do you want to get it?", "2"),
            ("What will be made in the tenant", ""),
        ])
        try await typist.see("The sign-in was dropped")
        try await typist.see("contoso/o365 is set up", within: .seconds(180))
        #expect(await typist.end(within: .seconds(180)) == 0, "\(typist.transcript)")
        #expect(typist.effort.answers == 3)
        let made = await made(estate)
        #expect(made["applications"]?.arrayValue?.count == 1, "\(made.text(pretty: true))")
        let shown = typist.transcript
        #expect(shown.contains("ActivityFeed.Read") && shown.contains("/login/device"))
        // Neither the person's token nor the key of the certificate is anywhere but where it belongs.
        for file in estate.folder.files() where file.hasPrefix("home/") {
            let bytes = TemporaryFolder.contents(of: estate.folder.file(file)) ?? []
            #expect(Needle("PRIVATE KEY").place(in: bytes) == nil, "\(file)")
            #expect(Needle("eyJ0eXAi").place(in: bytes) == nil, "\(file) holds a token")
        }
    }

    @Test(arguments: [
        (Scenario.SignIn.Doing.decline, "The sign-in was declined"),
        (.blocked, "does not let people sign in with a code"),
    ])
    func `a sign-in that does not come about leads to the other ways`(
        _ doing: Scenario.SignIn.Doing,
        _ words: String
    ) async throws {
        let estate = try await Estate.bare(.init(does: doing))
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse([
            ("Which customer is this?", "Contoso"), ("How do you want to get it?", "2"),
        ])
        try await typist.see(words)
        try await typist.see("How do you want to get it?")
        try await typist.see("> ")
        typist.press(Typist.ctrlC)
        #expect(await typist.end() == 130)
        #expect(await made(estate)["applications"]?.arrayValue?.count ?? 0 == 0)
    }

    @Test func `an account of another tenant is said to be that, in the words of this way`() async throws {
        var stranger = Scenario.SignIn()
        stranger.home = "c0ffee00-0000-4000-8000-0000000000b2"
        let estate = try await Estate.bare(stranger) { scenario in
            scenario.tenants.append(
                Scenario.Tenant(
                    id: "c0ffee00-0000-4000-8000-0000000000b2",
                    domain: "fabrikam.onmicrosoft.com"
                )
            )
        }
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        // The way by an app at hand asks for the tenant, which a code is bound to then.
        try await typist.converse([
            ("Which customer is this?", "Contoso"), ("How do you want to get it?", "1"),
            ("domain or Tenant Id", "contoso.onmicrosoft.com"), ("Client Key", "back"),
            ("domain or Tenant Id", "back"), ("How do you want to get it?", "2"),
        ])
        try await typist.see("not one of this tenant")
        try await typist.see("private window")
        try await typist.see("How do you want to get it?")
        try await typist.see("> ")
        typist.press(Typist.ctrlC)
        #expect(await typist.end() == 130, "\(typist.transcript)")
    }

    @Test func `a code that ends before anybody came leads to the other ways`() async throws {
        let estate = try await Estate.bare(.init(does: .never)) { $0.knobs.deviceCodeLifetime = .seconds(3) }
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse([
            ("Which customer is this?", "Contoso"), ("How do you want to get it?", "2"),
        ])
        try await typist.see("Nobody signed in before the code ended")
        try await typist.see("How do you want to get it?")
        try await typist.see("> ")
        typist.press(Typist.ctrlC)
        #expect(await typist.end() == 130)
    }

    @Test func `a provider that says to slow down is asked more slowly`() async throws {
        var patient = Scenario.SignIn(afterPolls: 2)
        patient.slowDownAt = [1]
        let estate = try await Estate.bare(patient)
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse([
            ("Which customer is this?", "Contoso"), ("How do you want to get it?", "2"),
        ])
        try await typist.see("Signed in")
        try await typist.see("What will be made in the tenant")
        typist.press(Typist.ctrlC)
        #expect(await typist.end() == 130)
    }

    @Test func `what was made is taken back when a permission cannot be granted`() async throws {
        var person = Scenario.SignIn()
        person.roles = ["Application Administrator"]
        let estate = try await Estate.bare(person) { scenario in
            // An Application Administrator may make apps, and may not grant roles of Graph.
            scenario.tenants[0].signIn?.roles = ["Application Administrator"]
        }
        let typist = try Typist(
            estate.tool,
            [
                "onboard", "--cloud", "lab", "--connector", "office365-management", "--connector",
                "entra-audit",
            ]
        )
        try await typist.converse([
            ("Which customer is this?", "Contoso"), ("How do you want to get it?", "2"),
            ("What will be made in the tenant", ""), ("Take back what was made so far?", "1"),
        ])
        try await typist.see("taken back: an app registration")
        try await typist.see("How do you want to get it?")
        typist.press(Typist.ctrlC)
        _ = await typist.end()
        let left = await made(estate)
        #expect(left["applications"]?.arrayValue?.count ?? 0 == 0, "\(left.text(pretty: true))")
    }

    @Test func `a walk that dies while it makes the app makes it once all the same`() async throws {
        let estate = try await Estate.bare { $0.knobs.lags.certificate = .none }
        let first = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await first.converse([
            ("Which customer is this?", "Contoso"), ("How do you want to get it?", "2"),
            ("What will be made in the tenant", ""),
        ])
        try await first.see("ok an app registration")
        first.press(Typist.ctrlC)
        #expect(await first.end() == 130)
        let id = try #require(
            first.transcript.resumedWalk
        )
        let second = try Typist(estate.tool, ["onboard", "--resume", id])
        try await second.see("contoso/o365 is set up", within: .seconds(180))
        #expect(await second.end(within: .seconds(180)) == 0, "\(second.transcript)")
        let made = await made(estate)
        #expect(made["applications"]?.arrayValue?.count == 1, "\(made.text(pretty: true))")
        #expect(
            made["servicePrincipals"]?.arrayValue?.filter {
                $0["appId"] == made["applications"]?[0]?["appId"]
            }.count == 1
        )
    }

    // MARK: script and page

    @Test(arguments: ["script", "handoff"])
    func `files for the administrator hold the public certificate, and two ids coming back are enough`(
        _ way: String
    ) async throws {
        let estate = try await Estate.bare()
        let out = estate.folder.file("out")
        estate.folder.write("", to: "out/.keep")
        let first = try Typist(estate.tool, ["onboard", "--cloud", "lab", "--out", out])
        try await first.converse([
            ("Which customer is this?", "Contoso & Sons"), ("How do you want to get it?", way),
            ("domain or Tenant Id", "contoso.onmicrosoft.com"),
        ])
        try await first.see("Press Enter when")
        try await first.see("> ")
        // Hours pass before the answer comes.
        first.press(Typist.ctrlC)
        #expect(await first.end() == 130)
        let id = try #require(
            first.transcript.resumedWalk
        )
        let texts = estate.folder.files(below: "out").filter { !$0.hasSuffix(".keep") }.map { file in
            String(decoding: TemporaryFolder.contents(of: estate.folder.file(file)) ?? [], as: UTF8.self)
        }
        #expect(texts.count == 2)
        for file in estate.folder.files(below: "out") where file.hasSuffix(".sh") {
            let check = try #require(ChildProcess(["bash", "-n", estate.folder.file(file)]))
            #expect(check.wait() == 0)
        }
        for text in texts {
            #expect(!text.contains("{{") && !text.contains("PRIVATE KEY"))
            #expect(
                text.contains("594c1fb6-4f81-4475-ae41-0c394909246c") || text.contains("ActivityFeed.Read")
            )
        }
        let der = try #require(base64(in: texts))
        // What the script or the person does in the tenant.
        var app = Scenario.App(
            id: Estate.app,
            roles: [Estate.tenant: ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]]
        )
        app.certificates = [.pem(try Certificate(der: der).publicPEM)]
        await estate.simulator.register(app)
        let second = try Typist(estate.tool, ["onboard", "--resume", id, "--out", out])
        try await second.converse([
            ("Press Enter when", ""), ("Application (client) ID that came back", Estate.app),
            ("Collect this?", ""),
        ])
        #expect(await second.end() == 0, "\(second.transcript)")
    }

    private func base64(in texts: [String]) -> [UInt8]? {
        for text in texts {
            for word in text.split(whereSeparator: { "'\"`, \n".contains($0) })
            where word.hasPrefix("MII") && word.count > 400 {
                if let der = Base64.decode(String(word)) { return der }
            }
            if let data = text.split(separator: "base64,").dropFirst().first,
                let der = Base64.decode(String(data.prefix { $0 != "\"" }))
            {
                return der
            }
        }
        return nil
    }

    // MARK: our own multi-tenant app

    @Test func `our own app is agreed to by its link, and waits until the agreement is known`() async throws {
        let secret = "own~Quarry.Saddle_Meadow-7c1e5b20d4"
        let estate = try await Estate.bare { scenario in
            scenario.knobs.lags.consent = .init(asks: 3)
            var app = Scenario.App(id: Estate.app, secret: secret)
            app.multiTenant = true
            app.redirectURIs = ["http://127.0.0.1:8400/consent"]
            app.requires = ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]
            scenario.apps = [app]
        }
        estate.folder.write(
            """
            {"sharedRegistrations": {"main": {"clientKey": "\(Estate.app)", "redirectUri": "http://127.0.0.1:8400/consent"}}}
            """,
            to: "home/config.json"
        )
        let typist = try Typist(estate.tool, ["onboard", "--cloud", "lab"])
        try await typist.converse([
            ("Which customer is this?", "Contoso"), ("How do you want to get it?", "consent"),
            ("domain or Tenant Id", "contoso.onmicrosoft.com"), ("Which of your own apps?", ""),
            ("With what does the app prove itself?", "secret"), ("Secret Key", secret),
        ])
        try await typist.see("opens this link and agrees")
        try await typist.see("> ")
        let link = try #require(
            typist.screenLines.last { $0.contains("/adminconsent?") }?.split(separator: " ").last.map(
                String.init
            )
        )
        let ended = try await Browser.open(link)
        #expect(ended.contains("admin_consent=True"))
        typist.answer("")
        try await typist.converse([
            ("Paste the address", "http://127.0.0.1:8400/consent?admin_consent=True&state=somebody-else"),
            ("does not belong to this link", ended.replacing(Estate.tenant, with: Self.provider)),
            ("given in another tenant", ended),
        ])
        // Each look takes twenty seconds, and the first three are told that it is not known yet.
        try await typist.see("Collect this?", within: .seconds(240))
        try await typist.see("> ")
        typist.answer("")
        #expect(await typist.end(within: .seconds(180)) == 0, "\(typist.transcript)")
    }
}
