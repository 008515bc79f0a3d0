// SPDX-License-Identifier: Apache-2.0
import Store

/// A table of customers as comma-separated values (RFC 4180): a head line with names, then a row for each customer.
struct BatchSheet: Sendable {
    typealias Row = [String: String]

    /// A table that cannot be taken.
    struct Problem: Error, CustomStringConvertible { let description: String }

    /// Every column there may be; the first must be there.
    static let columns = [
        "customer", "name", "cloud", "tenantId", "tenantDomain", "clientKey", "credential", "connectors",
        "streams", "start", "expires",
    ]
    /// The most rows that one table may have.
    static let most = 10_000

    private let head: [String]
    /// The rows, without what is empty in them.
    let rows: [Row]

    init(_ bytes: [UInt8]) throws(Problem) {
        var text = String(decoding: bytes, as: UTF8.self)
        if text.hasPrefix("\u{FEFF}") { text.removeFirst() }
        let lines = try Self.records(text)
        guard let first = lines.first else {
            throw Problem(description: "it is empty; its first line names the columns")
        }
        // The table of failed rows has its reasons in a column of its own.
        for name in first where !Self.columns.contains(name) && name != "error" {
            throw Problem(
                description:
                    "there is no column \"\(name)\"; there are \(Self.columns.joined(separator: ", "))"
            )
        }
        guard Set(first).count == first.count else { throw Problem(description: "a column is there twice") }
        guard first.contains("customer") else {
            throw Problem(description: "the column \"customer\" is missing")
        }
        guard lines.count - 1 <= Self.most else {
            throw Problem(description: "it has more than \(Self.most) rows; split it")
        }
        head = first
        var rows: [Row] = []
        for (number, cells) in lines.dropFirst().enumerated() {
            guard cells.count == first.count else {
                throw Problem(description: "row \(number + 2) has \(cells.count) cells, not \(first.count)")
            }
            rows.append(Dictionary(zip(first, cells).filter { !$0.1.isEmpty }) { first, _ in first })
        }
        self.rows = rows
    }

    /// The same table with `failed` rows only, each with its reason.
    func text(of failed: [(row: Row, why: String)]) -> String {
        let names = head.filter { $0 != "error" }
        let lines = failed.map { row, why in names.map { Self.shown(row, $0) } + [why] }
        return ([names + ["error"]] + lines).map { $0.map(Self.quoted).joined(separator: ",") + "\r\n" }
            .joined()
    }

    /// A cell as it may stand in a file: what is no reference where one belongs may be the secret itself.
    private static func shown(_ row: Row, _ name: String) -> String {
        let text = row[name] ?? ""
        return name == "credential" && SecretReference(text) == nil ? "" : text
    }

    private static func quoted(_ cell: String) -> String {
        guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }

    private static func records(_ text: String) throws(Problem) -> [[String]] {
        var records: [[String]] = []
        var cells: [String] = []
        var cell = ""
        var isQuoted = false
        var wasQuoted = false
        var rest = Substring(text)
        while let character = rest.popFirst() {
            if isQuoted {
                if character == "\"" {
                    if rest.first == "\"" {
                        cell.append("\"")
                        rest.removeFirst()
                    } else {
                        isQuoted = false
                    }
                } else {
                    cell.append(character)
                }
                continue
            }
            switch character {
            case "\"" where cell.isEmpty && !wasQuoted: (isQuoted, wasQuoted) = (true, true)
            case ",":
                cells.append(cell)
                (cell, wasQuoted) = ("", false)
            case _ where character.isNewline:
                if !cells.isEmpty || !cell.isEmpty || wasQuoted { records.append(cells + [cell]) }
                (cells, cell, wasQuoted) = ([], "", false)
            default:
                guard !wasQuoted else { throw Problem(description: "text stands behind a closing quote") }
                cell.append(character)
            }
        }
        guard !isQuoted else { throw Problem(description: "a quote is opened and never closed") }
        if !cells.isEmpty || !cell.isEmpty { records.append(cells + [cell]) }
        return records
    }
}
