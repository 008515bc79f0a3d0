// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Glibc
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct DoctorTests {
    private func marks(_ document: Value, _ list: String) -> [String: String] {
        var marks: [String: String] = [:]
        for item in document[list]?.arrayValue ?? [] {
            let name = item["id"]?.stringValue ?? item["customer"]?.stringValue ?? ""
            marks[name] = item["result"]?.stringValue
        }
        return marks
    }

    private func check(_ text: String) throws -> Value {
        let document = try Value(parsing: Array(text.utf8))
        let schema = try #require(TemporaryFolder.contents(of: Repository.root + "/docs/schemas/doctor.json"))
        #expect(SchemaCheck(try Value(parsing: schema)).problems(document) == [])
        return document
    }

    /// Everything of a home but what SQLite keeps beside its database while somebody looks.
    private func contents(_ estate: Estate) -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for name in Folder.files(below: estate.home) where !name.hasPrefix("ledger.sqlite") {
            contents[name] = TemporaryFolder.contents(of: estate.home + "/" + name)
        }
        return contents
    }

    @Test func `an empty place is said to be one, and nothing is made`() async throws {
        let tool = Tool()
        let outcome = try await tool.run("doctor")
        #expect(outcome.exit == 4 && outcome.out.contains("headgate onboard"), "\(outcome)")
        _ = try check(try await tool.run("doctor", "--json").out)
        #expect(tool.folder.files(below: "home").isEmpty)
    }

    @Test func `a healthy home with a good connection is seen whole and left as it was`() async throws {
        let estate = try await Estate { scenario in
            for type in ContentType.allCases {
                scenario.tenants[0].content[type] = Scenario.ContentPlan(blobs: 2, newest: .hours(1))
            }
        }
        try await estate.add()
        try await estate.collect()
        let before = contents(estate)
        let status = try await estate.tool.run("export").out
        let outcome = try await estate.tool.run("doctor", "--json")
        let document = try check(outcome.out)
        let found = marks(document, "checks")
        for part in [
            "home", "settings", "vault", "ledger", "journal", "clouds", "definitions", "host", "clock",
        ] {
            #expect(found[part] == "pass", "\(part): \(outcome.out)")
        }
        let test = try await estate.tool.run("test")
        #expect(outcome.exit == test.exit || found["disk"] != "pass", "\(outcome.exit) \(test.exit)")
        #expect(document["connections"]?[0]?["test"]?["steps"]?.arrayValue?.isEmpty == false)
        #expect(contents(estate) == before)
        #expect(try await estate.tool.run("export").out == status)
        #expect(!outcome.out.contains(Estate.secret))
    }

    @Test func `what is broken is named with its remedy, and the rest is still looked at`() async throws {
        let estate = try await Estate()
        try await estate.add()
        await estate.simulator.register(Scenario.App(id: Estate.app, secret: "another", roles: [:]))
        let refused = try await estate.tool.run("doctor")
        #expect(
            refused.exit == 5 && refused.out.contains("FAIL") && refused.out.contains("fix:"),
            "\(refused)"
        )
        let words = refused.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("headgate test contoso/o365"), "\(refused)")

        estate.folder.write("{\"proxi\": 1}", to: "home/config.json")
        let settings = try await estate.tool.run("doctor", "--json")
        #expect(settings.exit == 5)
        #expect(marks(try check(settings.out), "checks")["settings"] == "fail")
        unlink(estate.home + "/config.json")

        chmod(estate.home + "/vault", 0o644)
        unlink(estate.home + "/vault.key")
        let home = try await estate.tool.run("doctor", "--json")
        let found = marks(try check(home.out), "checks")
        #expect(home.exit == 5 && found["home"] == "fail" && found["vault"] == "fail", "\(home)")
        #expect(found["ledger"] == "pass" && found["journal"] == "pass", "\(home)")
    }

    @Test func `a host that was killed is not said to run`() async throws {
        let estate = try await Estate()
        try await estate.add()
        let host = try estate.tool.start(["run"])
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let status = try Value(parsing: Array(try await estate.tool.run("status", "--json").out.utf8))
            if status["host"]?["mode"] == "run" { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(try await estate.tool.run("doctor").out.contains("It runs"))
        host.send(SIGKILL)
        _ = await host.end()
        let doctor = try await estate.tool.run("doctor")
        #expect(
            doctor.out.contains("It ended without a word") && !doctor.out.contains("It runs"),
            "\(doctor)"
        )
    }
}
