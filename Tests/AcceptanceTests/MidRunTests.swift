// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Glibc
import JSON
import TestSupport
import Testing

/// What a person or the world takes away while collection is under way, or after it has once gone well.
@Suite(.timeLimit(.minutes(10)))
struct MidRunTests {
    private func estate(blobs: Int) async throws -> Estate {
        try await Estate { scenario in
            for type in ContentType.allCases {
                scenario.tenants[0].content[type] = Scenario.ContentPlan(
                    blobs: blobs,
                    eventsPerBlob: 10,
                    newest: .hours(1)
                )
            }
        }
    }

    private func connection(_ tool: Tool) async throws -> Value {
        let status = try Value(parsing: Array(try await tool.run("status", "--json").out.utf8))
        return try #require(status["customers"]?[0]?["connections"]?[0])
    }

    // MARK: the secret

    @Test func `a secret that expires in the middle of a run is named, and a new one loses nothing`()
        async throws
    {
        let estate = try await estate(blobs: 40)
        try await estate.add()
        // What comes after the first quarter takes its time, so that much is still to come however late this looks.
        let slow = await estate.simulator.inject(Fault(.delay(.seconds(3)), on: .init(.fetch), skip: 50))
        let run = try estate.tool.start(["run", "--once", "--wait", "PT1S"])
        while Folder.files(below: estate.home + "/journal").allSatisfy({ name in
            FileFacts("\(estate.home)/journal/\(name)")?.size == 0
        }) {
            try await Task.sleep(for: .milliseconds(20))
        }
        var app = Scenario.App(
            id: Estate.app,
            roles: [Estate.tenant: ["ActivityFeed.Read", "ActivityFeed.ReadDlp"]]
        )
        app.secrets = [Scenario.ClientSecret(value: Estate.secret, expires: .after(.minutes(-1)))]
        await estate.simulator.register(app)
        await estate.simulator.endTokens()
        await estate.simulator.heal(slow)
        let outcome = await run.end(within: .seconds(60))
        #expect(outcome.exit == 1, "\(outcome)")

        let broken = try await connection(estate.tool)
        #expect(broken["cause"]?["class"] == "auth", "\(broken)")
        #expect(broken["cause"]?["code"] == "AADSTS7000222")
        #expect(broken["cause"]?["remedy"]?["title"]?.stringValue?.isEmpty == false)
        #expect(broken["state"] != "active")

        let fresh = "Fresh8Q~Harbour.Window_Lantern-5d2c9a71e0"
        app.secrets = [Scenario.ClientSecret(value: fresh)]
        await estate.simulator.register(app)
        let file = estate.folder.write(fresh, to: "fresh")
        let again = try await estate.tool.run(
            ["connection", "add", "--answers", estate.answers, "--secret-file", file]
        )
        #expect(again.exit == 0, "\(again)")
        try await estate.collect()
        await estate.expectAllStored(await estate.expected())
        #expect(try await connection(estate.tool)["cause"] == .null)
    }

    // MARK: the definition

    @Test(arguments: ["{", #"{"headgate": 2}"#])
    func `a definition that breaks after a tenant was added blocks it in words, and mended it goes on`(
        _ broken: String
    ) async throws {
        let estate = try await estate(blobs: 4)
        var tool = estate.tool
        let share = estate.folder.file("share")
        for name in Folder.files(below: Repository.root + "/connectors") {
            let bytes = try #require(TemporaryFolder.contents(of: Repository.root + "/connectors/" + name))
            estate.folder.write(bytes, to: "share/connectors/" + name)
        }
        tool.environment["HEADGATE_SHARE"] = share
        let file = "share/connectors/office365-management/connector.json"
        let whole = try #require(estate.folder.read(file))
        let added = try await tool.run(
            ["connection", "add", "--answers", estate.answers, "--secret-file", estate.secretFile]
        )
        #expect(added.exit == 0, "\(added)")

        estate.folder.write(broken, to: file)
        let outcome = try await tool.run(["run", "--once"])
        #expect(outcome.exit == 1, "\(outcome)")
        let blocked = try await connection(tool)
        #expect(blocked["state"] == "blocked", "\(blocked)")
        #expect(blocked["cause"]?["class"] == "config")
        #expect(blocked["cause"]?["message"]?.stringValue?.contains("connector.json") == true, "\(blocked)")
        let shown = try await tool.run("status")
        #expect(shown.exit == 0 && shown.out.contains("BLOCKED"), "\(shown)")

        estate.folder.write(whole, to: file)
        let mended = try await tool.run(["run", "--once"])
        #expect(mended.exit == 0, "\(mended)")
        await estate.expectAllStored(await estate.expected())
        #expect(try await connection(tool)["cause"] == .null)
    }

    // MARK: the disk

    /// Everything runs in one namespace, since a mount in it is seen by nobody else.
    private static let script = """
        set -eu
        headgate=$1 home=$2 out=$3
        mount -t tmpfs -o size=6m,mode=700 none "$home"
        cp "$out/clouds.json" "$home/clouds.json"
        "$headgate" connection add --answers "$out/answers.json" --secret-file "$out/secret"
        "$headgate" run --once --wait PT1S > "$out/full.run" 2> "$out/full.log" || echo $? > "$out/full.exit"
        "$headgate" status --json > "$out/full.json"
        mount -o remount,size=64m "$home"
        "$headgate" run --once > "$out/room.run" 2> "$out/room.log"
        cp -r "$home/journal" "$home/archive" "$out/kept"
        """

    @Test(.enabled(if: MountNamespace.isToBeHad, "needs unshare -Urm"))
    func `a pass on a full disk ends and says so, and the next one with room loses nothing`() async throws {
        let estate = try await estate(blobs: 40)
        let folder = estate.folder
        let outcome = try await MountNamespace.run(Self.script, estate, within: .seconds(300))
        let log = String(decoding: folder.read("full.log") ?? [], as: UTF8.self)
        #expect(outcome.exit == 0, "\(outcome)\n\(log.suffix(2_000))")
        #expect(folder.read("full.exit") == Array("1\n".utf8), "\(log.suffix(2_000))")
        let full = try Value(parsing: try #require(folder.read("full.json")))
        #expect(full["host"]?["cause"]?["code"] == "disk-full", "\(full["host"] ?? .null)")

        let kept = folder.file("kept")
        let journal = Stored("journal", of: kept)
        #expect(journal.differences(from: await estate.expected()) == [])
        #expect(Stored("archive", of: kept).differences(fromJournal: journal) == [])
    }
}
