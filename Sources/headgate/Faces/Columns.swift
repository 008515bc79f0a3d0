// SPDX-License-Identifier: Apache-2.0
import Reporting

/// A table whose last column is broken between words, so that no line is wider than the screen.
struct Columns {
    private let rows: [[String]]
    private let style: Style

    init(_ head: [String], _ rows: [[String]], _ style: Style) {
        self.rows = [head.map { $0.uppercased() }] + rows
        self.style = style
    }

    var lines: [String] {
        let count = rows.map(\.count).max() ?? 0
        guard count > 0 else { return [] }
        let widths = (0..<count - 1).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        let before = widths.reduce(2) { $0 + $1 + 2 }
        return rows.flatMap { cells -> [String] in
            var head = "  "
            for (column, width) in widths.enumerated() {
                let cell = column < cells.count ? cells[column] : ""
                head += cell + String(repeating: " ", count: width - cell.count + 2)
            }
            let last = cells.count == count ? cells[count - 1] : ""
            let indent = String(repeating: " ", count: before)
            var wrapped = style.wrapped(last, indent: before < style.width - 20 ? indent : "      ")
            wrapped[0] = before < style.width - 20 ? head + wrapped[0].dropFirst(before) : head
            return wrapped.map { line in
                var line = line
                while line.last == " " { line.removeLast() }
                return line
            }
        }
    }
}
