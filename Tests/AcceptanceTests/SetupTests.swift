// SPDX-License-Identifier: Apache-2.0
import CloudSimulator
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct SetupTests {
    @Test func `an empty home lists nothing and says how to begin`() async throws {
        let tool = Tool()
        for line in [["customer", "list"], ["connection", "list"], ["gaps"], ["status"]] {
            let outcome = try await tool.run(line)
            #expect(outcome.exit == 0, "\(outcome)")
        }
        #expect(try await tool.run("connection", "list").err.contains("headgate onboard"))
        #expect(try await tool.run("pause", "contoso", "--reason", "x").exit == 2)
        #expect(tool.folder.files(below: "home").isEmpty)
    }

    @Test func `streams are paused, excluded and let go on`() async throws {
        let lab = try await Lab()
        #expect(try await lab.add("contoso").exit == 0)
        #expect(try await lab.tool.run("pause", "contoso").exit == 2)
        #expect(try await lab.tool.run("pause", "contoso", "--reason", "x", "--until", "yesterday").exit == 2)
        #expect(try await lab.tool.run("pause", "contoso/nothing", "--reason", "x").exit == 2)
        let paused = try await lab.tool.run(
            "pause",
            "contoso/o365/DLP.All",
            "--reason",
            "holiday",
            "--until",
            "P1D"
        )
        #expect(paused.exit == 0, "\(paused)")
        #expect(
            try await lab.tool.run("exclude", "contoso/o365/Audit.General", "--reason", "not agreed").exit
                == 0
        )
        // A pause of everything, and its end, leave what was agreed as it is.
        let all = try await lab.tool.run("pause", "contoso", "--reason", "moving")
        #expect(all.exit == 0 && all.err.contains("Excluded already"), "\(all)")
        let over = try await lab.tool.run("resume", "contoso")
        #expect(over.err.contains("DLP.All") && over.err.contains("Still excluded"), "\(over)")
        #expect(
            try await lab.tool.run("pause", "contoso/o365/DLP.All", "--reason", "holiday").exit == 0
        )
        let held = try await lab.json("connection", "show", "contoso/o365", "--json")
        let holds = held["connection"]?["streams"]?.arrayValue?.compactMap {
            $0["hold"]?["kind"]?.stringValue
        }
        #expect(Set(holds ?? []) == ["paused", "excluded"])
        let resumed = try await lab.tool.run("resume", "contoso", "--excluded")
        #expect(resumed.err.contains("DLP.All") && resumed.err.contains("Audit.General"), "\(resumed)")
        let free = try await lab.json("connection", "show", "contoso/o365", "--json")
        #expect(free["connection"]?["streams"]?.arrayValue?.allSatisfy { $0["hold"]?.isNull == true } == true)
    }

    @Test func `settings are set, shown and taken away`() async throws {
        let tool = Tool()
        #expect(try await tool.run("config", "set", "journal.retention", "P5D").exit == 0)
        #expect(try await tool.run("config", "set", "journal.retention", "long").exit == 2)
        #expect(try await tool.run("config", "set", "colour", "blue").exit == 2)
        #expect(try await tool.run("config", "show", "--json").out.contains("P5D"))
        #expect(try await tool.run("config", "set", "journal.retention", "--unset").exit == 0)
        #expect(try await !tool.run("config", "show", "--json").out.contains("P5D"))
    }

    @Test func `the export holds the set-up and no secret`() async throws {
        let lab = try await Lab()
        #expect(try await lab.add("contoso").exit == 0)
        let outcome = try await lab.tool.run("export")
        #expect(outcome.exit == 0)
        #expect(outcome.out.contains(lab.scenario.customers[0].tenant))
        #expect(!outcome.out.contains(lab.secret("contoso")))
        #expect(try await lab.tool.run("export").out == outcome.out)
    }

    @Test func `a connection is removed with its secret, and can be added again`() async throws {
        let lab = try await Lab()
        #expect(try await lab.add("contoso").exit == 0)
        let removed = try await lab.tool.run("connection", "remove", "contoso/o365")
        #expect(removed.exit == 0, "\(removed)")
        #expect(removed.err.contains("forgotten"))
        #expect(try await lab.json("connection", "list", "--json")["connections"] == [])
        #expect(try await lab.tool.run("connection", "remove", "contoso/o365").exit == 2)
        #expect(try await lab.add("contoso").exit == 0)
    }
}
