// SPDX-License-Identifier: Apache-2.0
import Reporting

/// A help text laid out for a terminal: what is wider than it is broken anew, what fits stays as it was written.
struct HelpLayout {
    private let text: String
    private let width: Int

    init(_ text: String, width: Int) {
        self.text = text
        self.width = width
    }

    /// The lines, without their ends.
    var lines: [String] { blocks.flatMap(laidOut) }

    /// Lines that belong together: a paragraph, or an option with what is said of it.
    private struct Block {
        var lines: [Substring]
        /// How far they stand in.
        let indent: Int
        /// What stands in the left column and where the right one begins; `nil` for a paragraph.
        let entry: (head: Substring, column: Int)?
    }

    private var blocks: [Block] {
        var blocks: [Block] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let indent = line.prefix { $0 == " " }.count
            if let last = blocks.last, !line.isEmpty, belongs(indent, to: last, line) {
                blocks[blocks.count - 1].lines.append(line)
            } else {
                blocks.append(Block(lines: [line], indent: indent, entry: Self.entry(line, indent)))
            }
        }
        return blocks
    }

    private func belongs(_ indent: Int, to block: Block, _ line: Substring) -> Bool {
        guard block.lines.last?.isEmpty == false else { return false }
        if let entry = block.entry { return indent == entry.column }
        return indent == block.indent && Self.entry(line, indent) == nil
    }

    /// The head of a line in two columns, and where its words begin.
    private static func entry(_ line: Substring, _ indent: Int) -> (head: Substring, column: Int)? {
        let rest = line.dropFirst(indent)
        guard indent >= 2, let gap = rest.firstRange(of: "  ") else { return nil }
        let words = rest[gap.lowerBound...].drop { $0 == " " }
        guard !words.isEmpty else { return nil }
        return (rest[..<gap.lowerBound], line.distance(from: line.startIndex, to: words.startIndex))
    }

    private func laidOut(_ block: Block) -> [String] {
        guard block.lines.contains(where: { $0.count > width }) else { return block.lines.map(String.init) }
        let style = Style(width: width)
        let margin = String(repeating: " ", count: block.indent)
        guard let entry = block.entry else {
            let words = block.lines.map { $0.dropFirst(block.indent) }.joined(separator: " ")
            let hanging = words.hasPrefix("usage: ") ? "       " : ""
            return style.wrapped(words, indent: margin, hanging: hanging)
        }
        // A left column that leaves too little room stands by itself.
        let column = min(entry.column, width / 2)
        let words = block.lines.map { String($0.dropFirst(min(entry.column, $0.count))) }.joined(
            separator: " "
        )
        let said = style.wrapped(words, indent: String(repeating: " ", count: column))
        let head = margin + entry.head
        guard let first = said.first, head.count < column else { return [head] + said }
        let gap = String(repeating: " ", count: column - head.count)
        return [head + gap + first.drop { $0 == " " }] + said.dropFirst()
    }
}
