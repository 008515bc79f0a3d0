// SPDX-License-Identifier: Apache-2.0
package import Basics
import Glibc

/// Asks a person one question at a time, in line mode, so that it also works on a dumb terminal.
package struct Prompt: Sendable {
    private static let longest = 64 << 10

    /// Ctrl-C.
    private static let interrupt: UInt8 = 0x03

    private let input: Int32
    private let output: Int32

    /// Asks on `output` and reads from `input`; questions are talk and go to standard error.
    package init(input: Int32 = STDIN_FILENO, output: Int32 = STDERR_FILENO) {
        self.input = input
        self.output = output
    }

    /// Whether there is a terminal on which somebody could answer.
    package var canAsk: Bool { isatty(input) == 1 }

    /// Forgets what was typed so far and not read yet.
    package func discardTyped() { tcflush(input, TCIFLUSH) }

    /// A line that was typed already, without its end; `nil` where there is none, and never a wait for one.
    package func typedLine() -> String? {
        guard isatty(input) == 1 else { return nil }
        var ready = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, 0) == 1, ready.revents & Int16(POLLIN) != 0 else { return nil }
        var typed = [UInt8](repeating: 0, count: Self.longest)
        // In line mode the terminal hands over one whole line at most.
        let count = read(input, &typed, typed.count)
        guard count > 0 else { return nil }
        return text(Array(typed.prefix(count).prefix { $0 != 0x0A }))
    }

    /// Asks `question` and returns the line typed, without its end.
    ///
    /// The terminal's own editing of the line stays; only Ctrl-C ends the question here instead of the process, so that
    /// whoever asks can say how to go on.
    package func line(_ question: String) throws(TerminalFailure) -> String {
        guard isatty(input) == 1 else { throw .notATerminal }
        var before = termios()
        let isKnown = tcgetattr(input, &before) == 0
        if isKnown {
            var caught = before
            caught.c_lflag &= ~tcflag_t(ISIG)
            withUnsafeMutableBytes(of: &caught.c_cc) { $0[Int(VEOL)] = Self.interrupt }
            tcsetattr(input, TCSADRAIN, &caught)
        }
        defer { if isKnown { tcsetattr(input, TCSADRAIN, &before) } }
        show(question)
        var typed: [UInt8] = []
        while true {
            switch try byte() {
            case Self.interrupt?:
                show("\n")
                throw .interrupted
            case nil where typed.isEmpty:
                show("\n")
                throw .ended
            case nil, 0x0A: return text(typed)
            case let byte?:
                guard typed.count < Self.longest else { throw .tooLong }
                typed.append(byte)
            }
        }
    }

    /// Asks `question` and returns what is typed without showing it.
    ///
    /// The terminal is put into raw mode for the time of the question: neither the line nor its length appears, and
    /// Ctrl-C ends it here, so that the terminal never stays mute.
    package func secret(_ question: String) throws(TerminalFailure) -> Secret {
        guard isatty(input) == 1 else { throw .notATerminal }
        var before = termios()
        guard tcgetattr(input, &before) == 0 else { throw .cannotHide }
        var hidden = before
        hidden.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG | IEXTEN)
        guard tcsetattr(input, TCSADRAIN, &hidden) == 0 else { throw .cannotHide }
        defer {
            tcsetattr(input, TCSADRAIN, &before)
            show("\n")
        }
        show(question)
        return try hiddenLine()
    }

    private func hiddenLine() throws(TerminalFailure) -> Secret {
        var typed: [UInt8] = []
        while true {
            switch try byte() {
            case nil, 0x04:
                guard typed.isEmpty else { return Secret(text(typed)) }
                throw .ended
            case Self.interrupt: throw .interrupted
            case 0x0A, 0x0D: return Secret(text(typed))
            case 0x15: typed.removeAll()
            case 0x08, 0x7F:
                // One character, not one byte of it.
                while let last = typed.popLast(), last & 0xC0 == 0x80 {}
            case let byte?:
                guard typed.count < Self.longest else { throw .tooLong }
                typed.append(byte)
            }
        }
    }

    /// The next byte, or `nil` at the end of the input.
    private func byte() throws(TerminalFailure) -> UInt8? {
        var byte: UInt8 = 0
        while true {
            let count = read(input, &byte, 1)
            if count == 1 { return byte }
            if count == 0 { return nil }
            if errno != EINTR { throw .ended }
        }
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private func show(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
    }
}
