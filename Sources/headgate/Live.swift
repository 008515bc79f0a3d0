// SPDX-License-Identifier: Apache-2.0
import Basics
import Glibc
import Reporting
import Terminal

/// A page that is shown anew in the same place, where the terminal can; elsewhere only its changes are printed.
struct Live: Sendable {
    private let output: Output
    private let screen = Screen(descriptor: STDOUT_FILENO)
    private let last = Locked([String]())

    init(_ output: Output) { self.output = output }

    func style(all: Bool = false) -> Style {
        Style(width: screen.width, showsColor: screen.showsColor, showsAll: all)
    }

    func show(_ lines: [String]) {
        guard screen.rewritesLines else {
            let isNew = last.withLock { last in
                defer { last = lines }
                return last != lines
            }
            if isNew { for line in lines + [""] { output.line(line) } }
            return
        }
        // Home, each line cleared to its end, then everything below: without a blank in between nothing flickers.
        let page = lines.map { $0 + "\u{1B}[K\n" }.joined()
        output.bytes(Array(("\u{1B}[H" + page + "\u{1B}[J").utf8))
    }

    /// Clears the page once, so that what is shown begins at its top.
    func clear() {
        if screen.rewritesLines { output.bytes(Array("\u{1B}[2J".utf8)) }
    }
}
