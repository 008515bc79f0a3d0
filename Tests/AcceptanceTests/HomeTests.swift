// SPDX-License-Identifier: Apache-2.0
import Basics
import CloudSimulator
import Glibc
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct HomeTests {
    @Test(arguments: [
        ["customer", "list"], ["status"], ["run", "--once"],
        ["config", "set", "proxy", "http://127.0.0.1:1"],
    ])
    func `a home that others may read is refused`(_ line: [String]) async throws {
        let tool = Tool()
        mkdir(tool.home, 0o755)
        chmod(tool.home, 0o755)
        let outcome = try await tool.run(line)
        #expect(outcome.exit == 6, "\(outcome)")
        #expect(outcome.err.contains("chmod"))
        #expect(tool.folder.files(below: "home").isEmpty)
    }

    @Test func `a home that cannot be made is refused, which is no fault of Headgate's own`() async throws {
        let outcome = try await Tool().run("onboard", "--no-input", "--home", "/proc/nowhere")
        #expect(outcome.exit == 6 && outcome.err.contains("/proc/nowhere"), "\(outcome)")
    }

    @Test func `a ledger that others may read is refused`() async throws {
        let lab = try await Lab()
        #expect(try await lab.add("contoso").exit == 0)
        chmod(lab.tool.home + "/ledger.sqlite", 0o644)
        let outcome = try await lab.tool.run("run", "--once")
        #expect(outcome.exit == 6, "\(outcome)")
        #expect(outcome.err.contains("ledger.sqlite"))
    }

    @Test func `a home whose ledger is gone is refused, and goes on where it was once it is back`()
        async throws
    {
        let estate = try await Estate { scenario in
            scenario.tenants[0].content[.exchange] = Scenario.ContentPlan(
                blobs: 2,
                eventsPerBlob: 2,
                newest: .hours(1)
            )
        }
        try await estate.add()
        try await estate.collect()
        let home = estate.tool.home
        for name in ["ledger.sqlite-wal", "ledger.sqlite-shm"] { unlink(home + "/" + name) }
        rename(home + "/ledger.sqlite", estate.tool.folder.file("away"))
        let journal = TemporaryFolder.contents(of: home + "/journal/0000000001.ndjson")
        #expect((journal?.count ?? 0) > 0)
        for line in [["run", "--once"], ["connection", "list"], ["onboard", "--no-input"]] {
            let outcome = try await estate.tool.run(line)
            #expect(outcome.exit == 6 && outcome.err.contains("ledger.sqlite is gone"), "\(outcome)")
        }
        let status = try await estate.tool.run("status", "--exit-code")
        #expect(status.exit == 3 && status.out.contains("ledger"), "\(status)")
        let doctor = try await estate.tool.run("doctor")
        #expect(doctor.exit == 5 && doctor.out.contains("ledger"), "\(doctor)")
        #expect(TemporaryFolder.contents(of: home + "/journal/0000000001.ndjson") == journal)
        rename(estate.tool.folder.file("away"), home + "/ledger.sqlite")
        try await estate.collect()
    }

    @Test func `a damaged ledger is refused and left as it is`() async throws {
        let lab = try await Lab()
        #expect(try await lab.add("contoso").exit == 0)
        let garbage = [UInt8](repeating: 0x41, count: 8_192)
        for name in ["ledger.sqlite-wal", "ledger.sqlite-shm"] { unlink(lab.tool.home + "/" + name) }
        lab.tool.folder.write(garbage, to: "home/ledger.sqlite")
        for line in [["run", "--once"], ["connection", "list"], ["customer", "list"]] {
            let outcome = try await lab.tool.run(line)
            #expect(outcome.exit == 6, "\(outcome)")
            #expect(outcome.err.contains("ledger"), "\(outcome)")
        }
        let status = try await lab.tool.run("status", "--exit-code", "--json")
        #expect(status.exit == 3, "\(status)")
        #expect(try Value(parsing: Array(status.out.utf8))["host"]?["cause"]?["class"] == "host")
        #expect(lab.tool.folder.read("home/ledger.sqlite") == garbage)
    }

    @Test func `a vault without its key is refused and left as it is`() async throws {
        let lab = try await Lab()
        #expect(try await lab.add("contoso").exit == 0)
        let vault = lab.tool.folder.read("home/vault")
        unlink(lab.tool.home + "/vault.key")
        let outcome = try await lab.tool.run("run", "--once")
        #expect(outcome.exit == 6, "\(outcome)")
        #expect(outcome.err.contains("vault.key"), "\(outcome)")
        #expect(lab.tool.folder.read("home/vault") == vault)
        #expect(lab.tool.folder.read("home/vault.key") == nil)
    }

    @Test func `a configuration that does not read is refused with its line`() async throws {
        let tool = Tool()
        mkdir(tool.home, 0o700)
        tool.folder.write("{\n  \"proxi\": \"x\"\n}", to: "home/config.json")
        let outcome = try await tool.run("run", "--once")
        #expect(outcome.exit == 6, "\(outcome)")
        #expect(outcome.err.contains("line 2") && outcome.err.contains("proxi"), "\(outcome)")
    }

    @Test func `one host at a time runs in a home, and SIGTERM ends it cleanly`() async throws {
        let lab = try await Lab()
        let host = try lab.tool.start(["run"])
        try await until { lab.tool.folder.read("home/host.lock")?.isEmpty == false }
        let second = try await lab.tool.run("run", "--once")
        #expect(second.exit == 6, "\(second)")
        #expect(second.err.contains("pid \(host.pid)"), "\(second)")
        host.send(SIGTERM)
        let outcome = await host.end(within: .seconds(10))
        #expect(outcome.exit == 0, "\(outcome)")
        #expect(try await lab.tool.run("run", "--once").exit == 0)
    }
}

/// Waits until `condition` holds, looking every few milliseconds; the suite's time limit bounds it.
func until(_ condition: () async throws -> Bool) async throws {
    while try await !condition() { try await Task.sleep(for: .milliseconds(5)) }
}
