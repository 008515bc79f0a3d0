// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What can be shown on one of the process's outputs.
package struct Screen: Sendable, Equatable {
    /// The width that text is laid out for where nothing says otherwise.
    package static let usualWidth = 80

    /// Whether a person may be looking at it.
    package let isTerminal: Bool
    /// Columns to lay text out for.
    package let width: Int
    /// Whether colour may be used beside the words.
    package let showsColor: Bool
    /// Whether a line may be written over.
    package let rewritesLines: Bool

    /// A screen of known abilities.
    package init(isTerminal: Bool, width: Int = usualWidth, showsColor: Bool, rewritesLines: Bool) {
        self.isTerminal = isTerminal
        self.width = width
        self.showsColor = showsColor
        self.rewritesLines = rewritesLines
    }

    /// The screen behind a file descriptor, as the environment (TERM, NO_COLOR, COLUMNS) lets it be used.
    ///
    /// Colour obeys <https://no-color.org>: any non-empty NO_COLOR turns it off, and so does a dumb terminal.
    package init(
        descriptor: Int32,
        environment: (String) -> String? = { getenv($0).map { String(cString: $0) } }
    ) {
        let terminal = isatty(descriptor) == 1
        let name = environment("TERM") ?? ""
        let capable = terminal && !name.isEmpty && name != "dumb"
        var size = winsize()
        var columns = environment("COLUMNS").flatMap { Int($0) } ?? 0
        if columns <= 0, terminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 {
            columns = Int(size.ws_col)
        }
        self.init(
            isTerminal: terminal,
            width: columns > 0 ? min(max(columns, 40), 200) : Self.usualWidth,
            showsColor: capable && (environment("NO_COLOR") ?? "").isEmpty,
            rewritesLines: capable
        )
    }
}
