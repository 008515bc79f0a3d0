// SPDX-License-Identifier: Apache-2.0
import Glibc
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct UsageTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let line: [String]
        let says: String
        var testDescription: String { line.joined(separator: " ") }
    }

    @Test(arguments: [
        Case(line: [], says: "no command given"),
        Case(line: ["versoin"], says: "no command `versoin`; there is version"),
        Case(line: ["version", "--colour"], says: "unknown option --colour"),
        Case(line: ["version", "now"], says: "unexpected argument `now`"),
        Case(line: ["version", "--home"], says: "--home takes a value"),
        Case(line: ["version", "--home", "a", "--home", "b"], says: "--home is given more than once"),
        Case(line: ["version", "--quiet=yes"], says: "--quiet takes no value"),
        Case(line: ["--frobnicate", "version"], says: "unknown option --frobnicate"),
    ])
    func `a mistaken command line ends with 2 and says what is wrong`(_ row: Case) async throws {
        let outcome = try await Tool().run(row.line)
        #expect(outcome.exit == 2, "\(outcome)")
        #expect(outcome.err.contains(row.says), "\(outcome)")
        #expect(outcome.out.isEmpty)
    }

    @Test func `where a home was given the commands that are named take it too, and that is said`()
        async throws
    {
        let tool = Tool()
        let hint = "Every command named here takes --home"
        for line in [["status", "--home", tool.home], ["--home=\(tool.home)", "status"]] {
            let typist = try Typist(tool, line)
            try await typist.see("begin with: headgate onboard")
            try await typist.see(hint)
            #expect(await typist.end() == 0)
        }
        let plain = try Typist(tool, ["status"])
        try await plain.see("begin with: headgate onboard")
        #expect(await plain.end() == 0)
        #expect(!plain.transcript.contains(hint))
        let nothing = try Typist(tool, ["version", "--home", tool.home])
        #expect(await nothing.end() == 0)
        #expect(!nothing.transcript.contains(hint))
    }

    @Test func `a home in which nothing is set up is named, so that a slip in its path is seen`() async throws
    {
        let tool = Tool()
        let status = try await tool.run("status")
        #expect(status.exit == 0 && status.err.contains("Nothing is set up in \(tool.home)."), "\(status)")
        let pass = try await tool.run("run", "--once")
        #expect(pass.exit == 0 && pass.err.contains("Nothing is set up in \(tool.home):"), "\(pass)")
    }

    @Test(arguments: ["others", "others/file"])
    func `what is no home is refused, not shown as one whose state is unknown`(_ name: String) async throws {
        let tool = Tool()
        tool.folder.write("x", to: "others/file", mode: 0o644)
        chmod(tool.folder.file("others"), 0o755)
        let path = tool.folder.file(name)
        for command in ["status", "gaps", "issues"] {
            let outcome = try await tool.run(command, "--home", path)
            #expect(
                outcome.exit == 6 && outcome.err.contains("cannot be used as Headgate's home"),
                "\(outcome)"
            )
            #expect(outcome.out.isEmpty && !outcome.err.contains("chmod"), "\(outcome)")
        }
    }

    @Test func `every help fits the terminal, and loses no word of what a file gets`() async throws {
        let tool = Tool()
        let all = try await tool.run("--help").out
        let names = all.split(separator: "\n").compactMap { line -> [String]? in
            guard line.hasPrefix("  "), let end = line.dropFirst(2).firstRange(of: "  ") else { return nil }
            return line.dropFirst(2)[..<end.lowerBound].split(separator: " ").map(String.init)
        }
        #expect(names.count > 40)
        for name in [[]] + names {
            let plain = try await tool.run(name + ["--help"]).out
            let typist = try Typist(tool, name + ["--help"])
            #expect(await typist.end() == 0)
            let wide = typist.screenLines.filter { $0.count > 80 }
            #expect(wide == [], "\(name)")
            let words = { (text: String) in text.split { $0.isWhitespace } }
            #expect(words(typist.screenLines.joined(separator: "\n")) == words(plain), "\(name)")
        }
    }

    @Test func `help is data and names every command`() async throws {
        let outcome = try await Tool().run("--help")
        #expect(outcome.exit == 0)
        #expect(outcome.out.contains("version"))
        #expect(outcome.err.isEmpty)
    }

    @Test func `commands whose names begin alike explain themselves together`() async throws {
        let outcome = try await Tool().run("connection", "--help")
        #expect(outcome.exit == 0 && outcome.err.isEmpty, "\(outcome)")
        #expect(
            outcome.out.contains("headgate connection add")
                && outcome.out.contains("headgate connection show")
        )
        #expect(try await Tool().run("connection").exit == 2)
    }

    @Test func `a command explains itself`() async throws {
        let outcome = try await Tool().run("version", "--help")
        #expect(outcome.exit == 0)
        #expect(outcome.out.hasPrefix("usage: headgate version"))
    }
}
