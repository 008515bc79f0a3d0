// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON
import TestSupport
import Testing

/// When a secret ends: read from the directory where the app may, and as a person declared it elsewhere.
@Suite(.timeLimit(.minutes(10)))
struct SecretEndTests {
    private static let fresh = "nEw8Q~Harbour.Lantern_Orchard-91d4b7aa02"

    private func estate(mayRead: Bool) async throws -> Estate {
        let estate = try await Estate { scenario in
            scenario.apps[0].home = Estate.tenant
            scenario.apps[0].secrets = [
                Scenario.ClientSecret(value: Estate.secret, expires: .after(.days(20))),
                Scenario.ClientSecret(value: Self.fresh, expires: .after(.days(400))),
            ]
            if mayRead { scenario.apps[0].roles[Estate.tenant]?.append("Application.Read.All") }
        }
        var answers = Estate.answers().objectValue ?? [:]
        answers["secretExpires"] = "2099-01-31"
        estate.folder.write(Value.object(answers).text(), to: "answers.json")
        return estate
    }

    private func credential(_ estate: Estate) async throws -> Value {
        let status = try Value(parsing: Array(try await estate.tool.run("status", "--json").out.utf8))
        return try #require(status["customers"]?[0]?["connections"]?[0]?["credential"])
    }

    /// In how many whole days a credential's end is, rounded to the next.
    private func days(_ credential: Value) -> Int? {
        credential["expiresAt"]?.stringValue.flatMap { Timestamp(iso8601: $0) }.map { end in
            Int(((end - SystemTime().now).wholeSeconds + 43_200) / 86_400)
        }
    }

    @Test func `an app that may ask is believed rather than a person, and a new secret's end is read too`()
        async throws
    {
        let estate = try await estate(mayRead: true)
        let added = try await estate.tool.run(
            ["connection", "add", "--answers", estate.answers, "--secret-file", estate.secretFile]
        )
        #expect(added.out.contains("the secret ends on"), "\(added)")
        let first = try await credential(estate)
        #expect(first["source"] == "verified" && days(first) == 20, "\(first.text())")
        #expect(first["warning"]?["within"]?.isNull == false, "\(first.text())")
        let fresh = estate.folder.write(Self.fresh + "\n", to: "fresh")
        let rotated = try await estate.tool.run(["rotate", "contoso/o365", "--secret-file", fresh])
        #expect(rotated.exit == 0, "\(rotated)")
        let second = try await credential(estate)
        #expect(second["source"] == "verified" && days(second) == 400, "\(second.text())")
    }

    @Test func `the end that a person declared stands until the app may ask, and a test then corrects it`()
        async throws
    {
        let estate = try await estate(mayRead: false)
        _ = try await estate.tool.run(
            ["connection", "add", "--answers", estate.answers, "--secret-file", estate.secretFile]
        )
        let declared = try await credential(estate)
        #expect(declared["source"] == "declared", "\(declared.text())")
        #expect(declared["expiresAt"]?.stringValue?.hasPrefix("2099-01-31") == true)
        var app = Scenario.App(
            id: Estate.app,
            secret: Estate.secret,
            roles: [Estate.tenant: ["ActivityFeed.Read", "ActivityFeed.ReadDlp", "Application.Read.All"]]
        )
        app.home = Estate.tenant
        app.secrets = [Scenario.ClientSecret(value: Estate.secret, expires: .after(.days(20)))]
        await estate.simulator.register(app)
        let tested = try await estate.tool.run("test", "contoso/o365")
        #expect(tested.out.contains("the secret ends on"), "\(tested)")
        let verified = try await credential(estate)
        #expect(verified["source"] == "verified" && days(verified) == 20, "\(verified.text())")
    }
}
