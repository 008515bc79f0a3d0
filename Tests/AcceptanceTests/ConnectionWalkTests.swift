// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON
import TestSupport
import Testing

/// What is done with a connection that is set up already, with a person at a terminal.
@Suite(.timeLimit(.minutes(10))) struct ConnectionWalkTests {
    private static let newer = "n3wer~Quarry.Saddle_Meadow-7c1e5b20d4"

    private func estate(_ secrets: String...) async throws -> Estate {
        let estate = try await Estate { $0.apps[0].secrets = secrets.map { .init(value: $0) } }
        try await estate.add()
        return estate
    }

    @Test func `rotate leads through a new secret and tests it before it comes into use`() async throws {
        let estate = try await estate(Estate.secret, Self.newer)
        let typist = try Typist(estate.tool, ["rotate", "contoso/o365"])
        try await typist.converse([
            ("With what shall the app prove itself", "2"),
            // The one in use already is no end of the walk.
            ("Secret Key", Estate.secret), ("What now?", "2"), ("With what shall the app prove itself", "2"),
            ("Secret Key", "wr0ng~Quarry.Saddle_Meadow-7c1e5b20d4"),
            ("What now?", "2"),
            ("With what shall the app prove itself", "2"),
            ("Secret Key", Self.newer), ("When does the secret expire?", "2099-01-31"),
        ])
        #expect(await typist.end() == 0, "\(typist.transcript)")
        // It is asked of a secret that works, and once.
        let inUse = try #require(typist.transcript.firstRange(of: "The new credential is in use"))
        #expect(typist.transcript[inUse.upperBound...].contains("When does the secret expire?"))
        #expect(!typist.transcript[..<inUse.lowerBound].contains("When does the secret expire?"))
        let shown = try await estate.tool.run(["status", "--json"])
        #expect(shown.out.contains("2099-01-31") && shown.out.contains("declared"), "\(shown)")
        #expect(!typist.transcript.contains(Self.newer))
        // The one before may go: what is collected goes on with the new one.
        await estate.simulator.register(
            Scenario.App(
                id: Estate.app,
                secret: Self.newer,
                roles: [Estate.tenant: ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]]
            )
        )
        try await estate.collect()
    }

    @Test func `reauth leads through the credential of a connection that is refused`() async throws {
        let estate = try await estate(Estate.secret)
        await estate.simulator.register(
            Scenario.App(
                id: Estate.app,
                secret: Self.newer,
                roles: [Estate.tenant: ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]]
            )
        )
        let typist = try Typist(estate.tool, ["reauth", "contoso/o365"])
        try await typist.converse([
            ("With what shall the app prove itself?", "2"), ("Secret Key", Self.newer),
        ])
        try await typist.see("contoso/o365 is authorised again")
        try await typist.converse([("When does the secret expire?", "")])
        #expect(await typist.end() == 0, "\(typist.transcript)")
        try await estate.collect()
    }

    private func streams(_ estate: Estate) async throws -> [String] {
        let shown = try await estate.tool.run(["connection", "show", "contoso/o365", "--json"])
        let value = try Value(parsing: Array(shown.out.utf8))
        return (value["connection"]?["streams"] ?? value["streams"])?.arrayValue?.compactMap {
            $0["id"]?.stringValue ?? $0["stream"]?.stringValue
        } ?? []
    }

    @Test func `reconfigure shows what becomes another before it changes the streams`() async throws {
        let estate = try await estate(Estate.secret)
        let typist = try Typist(estate.tool, ["reconfigure", "contoso/o365"])
        try await typist.converse([
            ("shall be collected?", "Audit.Exchange,Alerts.HandledPhishReports"),
            ("is made of the records of Audit.General", "Audit.Exchange,Audit.General"), ("Change this?", ""),
        ])
        try await typist.see("contoso/o365 is changed")
        #expect(await typist.end() == 0, "\(typist.transcript)")
        #expect(typist.transcript.contains("streams:"))
        #expect(Set(try await streams(estate)) == ["Audit.Exchange", "Audit.General"])
    }

    @Test func `a list whose columns do not fit the terminal names them row by row`() async throws {
        let estate = try await estate(Estate.secret)
        let plain = try await estate.tool.run("connection", "list").out
        #expect(plain.hasPrefix("CONNECTION  "))
        let typist = try Typist(estate.tool, ["connection", "list"])
        #expect(await typist.end() == 0)
        let lines = typist.screenLines.filter { !$0.isEmpty }
        #expect(lines.first == "contoso/o365")
        #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines)")
        #expect(
            lines.contains { $0.contains("connector office365-management, tenant \(Estate.tenant)") },
            "\(lines)"
        )
    }

    @Test func `repair looks again for as long as a person has to act`() async throws {
        let estate = try await estate(Estate.secret)
        await estate.simulator.register(
            Scenario.App(id: Estate.app, secret: Self.newer, roles: [Estate.tenant: ["ActivityFeed.Read"]])
        )
        let leaving = try Typist(estate.tool, ["repair", "contoso/o365"])
        try await leaving.converse([("What now?", "2")])
        #expect(await leaving.end() == 5, "\(leaving.transcript)")
        #expect(leaving.transcript.contains("Somebody still has to act"))

        let typist = try Typist(estate.tool, ["repair", "contoso/o365"])
        try await typist.see("Somebody has to act")
        try await typist.see("> ")
        await estate.simulator.register(
            Scenario.App(
                id: Estate.app,
                secret: Estate.secret,
                roles: [Estate.tenant: ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]]
            )
        )
        typist.answer("1")
        try await typist.see("The test passes")
        #expect(await typist.end() == 0, "\(typist.transcript)")
    }

    @Test(arguments: [true, false])
    func `remove says what stays, and takes it off only when it is told to`(_ agrees: Bool) async throws {
        let estate = try await estate(Estate.secret)
        let typist = try Typist(estate.tool, ["remove", "contoso/o365"])
        try await typist.converse([("be stopped?", "yes"), ("Take contoso/o365 off?", agrees ? "yes" : "")])
        try await typist.see(agrees ? "contoso/o365 is taken off" : "Nothing was changed")
        #expect(await typist.end() == 0, "\(typist.transcript)")
        #expect(typist.transcript.contains("stays at the source: the app \(Estate.app)"))
        let list = try Value(
            parsing: Array(try await estate.tool.run(["connection", "list", "--json"]).out.utf8)
        )
        #expect(list["connections"]?.arrayValue?.count == (agrees ? 0 : 1), "\(list)")
    }
}
