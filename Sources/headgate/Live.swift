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

    /// The style of a page that has to fit the screen: remedies are only named.
    func shortStyle(all: Bool = false) -> Style {
        var style = style(all: all)
        style.isShort = screen.rewritesLines
        return style
    }

    /// The lines that a terminal shows at once; a page beyond that would only scroll away its own head.
    private var rows: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 3 else { return 24 }
        return Int(size.ws_row)
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
        var lines = lines
        if lines.count >= rows {
            let hidden = lines.count - rows + 2
            lines = lines.prefix(rows - 2) + ["... \(hidden) more lines: headgate status shows all of them"]
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
