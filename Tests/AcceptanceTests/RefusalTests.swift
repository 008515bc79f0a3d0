// SPDX-License-Identifier: Apache-2.0
import CloudSimulator
import Glibc
import TestSupport
import Testing

/// What must not be worked with is refused with one clear sentence, and left as it is to the last byte.
@Suite(.timeLimit(.minutes(10)))
struct RefusalTests {
    /// A home with something wrong in it.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let line: [String]
        var exit: Int32 = 6
        let says: [String]
        /// What is done to the estate, which has collected once.
        let damage: @Sendable (Estate) throws -> Void
        var testDescription: String { name + ": " + line.joined(separator: " ") }

        init(
            _ name: String,
            _ line: [String],
            exit: Int32 = 6,
            says: [String],
            damage: @escaping @Sendable (Estate) throws -> Void
        ) {
            (self.name, self.line, self.exit, self.says, self.damage) = (name, line, exit, says, damage)
        }
    }

    private static let once = ["run", "--once"]
    /// Stands for the answers that name a connector of one's own.
    private static let own = ["connection", "add", "--answers", "OWN", "--secret-file", "SECRET"]
    private static let again = ["connection", "add", "--answers", "ANSWERS", "--secret-file", "SECRET"]

    private static func overwrite(_ path: String, at offset: Int, with bytes: [UInt8]) throws {
        let file = open(path, O_WRONLY)
        try #require(file >= 0)
        defer { close(file) }
        try #require(pwrite(file, bytes, bytes.count, off_t(offset)) == bytes.count)
    }

    private static func define(_ text: String) -> @Sendable (Estate) throws -> Void {
        { estate in estate.folder.write(text, to: "home/connectors/own/connector.json") }
    }

    static let cases: [Case] = [
        Case(
            "a definition that is no JSON",
            own,
            says: ["own/connector.json", "line 1"],
            damage: define("{")
        ),
        Case(
            "a definition of a future language",
            own,
            says: ["own/connector.json", "language version 99", "Update Headgate"],
            damage: define(#"{"headgate": 99, "id": "own"}"#)
        ),
        Case(
            "a definition with an unknown key",
            own,
            says: ["own/connector.json", "run headgate connector lint"],
            damage: define(#"{"headgate": 1, "id": "own", "colour": "blue"}"#)
        ),
        Case("a definition that is not there", own, exit: 2, says: ["\"own\"", "office365-management"]) { _ in
        },
        Case("shared definitions that are not there", again, says: ["HEADGATE_SHARE"]) { estate in
            estate.folder.write("", to: "share/nothing")
        },
        Case(
            "a shipped definition of a future language",
            again,
            says: ["office365-management/connector.json", "language version 2"]
        ) {
            estate in
            let clouds = try #require(TemporaryFolder.contents(of: Repository.connectors + "/clouds.json"))
            estate.folder.write(clouds, to: "share/connectors/clouds.json")
            estate.folder.write(
                #"{"headgate": 2, "id": "office365-management"}"#,
                to: "share/connectors/office365-management/connector.json"
            )
        },
        Case("no definitions at all", once, says: ["HEADGATE_SHARE"]) { estate in
            estate.folder.write("", to: "share/nothing")
        },
        Case("a ledger that is none", once, says: ["damaged", "backup"]) { estate in
            try overwrite(estate.home + "/ledger.sqlite", at: 0, with: Array(repeating: 0x41, count: 64))
        },
        Case("a ledger with a torn page", once, says: ["damaged", "backup"]) { estate in
            // Its first page holds the schema and stays whole.
            for page in 1..<8 {
                try overwrite(
                    estate.home + "/ledger.sqlite",
                    at: page * 4_096,
                    with: Array(repeating: 0xA5, count: 4_096)
                )
            }
        },
        Case("a ledger of a future schema", once, says: ["newer Headgate", "schema 65536"]) { estate in
            // PRAGMA user_version stands at byte 60 of the first page.
            try overwrite(estate.home + "/ledger.sqlite", at: 60, with: [0, 1, 0, 0])
        },
        Case("a ledger of a future schema", ["connection", "list"], says: ["newer Headgate"]) { estate in
            try overwrite(estate.home + "/ledger.sqlite", at: 60, with: [0, 1, 0, 0])
        },
        Case("a vault without its key", once, says: ["vault.key"]) { estate in
            unlink(estate.home + "/vault.key")
        },
        Case("a vault with another key", once, says: ["vault"]) { estate in
            estate.folder.write(Array(repeating: 0x30, count: 45), to: "home/vault.key")
        },
        Case("a journal shorter than the ledger counts on", once, says: ["journal", "Nothing was changed"]) {
            estate in
            truncate(estate.home + "/journal/0000000001.ndjson", 100)
        },
        Case("a journal that is gone", once, says: ["journal", "Nothing was changed"]) { estate in
            unlink(estate.home + "/journal/0000000001.ndjson")
        },
        Case("a home that others may read", ["status"], says: ["chmod"]) { estate in chmod(estate.home, 0o750)
        },
        Case("a vault that others may read", once, says: ["vault", "chmod"]) { estate in
            chmod(estate.home + "/vault", 0o640)
        },
        Case("a clouds.json that is wrong", again, says: ["clouds.json"]) { estate in
            estate.folder.write(#"{"lab": {"login": "http://example.com/login"}}"#, to: "home/clouds.json")
        },
        Case(
            "answers that are no JSON",
            ["connection", "add", "--answers", "BROKEN"],
            exit: 2,
            says: ["JSON"]
        ) {
            estate in estate.folder.write("{\"customer\": ", to: "broken.json")
        },
    ]

    @Test(arguments: cases)
    func `it is refused in one sentence, and nothing is changed`(_ row: Case) async throws {
        let estate = try await Estate { scenario in
            scenario.tenants[0].content[.exchange] = Scenario.ContentPlan(
                blobs: 3,
                eventsPerBlob: 3,
                newest: .zero
            )
        }
        try await estate.add()
        try await estate.collect()
        try row.damage(estate)
        var tool = estate.tool
        if estate.folder.files().contains(where: { $0.hasPrefix("share/") }) {
            tool.environment["HEADGATE_SHARE"] = estate.folder.file("share")
        }
        let words = [
            "ANSWERS": estate.answers, "SECRET": estate.secretFile,
            "BROKEN": estate.folder.file("broken.json"),
            "OWN": estate.folder.write(
                #"{"customer": "contoso", "connector": "own", "name": "own", "cloud": "lab"}"#,
                to: "own.json"
            ),
        ]
        // Who holds the lock is written down before anything is looked at.
        let before = Folder.print(of: estate.home, without: "host.lock")
        let outcome = try await tool.run(row.line.map { words[$0] ?? $0 })
        #expect(outcome.exit == row.exit, "\(outcome)")
        for words in row.says { #expect(outcome.err.contains(words), "\(outcome)") }
        #expect(outcome.out.isEmpty, "\(outcome)")
        // One thing is wrong, so one line says it; of a file that a person wrote every problem gets its own.
        let sentences = outcome.err.split(separator: "\n").filter { !$0.hasPrefix("warning: ") }
        #expect(sentences.count == (row.exit == 2 ? 3 : 1), "\(outcome)")
        #expect(sentences.first?.hasPrefix("headgate: ") == true, "\(outcome)")
        #expect(Folder.print(of: estate.home, without: "host.lock") == before)
    }

    @Test(arguments: [["run"], ["run", "--once"]])
    func `a second host is told who holds the home and since when`(_ line: [String]) async throws {
        let estate = try await Estate()
        try await estate.add()
        let host = try estate.tool.start(["run"])
        try await until { estate.folder.read("home/host.lock")?.last == 0x0A }
        let outcome = try await estate.tool.run(line)
        #expect(outcome.exit == 6, "\(outcome)")
        #expect(outcome.err.contains("(pid \(host.pid), since 2"), "\(outcome)")
        #expect(outcome.err.split(separator: "\n").count == 1, "\(outcome)")
        host.send(SIGTERM)
        #expect(await host.end(within: .seconds(10)).exit == 0)
    }
}
