// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The one table that a run prints, all rows side by side.
struct Report {
    /// One thing that was measured.
    struct Row {
        var what: String
        var wall = ""
        var cpu = ""
        var peak = ""
        /// How it stands to the row that it is held against.
        var ratio = ""
        var wanted = ""
        var note = ""

        /// A row for something of which only the note says how it went.
        init(_ what: String, wanted: String = "", note: String) {
            self.what = what
            self.wanted = wanted
            self.note = note
        }

        /// A row for a measured command.
        init(_ what: String, _ sample: Sample, ratio: Double? = nil, wanted: String = "", note: String = "") {
            self.what = what
            wall = sample.wall.text(sample.wall < 10 ? 3 : 1) + " s"
            cpu = sample.cpu.text(2) + " s"
            peak = sample.peak.megabytes
            self.ratio = ratio.map { $0.text(2) + "x" } ?? ""
            self.wanted = wanted
            self.note = note
        }

        var cells: [String] { [what, wall, cpu, peak, ratio, wanted, note] }
    }

    private static let heads = ["what", "wall", "CPU", "peak RSS", "ratio", "wanted", "note"]

    private(set) var rows: [Row] = []

    mutating func add(_ rows: [Row]) { self.rows += rows }

    /// The table, which also reads as Markdown.
    var text: String {
        let all = [Self.heads] + rows.map(\.cells)
        let widths = Self.heads.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = cells.enumerated().map { column, cell in
                let room = String(repeating: " ", count: widths[column] - cell.count)
                return (1...4).contains(column) ? room + cell : cell + room
            }
            return "| " + padded.joined(separator: " | ") + " |"
        }
        let rule = widths.enumerated().map { column, width in
            String(repeating: "-", count: width + 1) + ((1...4).contains(column) ? ":" : "-")
        }
        return ([line(all[0]), "|" + rule.joined(separator: "|") + "|"] + all.dropFirst().map(line))
            .joined(separator: "\n")
    }

    /// What the numbers were taken on.
    static var machine: String {
        var name = utsname()
        uname(&name)
        let release = withUnsafePointer(to: &name.release) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 65) { String(cString: $0) }
        }
        let model = Files.text("/proc/cpuinfo").split(separator: "\n").first { $0.hasPrefix("model name") }
        let cpu = model?.split(separator: ":").last.map { $0.drop { $0 == " " } } ?? "unknown processor"
        return "\(sysconf(Int32(_SC_NPROCESSORS_ONLN))) x \(cpu), Linux \(release)"
    }
}
