// SPDX-License-Identifier: Apache-2.0
import Basics
import Dispatch
import Foundation
import Glibc
import Terminal
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct PromptTests {
    /// Types `keys` once the question stands there, and returns the outcome with all that was shown.
    ///
    /// The typist has a thread of its own: reads that block must not hold up the tests beside it.
    private func ask(_ keys: String) throws -> (outcome: Result<String, TerminalFailure>, shown: String) {
        let terminal = try #require(PseudoTerminal())
        let shown = Locked("")
        let typed = DispatchSemaphore(value: 0)
        Thread.detachNewThread { @Sendable in
            let question = terminal.see("Secret: ")
            terminal.type(keys)
            let rest = terminal.see("\n")
            shown.withLock { $0 = question + rest }
            typed.signal()
        }
        let prompt = Prompt(input: terminal.slave, output: terminal.slave)
        let outcome: Result<String, TerminalFailure>
        do throws(TerminalFailure) {
            let secret = try prompt.secret("Secret: ")
            outcome = .success(secret.reveal { $0 })
        } catch {
            outcome = .failure(error)
        }
        #expect(terminal.echoes)
        typed.wait()
        return (outcome, shown.withLock { $0 })
    }

    @Test func `a secret is read and never shown`() throws {
        let (outcome, shown) = try ask("hunter2-long\r")
        #expect(outcome == .success("hunter2-long"))
        #expect(!shown.contains("hunter2"))
        #expect(!shown.contains("*"))
    }

    @Test func `a mistyped secret can be mended`() throws {
        #expect(try ask("wrong\u{15}grün\u{7F}\u{7F}ün\n").outcome == .success("grün"))
    }

    @Test func `ctrl-c ends the question and the terminal is as before`() throws {
        #expect(try ask("abc\u{3}").outcome == .failure(.interrupted))
    }

    @Test func `the end of the input is told apart from an answer`() throws {
        #expect(try ask("\u{4}").outcome == .failure(.ended))
    }

    @Test func `without a terminal nothing is asked`() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        let prompt = Prompt(input: ends[0], output: ends[1])
        #expect(throws: TerminalFailure.notATerminal) { try prompt.secret("Secret: ") }
        #expect(throws: TerminalFailure.notATerminal) { try prompt.line("Name: ") }
    }

    @Test func `a line is read as typed`() throws {
        let terminal = try #require(PseudoTerminal())
        terminal.type("contoso\n")
        #expect(try Prompt(input: terminal.slave, output: terminal.slave).line("Customer: ") == "contoso")
    }
}
