// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import JSON
import TestSupport
import Testing

/// What one connection leaves out and blackens, from the answers to the archive.
@Suite(.timeLimit(.minutes(10)))
struct SelectTests {
    private static let lines = [
        #"{"Id":"1","Operation":"A","RecordType":1,"CreationTime":"2026-01-01T00:00:00","ClientIP":"10.1.2.3"}"#,
        #"{"Id":"2","Operation":"B","RecordType":1,"CreationTime":"2026-01-01T00:00:01","ClientIP":"10.1.2.4"}"#,
        #"{"Id":"3","Operation":"C","RecordType":1,"CreationTime":"2026-01-01T00:00:02"}"#,
    ]

    private func estate() async throws -> Estate {
        try await Estate { scenario in
            scenario.tenants[0].content[.exchange] = Scenario.ContentPlan()
            scenario.tenants[0].content[.exchange]?.placed = [
                .init(created: .after(.hours(-1)), .lines(Self.lines.map { Array($0.utf8) }))
            ]
        }
    }

    private func answers(
        _ estate: Estate,
        _ select: Value?,
        streams: [Value] = ["Audit.Exchange"]
    ) throws -> String {
        let text = TemporaryFolder.contents(of: estate.answers) ?? []
        var object = try Value(parsing: text).objectValue ?? [:]
        object["streams"] = .array(streams)
        object["select"] = select ?? .null
        return estate.folder.write(Value.object(object).text(), to: "select.json")
    }

    private func events(_ estate: Estate) -> [String] {
        Folder.files(below: estate.home + "/archive").flatMap { name in
            String(
                decoding: TemporaryFolder.contents(of: estate.home + "/archive/" + name) ?? [],
                as: UTF8.self
            )
            .split(separator: "\n").map(String.init)
        }
    }

    @Test func `is off unless chosen, works before the journal, and is counted and shown`() async throws {
        let estate = try await estate()
        let file = try answers(
            estate,
            ["Audit.Exchange": ["drop": "Operation == 'B'", "redact": ["ClientIP"]]]
        )
        let added = try await estate.tool.run(
            "connection",
            "add",
            "--answers",
            file,
            "--secret-file",
            estate.secretFile
        )
        #expect(
            added.exit == 0 && added.out.contains("without Operation == 'B'; blackens ClientIP"),
            "\(added)"
        )
        let pass = try await estate.tool.run("run", "--once")
        #expect(pass.exit == 0, "\(pass)")
        let stored = events(estate)
        #expect(stored.count == 2, "\(stored)")
        let black =
            #"{"Id":"1","Operation":"A","RecordType":1,"CreationTime":"2026-01-01T00:00:00","ClientIP":"[redacted]"}}"#
        #expect(stored.first?.hasSuffix(#","redacted":true,"event":"# + black) == true, "\(stored)")
        #expect(stored.last?.hasSuffix(#","event":"# + Self.lines[2] + "}") == true, "\(stored)")
        #expect(Folder.files(below: estate.home, holding: "10.1.2.").isEmpty)
        let status = try Value(parsing: Array(try await estate.tool.run("status", "--json").out.utf8))
        let selected = status["customers"]?[0]?["connections"]?[0]?["streams"]?[0]?["selected"]
        #expect(selected?["dropped24h"] == 1 && selected?["redacted24h"] == 1, "\(status.text())")
        let words = try await estate.tool.run("status")
        let told = words.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(told.contains("by choice 1 left out and 1 blackened"), "\(words)")
        let gaps = try Value(parsing: Array(try await estate.tool.run("gaps", "--json").out.utf8))
        #expect(gaps["gaps"] == [] && gaps["selected"]?[0]?["dropped"] == 1, "\(gaps.text())")
        #expect(gaps["selected"]?[0]?["redacted"] == 1, "\(gaps.text())")
        let shown = try await estate.tool.run("connection", "show", "contoso/o365", "--json")
        let choice = try Value(parsing: Array(shown.out.utf8))["connection"]?["streams"]?[0]?["select"]
        #expect(choice == ["drop": "Operation == 'B'", "redact": ["ClientIP"]], "\(shown)")
        let export = try await estate.tool.run("export")
        #expect(export.out.contains("Operation == 'B'"), "\(export)")
        // Without it in the answers it is off again.
        let plain = try answers(estate, nil)
        #expect(try await estate.tool.run("connection", "add", "--answers", plain).exit == 0)
        let off = try await estate.tool.run("connection", "show", "contoso/o365")
        #expect(!off.out.contains("blackens"), "\(off)")
    }

    @Test(arguments: [
        (#"{"Audit.General": {"drop": "a == 1"}}"#, "/select/Audit.General"),
        (#"{"Audit.Exchange": {"drop": "a =="}}"#, "/select/Audit.Exchange/drop"),
        (#"{"Audit.Exchange": {"redact": ["CreationTime"]}}"#, "/select/Audit.Exchange/redact"),
        (#"{"Audit.Exchange": {"hide": 1}}"#, "/select/Audit.Exchange/hide"), ("[]", "/select"),
    ])
    func `what cannot be done is refused before anything is changed`(_ select: String, _ place: String)
        async throws
    {
        let estate = try await estate()
        let file = try answers(estate, try Value(parsing: Array(select.utf8)))
        let added = try await estate.tool.run(
            "connection",
            "add",
            "--answers",
            file,
            "--secret-file",
            estate.secretFile
        )
        #expect(added.exit == 2 && added.err.contains(place + ":"), "\(added)")
        #expect(!added.err.contains("Optional("))
        #expect(Folder.files(below: estate.home).allSatisfy { $0 == "clouds.json" })
    }

    @Test func `a derived stream takes no selection: its records are selected where they come from`()
        async throws
    {
        let estate = try await estate()
        let derived = "Alerts.HandledPhishReports"
        let file = try answers(
            estate,
            [derived: ["drop": "alert.Severity == 'Low'"]],
            streams: ["Audit.General", .string(derived)]
        )
        let added = try await estate.tool.run(
            ["connection", "add", "--answers", file, "--secret-file", estate.secretFile]
        )
        #expect(added.exit == 2, "\(added)")
        #expect(
            added.err.contains("/select/\(derived): ") && added.err.contains("records of Audit.General"),
            "\(added)"
        )
    }
}
