// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Crypto
import Glibc
import JSON
import TestSupport
import Testing

/// The script for an administrator, run as they would, with a stand-in for the Azure CLI over the simulated cloud.
@Suite(.timeLimit(.minutes(10))) struct OnboardScriptTests {
    @Test func `the script makes the app once however often it is run, and what it prints is enough`()
        async throws
    {
        let estate = try await Estate { scenario in
            scenario.apps = []
            scenario.tenants[0].subscriptions = []
            scenario.knobs.deviceInterval = .seconds(1)
            scenario.signIn = .init()
            scenario.signIn?.home = Estate.tenant
            scenario.tenants[0].signIn = .init()
        }
        let out = estate.folder.file("out")
        estate.folder.write("", to: "out/.keep")
        let answers = estate.folder.write(
            """
            {"customer": "contoso", "customerName": "Contoso & Sons' \\"best\\" $(x)", "cloud": "lab", "way": "script",
             "credentials": {"tenantDomain": "contoso.onmicrosoft.com"},
             "connectors": [{"connector": "office365-management"}, {"connector": "m365-service-health"}]}
            """,
            to: "script.json"
        )
        let first = try await estate.tool.run([
            "onboard", "--no-input", "--answers", answers, "--out", out,
        ])
        #expect(first.exit == 4 && first.err.contains("Somebody else has to act"), "\(first)")
        let id = try #require(
            first.err.resumedWalk
        )
        var printed = ""
        for _ in 1...2 {
            printed = try await run(out + "/headgate-contoso.sh", estate)
            #expect(printed.contains("Granted ActivityFeed.Read.") && printed.contains(Estate.tenant))
        }
        let made = await estate.simulator.directory(tenant: Estate.tenant, made: true)
        #expect(made["applications"]?.arrayValue?.count == 1, "\(made.text(pretty: true))")
        #expect(made["assignments"]?.arrayValue?.count == 4, "\(made.text(pretty: true))")
        let client = try #require(
            printed.split(separator: "Application (client) ID: ").last.map { String($0.prefix(36)) }
        )
        let back = estate.folder.write(#"{"credentials": {"clientKey": "\#(client)"}}"#, to: "back.json")
        let second = try await estate.tool.run([
            "onboard", "--resume", id, "--no-input", "--answers", back,
        ])
        #expect(second.exit == 0, "\(second)")
        let list = try Value(
            parsing: Array(try await estate.tool.run(["connection", "list", "--json"]).out.utf8)
        )
        #expect(list["connections"]?.arrayValue?.count == 2, "\(list)")
    }

    @Test func `an app that an earlier run made gets a newer certificate beside the one it has`() async throws
    {
        let estate = try await Estate.bare()
        let (script, _) = try await written(estate)
        _ = try await run(script, estate)
        let text = String(decoding: try #require(TemporaryFolder.contents(of: script)), as: UTF8.self)
        let pair = try CertifiedKey.make(
            commonName: "Headgate again",
            validFor: .days(30),
            now: SystemTime().now,
            bits: 2_048
        )
        let newer = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            if line.hasPrefix("certificate='") { return "certificate='\(pair.certificate.base64DER)'" }
            if line.hasPrefix("mark='") { return "mark='Headgate \(pair.certificate.thumbprintSHA1Text)'" }
            return String(line)
        }.joined(separator: "\n")
        let second = estate.folder.write(newer, to: "newer.sh")
        #expect(try await run(second, estate).contains("Added this certificate"))
        #expect(try await !run(second, estate).contains("Added this certificate"))
        // Whoever runs the first one again takes nothing away.
        #expect(try await !run(script, estate).contains("Added this certificate"))
        let made = await estate.simulator.directory(tenant: Estate.tenant, made: true)
        #expect(made["applications"]?.arrayValue?.count == 1, "\(made.text(pretty: true))")
        #expect(made["credentials"]?.arrayValue?.count == 2, "\(made.text(pretty: true))")
    }

    @Test func `whoever is signed in elsewhere is told so, and nothing is made there`() async throws {
        let estate = try await Estate.bare()
        let (script, _) = try await written(estate)
        let outcome = try await start(script, estate, tenant: "c0ffee00-0000-4000-8000-0000000000ff")
        #expect(outcome.exit == 1 && outcome.err.contains("az login --tenant \(Estate.tenant)"), "\(outcome)")
        let made = await estate.simulator.directory(tenant: Estate.tenant, made: true)
        #expect(made["applications"]?.arrayValue?.count ?? 0 == 0)
    }

    @Test func `the same once more leaves the script that went out as it is`() async throws {
        let estate = try await Estate.bare()
        let first = try await written(estate)
        let bytes = TemporaryFolder.contents(of: first.script)
        let second = try await written(estate)
        #expect(second.walk == first.walk)
        #expect(bytes != nil && TemporaryFolder.contents(of: first.script) == bytes)
        let list = try await estate.tool.run("wizard", "list", "--json")
        #expect(try Value(parsing: Array(list.out.utf8))["walks"]?.arrayValue?.count == 1, "\(list)")
    }

    /// Has the script written, and gives its path and the walk that waits for it.
    private func written(_ estate: Estate) async throws -> (script: String, walk: String?) {
        let out = estate.folder.file("out")
        estate.folder.write("", to: "out/.keep")
        let answers = estate.folder.write(
            """
            {"customer": "contoso", "cloud": "lab", "way": "script",
             "credentials": {"tenantDomain": "contoso.onmicrosoft.com"}}
            """,
            to: "script.json"
        )
        let outcome = try await estate.tool.run(["onboard", "--no-input", "--answers", answers, "--out", out])
        #expect(outcome.exit == 4, "\(outcome)")
        return (out + "/headgate-contoso.sh", outcome.err.resumedWalk)
    }

    /// Runs the script and gives back what it printed.
    private func run(_ script: String, _ estate: Estate) async throws -> String {
        let outcome = try await start(script, estate, tenant: Estate.tenant)
        #expect(outcome.exit == 0, "\(outcome)")
        return outcome.out
    }

    private func start(_ script: String, _ estate: Estate, tenant: String) async throws -> Tool.Outcome {
        var tool = estate.tool
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        tool.environment = [
            "PATH": "\(Repository.root)/Tests/StandIns:\(path)", "AZ_TENANT": tenant,
            "AZ_LOGIN": "\(estate.simulator.base)/login", "AZ_TOKEN": estate.folder.file("az-token"),
        ]
        let child = try tool.start([script], program: "/bin/bash")
        return await child.end(within: .seconds(180))
    }
}
