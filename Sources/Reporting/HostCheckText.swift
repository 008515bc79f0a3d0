// SPDX-License-Identifier: Apache-2.0
package import Probing

/// What was found of one part, for a person: its mark, its name, what was found, and below what to do.
package struct HostCheckText: Sendable {
    private let title: String
    private let mark: CheckResult.Mark
    private let message: String
    private let remedy: String?
    private let style: Style
    private static let indent = String(repeating: " ", count: 13)

    /// Lays one part out in `style`.
    package init(
        _ title: String,
        _ mark: CheckResult.Mark,
        _ message: String,
        remedy: String?,
        style: Style = Style()
    ) {
        self.title = title
        self.mark = mark
        self.message = message
        self.remedy = remedy
        self.style = style
    }

    /// The lines, without their ends.
    package var lines: [String] {
        var lines = style.wrapped("\(title): \(message)", indent: Self.indent, hanging: "  ")
        lines[0] =
            "  " + style.badge(mark, width: Self.indent.count - 2) + lines[0].dropFirst(Self.indent.count)
        if let remedy {
            lines += style.wrapped("fix: \(remedy)", indent: Self.indent + "  ", hanging: "     ")
        }
        return lines
    }
}

extension Style {
    /// A mark as a word of at least `width` columns; the word says the same without the colour.
    func badge(_ mark: CheckResult.Mark, width: Int) -> String {
        let text = mark == .fail ? "FAIL" : mark.rawValue
        let padded = text + String(repeating: " ", count: max(1, width - text.count))
        switch mark {
        case .fail: return inked(padded, .bad)
        case .warn, .wait, .unknown: return inked(padded, .middling)
        case .pass, .passEmpty: return inked(padded, .good)
        case .skip: return inked(padded, .faint)
        }
    }
}
