// SPDX-License-Identifier: Apache-2.0
import Glibc
import Terminal
import TestSupport
import Testing

@Suite struct ScreenTests {
    @Test func `a pipe has neither colour nor a line to write over`() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        let screen = Screen(descriptor: ends[1]) { ["TERM": "xterm", "COLUMNS": "120"][$0] }
        #expect(!screen.isTerminal && !screen.showsColor && !screen.rewritesLines)
        #expect(screen.width == 120)
    }

    @Test(
        arguments: [
            (["TERM": "xterm"], true, true), (["TERM": "dumb"], false, false),
            (["TERM": "xterm", "NO_COLOR": "1"], false, true),
            (["TERM": "xterm", "NO_COLOR": ""], true, true),
            ([:], false, false),
        ]
    )
    func `colour and movement are as the environment says`(
        environment: [String: String],
        color: Bool,
        rewrites: Bool
    ) throws {
        let terminal = try #require(PseudoTerminal())
        let screen = Screen(descriptor: terminal.slave) { environment[$0] }
        #expect(screen.isTerminal)
        #expect(screen.showsColor == color)
        #expect(screen.rewritesLines == rewrites)
        #expect(screen.width == 80)
    }

    @Test func `progress is one line, cut to the width, and leaves nothing behind`() throws {
        let terminal = try #require(PseudoTerminal())
        let screen = Screen(isTerminal: true, width: 10, showsColor: false, rewritesLines: true)
        let progress = ProgressLine(descriptor: terminal.slave, screen: screen)
        progress.show("fetching 12 of 400")
        progress.show("fetching 12 of 400")
        progress.clear()
        progress.clear()
        terminal.type("")
        _ = write(terminal.slave, "end", 3)
        #expect(terminal.see("end") == "\r\u{1B}[Kfetchi...\r\u{1B}[Kend")
    }

    @Test func `where lines cannot be written over nothing animates`() throws {
        let terminal = try #require(PseudoTerminal())
        let screen = Screen(isTerminal: false, showsColor: false, rewritesLines: false)
        let progress = ProgressLine(descriptor: terminal.slave, screen: screen)
        progress.show("fetching")
        progress.clear()
        _ = write(terminal.slave, "end", 3)
        #expect(terminal.see("end") == "end")
    }
}
