// SPDX-License-Identifier: Apache-2.0

/// Rows of text in columns that are as wide as their widest cell.
struct Table {
    private var rows: [[String]]

    init(_ heads: String...) { rows = [heads.map { $0.uppercased() }] }

    var isEmpty: Bool { rows.count == 1 }

    mutating func add(_ cells: String...) { rows.append(cells) }

    var lines: [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { cells in
            var line = ""
            for (column, cell) in cells.enumerated() {
                line += cell
                if column < cells.count - 1 {
                    line += String(repeating: " ", count: widths[column] - cell.count + 2)
                }
            }
            return line
        }
    }
}

extension Output {
    func table(_ table: Table) {
        for row in table.lines { line(row) }
    }
}
