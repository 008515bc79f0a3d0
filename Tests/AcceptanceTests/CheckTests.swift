// SPDX-License-Identifier: Apache-2.0
import CloudSimulator
import JSON
import TestSupport
import Testing

/// What monitoring systems are told.
@Suite(.timeLimit(.minutes(10)))
struct CheckTests {
    @Test(arguments: [
        ["check"], ["check", "nobody"], ["check", "a/b/c/d"], ["check", "-w", "sleepy"],
        ["check", "--no-such-option"],
        ["check", "one", "two"], ["check", "--critical"],
    ]) func `whatever keeps it from looking is unknown, never critical`(line: [String]) async throws {
        let outcome = try await Tool().run(line)
        #expect(outcome.exit == 3, "\(outcome)")
        #expect(outcome.out.isEmpty != outcome.out.hasPrefix("UNKNOWN - "), "\(outcome)")
    }

    @Test func `a home that cannot be read is unknown`() async throws {
        let tool = Tool()
        tool.folder.write("not a database", to: "home/ledger.sqlite")
        let outcome = try await tool.run("check")
        #expect(outcome.exit == 3 && outcome.out.hasPrefix("UNKNOWN - "), "\(outcome)")
    }

    @Test
    func `a connection is fine while a host collects, blocked when it lacks a permission, unknown alone`()
        async throws
    {
        let lab = try await Lab()
        #expect(try await lab.add("contoso").exit == 0)
        let alone = try await lab.tool.run("check", "contoso")
        #expect(alone.exit == 0 && alone.out.hasPrefix("OK - contoso/o365 pending"), "\(alone)")
        #expect(try await lab.tool.run("run", "--once").exit == 0)
        let well = try await lab.tool.run("check")
        #expect(well.exit == 0 && well.out.contains(" | ") && well.out.contains("gaps=0;;;0"), "\(well)")
        let stream = try await lab.tool.run("check", "contoso/o365/Audit.Exchange", "-c", "active,pending")
        #expect(
            stream.exit == 2 && stream.out.hasPrefix("CRITICAL - contoso/o365/Audit.Exchange"),
            "\(stream)"
        )
        let metrics = try await lab.tool.run("metrics", "contoso").out
        #expect(metrics.hasSuffix("# EOF\n"))
        #expect(
            metrics.contains(
                #"headgate_gaps_open{customer="contoso",connection="o365",stream="Audit.Exchange"} 0"#
            )
        )
        #expect(try await lab.tool.run("metrics", "nobody").exit == 2)
    }
}
