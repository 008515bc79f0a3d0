// SPDX-License-Identifier: Apache-2.0

/// How text is laid out: the width, and whether colour may stand beside the words.
package struct Style: Sendable, Equatable {
    /// Columns to stay within.
    package var width: Int
    package var showsColor: Bool
    /// Whether every stream gets its line, also those that say no more than their connection.
    package var showsAll: Bool
    /// Whether a remedy is only named, on a page that has to fit a screen.
    package var isShort = false

    /// Text of this width, in colour where asked for.
    package init(width: Int = 80, showsColor: Bool = false, showsAll: Bool = false) {
        self.width = max(width, 40)
        self.showsColor = showsColor
        self.showsAll = showsAll
    }

    /// The ink of a state; the word says the same without it.
    enum Ink: String {
        case bad = "\u{1B}[1;31m"
        case middling = "\u{1B}[33m"
        case good = "\u{1B}[32m"
        case faint = "\u{1B}[2m"
    }

    func inked(_ text: String, _ ink: Ink) -> String { showsColor ? ink.rawValue + text + "\u{1B}[0m" : text }

    /// `text` broken between words so that no line is wider than the width; `indent` stands before each line.
    ///
    /// A command that it ends with stands whole on a line, so that it can be copied, where a line has room for it.
    package func wrapped(_ text: String, indent: String, hanging: String = "") -> [String] {
        let lines = broken(text, indent: indent, hanging: hanging)
        guard let colon = text.ranges(of: ": headgate ").last,
            case let command = text[text.index(colon.lowerBound, offsetBy: 2)...], !command.contains(". "),
            !lines.contains(where: { $0.contains(command) }),
            indent.count + hanging.count + command.count <= width
        else { return lines }
        return broken(String(text[...colon.lowerBound]), indent: indent, hanging: hanging)
            + [indent + hanging + command]
    }

    private func broken(_ text: String, indent: String, hanging: String) -> [String] {
        var lines: [String] = []
        var line = indent
        var isFresh = true
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !isFresh, line.count + 1 + word.count > width {
                lines.append(trimmed(line))
                line = indent + hanging
                isFresh = true
            }
            // Several blanks in a row part columns; at the start of a line they would only shift it.
            if isFresh, word.isEmpty { continue }
            line += (isFresh ? "" : " ") + word
            isFresh = false
        }
        return lines + [trimmed(line)]
    }

    private func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}
