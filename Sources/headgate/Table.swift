// SPDX-License-Identifier: Apache-2.0
import Glibc
import Reporting
import Terminal

/// Rows of text in columns that are as wide as their widest cell; the last one can be broken between words, and where
/// the columns are wider than the screen each row becomes a few lines that name them.
struct Table {
    private var rows: [[String]]

    init(_ heads: String...) { self.init(heads, []) }

    init(_ heads: [String], _ rows: [[String]]) { self.rows = [heads.map { $0.uppercased() }] + rows }

    var isEmpty: Bool { rows.count == 1 }

    mutating func add(_ cells: String...) { rows.append(cells) }

    /// The lines behind `indent`; no wider than `width` characters where that is given and the columns leave room.
    func lines(indent: String = "", width: Int? = nil) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<max(count - 1, 0)).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        let before = widths.reduce(indent.count) { $0 + $1 + 2 }
        if let width, before > width { return rows.dropFirst().flatMap { named($0, indent, width) } }
        return rows.flatMap { cells -> [String] in
            var head = indent
            for (column, width) in widths.enumerated() {
                let cell = column < cells.count ? cells[column] : ""
                head += cell + String(repeating: " ", count: width - cell.count + 2)
            }
            let last = cells.count == count ? cells[count - 1] : ""
            guard let width, before + last.count > width else { return [(head + last).withoutTrailingSpaces] }
            // Where the columns leave no room the last one stands on lines of its own.
            let hasRoom = before <= width - 20
            let deep = String(repeating: " ", count: hasRoom ? before : indent.count + 4)
            var wrapped = Style(width: width).wrapped(last, indent: deep)
            if hasRoom {
                wrapped[0] = head + wrapped[0].dropFirst(before)
            } else {
                wrapped.insert(head, at: 0)
            }
            return wrapped.map(\.withoutTrailingSpaces)
        }
    }
}

extension Table {
    /// One row with the name of each column before its cell.
    private func named(_ cells: [String], _ indent: String, _ width: Int) -> [String] {
        let facts = zip(rows[0], cells).dropFirst().filter { !$0.1.isEmpty }.map { head, cell in
            "\(head.lowercased()) \(cell)"
        }
        return [indent + (cells.first ?? "")]
            + Style(width: width).wrapped(facts.joined(separator: ", "), indent: indent + "    ")
    }
}

extension String {
    fileprivate var withoutTrailingSpaces: String {
        var line = Substring(self)
        while line.last == " " { line.removeLast() }
        return String(line)
    }
}

extension Output {
    /// The table, within the screen where there is one; whole lines where a program reads them.
    func table(_ table: Table) {
        let width = isTerminal ? Screen(descriptor: STDOUT_FILENO).width : nil
        for row in table.lines(width: width) { line(row) }
    }
}
