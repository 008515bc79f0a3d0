// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Crypto
import JSON
import TestSupport
import Testing

/// Onboarding without a conversation: answers ahead, one after another from a table, and only in words.
@Suite(.timeLimit(.minutes(10))) struct OnboardSilentTests {
    @Test func `all missing answers are named at once`() async throws {
        let estate = try await Estate()
        let outcome = try await estate.tool.run(["onboard", "--no-input", "--cloud", "lab"])
        #expect(outcome.exit == 3, "\(outcome)")
        for name in [
            "customer", "credentials.tenantDomain or credentials.tenantId", "credentials.clientKey",
            "credential",
        ] {
            #expect(outcome.err.contains(name), "\(name): \(outcome)")
        }
    }

    @Test func `a file of answers and a secret are enough, and each step is one object`() async throws {
        let estate = try await Estate()
        let answers = estate.folder.write(
            """
            {"customer": "contoso", "cloud": "lab", "way": "app",
             "credentials": {"tenantDomain": "contoso.onmicrosoft.com", "clientKey": "\(Estate.app)"},
             "connectors": [{"connector": "office365-management", "name": "audit", "streams": ["Audit.Exchange"]}]}
            """,
            to: "onboard.json"
        )
        let outcome = try await estate.tool.run([
            "onboard", "--no-input", "--answers", answers, "--secret-file", estate.secretFile, "--json",
        ])
        #expect(outcome.exit == 0, "\(outcome)")
        let steps = try outcome.out.split(separator: "\n").map { try Value(parsing: Array($0.utf8)) }
        #expect(steps.contains { $0["step"] == "check" && $0["outcome"] == "pass" }, "\(outcome)")
        #expect(steps.allSatisfy { $0["schema"] == 1 })
        let list = try Value(
            parsing: Array(try await estate.tool.run(["connection", "list", "--json"]).out.utf8)
        )
        #expect(list["connections"]?[0]?["name"] == "audit", "\(list)")
    }

    @Test func `what only a person can wait for is kept as a draft with its cause`() async throws {
        let estate = try await Estate { scenario in
            scenario.tenants[0].auditing = [.init(on: false)]
            scenario.tenants[0].subscriptions = []
        }
        let outcome = try await estate.tool.run([
            "onboard", "contoso", "--no-input", "--cloud", "lab", "--answers",
            estate.folder.write(
                """
                {"credentials": {"tenantId": "\(Estate.tenant)", "clientKey": "\(Estate.app)"}}
                """,
                to: "few.json"
            ), "--secret-file", estate.secretFile,
        ])
        #expect(outcome.exit == 5, "\(outcome)")
        #expect(outcome.err.contains("auditing") || outcome.err.contains("audit logging"), "\(outcome)")
        let status = try await estate.tool.run(["status"])
        #expect(status.out.contains("draft"), "\(status)")
    }

    @Test func `files for an administrator need nobody here, and the walk is taken up with what came back`()
        async throws
    {
        let estate = try await Estate { $0.apps = [] }
        let answers = estate.folder.write(
            """
            {"customer": "contoso", "cloud": "lab", "way": "handoff",
             "credentials": {"tenantDomain": "contoso.onmicrosoft.com"}}
            """,
            to: "handoff.json"
        )
        let out = estate.folder.file("out")
        estate.folder.write("", to: "out/.keep")
        let first = try await estate.tool.run([
            "onboard", "--no-input", "--answers", answers, "--out", out,
        ])
        #expect(first.exit == 4, "\(first)")
        let page = TemporaryFolder.contents(of: out + "/headgate-contoso.html") ?? []
        let id = try #require(
            first.err.resumedWalk
        )
        let early = try await estate.tool.run(["onboard", "--resume", id, "--no-input"])
        #expect(early.exit == 3 && early.err.contains("clientKey"), "\(early)")
        let words = String(decoding: page, as: UTF8.self)
        let data = try #require(words.split(separator: "base64,").dropFirst().first)
        let der = try #require(Base64.decode(String(data.prefix { $0 != "\"" })))
        var app = Scenario.App(
            id: Estate.app,
            roles: [Estate.tenant: ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]]
        )
        app.certificates = [.pem(try Certificate(der: der).publicPEM)]
        await estate.simulator.register(app)
        let back = estate.folder.write(
            #"{"credentials": {"clientKey": "\#(Estate.app)"}}"#,
            to: "back.json"
        )
        let second = try await estate.tool.run([
            "onboard", "--resume", id, "--no-input", "--answers", back, "--out", out,
        ])
        #expect(second.exit == 0, "\(second)")
        #expect(TemporaryFolder.contents(of: out + "/headgate-contoso.html") == page)
    }

    @Test func `a connector that there is none of is said before anything is asked for`() async throws {
        let estate = try await Estate()
        let outcome = try await estate.tool.run(["onboard", "--no-input", "--connector", "office-365"])
        #expect(outcome.exit == 2 && outcome.err.contains("office365-management"), "\(outcome)")
    }

    @Test func `a plan changes nothing, not even a home`() async throws {
        let tool = Tool()
        let outcome = try await tool.run(["onboard", "--plan"])
        #expect(outcome.exit == 0 && outcome.out.contains("Nothing is changed anywhere before"), "\(outcome)")
        #expect(!tool.folder.files().contains { $0.hasPrefix("home/ledger") })
    }

    @Test func `a secret where a reference belongs is not copied, and the next command names the home`()
        async throws
    {
        let estate = try await Estate()
        let table = estate.folder.write(
            "customer,cloud,tenantDomain,clientKey,credential\n"
                + "contoso,lab,contoso.onmicrosoft.com,\(Estate.app),\(Estate.secret)\n",
            to: "customers.csv"
        )
        let outcome = try await estate.tool.run(["onboard", "--home", estate.home, "--batch", table])
        #expect(outcome.exit == 1 && outcome.out.contains("--home \(estate.home)"), "\(outcome)")
        #expect(!(outcome.out + outcome.err).contains(Estate.secret))
        let failed = String(
            decoding: TemporaryFolder.contents(of: table + ".failed.csv") ?? [],
            as: UTF8.self
        )
        #expect(failed.contains("contoso") && !failed.contains(Estate.secret))
        // Tried again in the file that holds them, they stay in it.
        _ = try await estate.tool.run(["onboard", "--batch", table + ".failed.csv"])
        #expect(TemporaryFolder.contents(of: table + ".failed.csv.failed.csv") == nil)
        #expect(TemporaryFolder.contents(of: table + ".failed.csv") != nil)
    }

    @Test func `a batch of fifty goes on past failures and writes down the rows that failed`() async throws {
        func tenant(_ number: Int) -> String { "c0ffee00-0000-4000-8000-\(String(900_000_000_000 + number))" }
        let known = 1...47
        let estate = try await Estate { scenario in
            for number in known {
                var more = Scenario.Tenant(id: tenant(number), domain: "customer\(number).onmicrosoft.com")
                more.subscriptions = ContentType.allCases.map { Scenario.Subscribed($0) }
                scenario.tenants.append(more)
                // One has not granted anything.
                scenario.apps[0].roles[tenant(number)] = number == 30 ? [] : ["ActivityFeed.Read"]
            }
        }
        let app = "\(Estate.app),file:\(estate.secretFile)"
        var rows = ["customer,name,cloud,tenantId,tenantDomain,clientKey,credential,connectors,streams,start"]
        rows.append(#"contoso,"Contoso, ""Ltd""",lab,,contoso.onmicrosoft.com,\#(app),,,"#)
        for number in known {
            let domain = "customer\(number).onmicrosoft.com"
            rows.append(
                "customer\(number),Customer \(number),lab,,\(domain),\(app),office365-management,Audit.Exchange,P1D"
            )
        }
        rows.insert("nobody,Nobody,lab,,nobody.example,\(app),,,", at: 20)
        rows.append("faulty,Faulty,lab,,customer1.onmicrosoft.com,not-a-guid,file:\(estate.secretFile),,,")
        let table = estate.folder.write(rows.joined(separator: "\n") + "\n", to: "customers.csv")
        let outcome = try await estate.tool.run(["onboard", "--batch", table], limit: .seconds(300))
        #expect(outcome.exit == 1, "\(outcome)")
        #expect(outcome.out.contains("3 of 50 failed"), "\(outcome)")
        let failed = String(
            decoding: TemporaryFolder.contents(of: table + ".failed.csv") ?? [],
            as: UTF8.self
        )
        let left = failed.split(whereSeparator: \.isNewline).dropFirst().compactMap {
            $0.split(separator: ",").first
        }
        #expect(left == ["nobody", "customer30", "faulty"])
        #expect(failed.hasPrefix("customer,"))
        let list = try Value(
            parsing: Array(try await estate.tool.run(["connection", "list", "--json"]).out.utf8)
        )
        // The one whose permissions are missing is kept as a draft, to be gone on with.
        #expect(list["connections"]?.arrayValue?.count == 48, "\(list)")
        // Once more, with another start, which an update does not take up in silence.
        let again = estate.folder.write(
            rows[0] + "\ncustomer1,,lab,\(tenant(1)),,\(app),office365-management,,P3D\n",
            to: "again.csv"
        )
        let update = try await estate.tool.run(["onboard", "--batch", again])
        #expect(update.out.contains("customer1/o365 was set up already, and is updated"), "\(update)")
        #expect(update.out.contains("history takes headgate backfill customer1/o365"), "\(update)")
        let bad = estate.folder.write("customer,colour\na,blue\n", to: "bad.csv")
        let refused = try await estate.tool.run(["onboard", "--batch", bad])
        #expect(refused.exit == 2 && refused.err.contains("colour"), "\(refused)")
    }
}
